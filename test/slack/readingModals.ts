import type { ModalView } from '@slack/types'
import { fullContent } from '../../src/card/reading/full.ts'
import { whoContent, whyContent } from '../../src/card/reading/grounds.ts'
import { historyContent, type Story } from '../../src/card/reading/story.ts'
import type { RequestView } from '../../src/card/view.ts'
import { showing, type ViewOrigin } from '../../src/channels/origin.ts'
import { readingModal } from '../../src/slack/windows/reading.ts'

// The windows for reading as Slack draws them, of a view that a test has made.

export function fullModal(view: RequestView, origin: ViewOrigin): ModalView {
  const content = fullContent(view, origin.page)
  return readingModal({ choice: 'full', content, origin: { ...showing(view, origin), page: content.page } })
}

export function whyModal(view: RequestView, origin: ViewOrigin): ModalView {
  return readingModal({ choice: 'why', content: whyContent(view), origin })
}

export function whoModal(view: RequestView, origin: ViewOrigin): ModalView {
  return readingModal({ choice: 'who', content: whoContent(view), origin })
}

export function historyModal(story: Omit<Story, 'names'>, origin: ViewOrigin): ModalView {
  const content = historyContent({ ...story, names: new Map() }, origin.page)
  return readingModal({ choice: 'history', content, origin: { ...origin, page: content.page } })
}
