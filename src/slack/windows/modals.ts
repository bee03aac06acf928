import type { KnownBlock, ModalView } from '@slack/types'
import { viewButtons } from '../../card/buttons.ts'
import { cardContent } from '../../card/content.ts'
import { declaredIn, factsWith } from '../../card/declared.ts'
import { factsOf } from '../../card/facts.ts'
import { titleOf } from '../../card/titles.ts'
import type { RequestView } from '../../card/view.ts'
import type { WhoNow } from '../../card/whoNow.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import type { ViewOrigin } from '../../channels/origin.ts'
import { viewButtonBlocks } from '../card/buttons.ts'
import { titleBlock } from '../card/card.ts'
import { consequenceBlock } from '../card/consequence.ts'
import { actions, button, context, plain, preformatted } from '../text/blocks.ts'
import { contextOf } from '../text/spans.ts'
import { aroundBlocks, whoBlocks, whyBlocks } from './grounds.ts'
import { pagesOf, turningButtons } from './pages.ts'
import { shell } from './shell.ts'

/** The whole action, in pages, and everything known around it. What decides stands on the last page only. */
export function fullModal(view: RequestView, origin: ViewOrigin): ModalView {
  const facts = factsWith(view.request, declaredIn(view.request, view.rollbacks))
  const content = cardContent(view)
  const pages = pagesOf(facts.drawn.text)
  const page = Math.min(Math.max(origin.page, 0), pages.length - 1)
  const last = page === pages.length - 1
  const here = { ...origin, page }
  return {
    ...shell('Full request', here),
    callback_id: 'full',
    blocks: [
      titleBlock(titleOf(view.request, facts, view.held)),
      consequenceBlock(content.consequence, view.people),
      context(plain(`Page ${page + 1} of ${pages.length} · ${view.request.id}`)),
      ...(pages[page] ?? []).map(preformatted),
      ...(content.oddities.length > 0 ? [contextOf(view.people, ...content.oddities)] : []),
      ...(last ? aroundBlocks(view) : []),
      ...(last && content.onApproval ? [contextOf(view.people, content.onApproval)] : []),
      ...turning(page, pages.length),
      ...(last ? viewButtonBlocks(buttonValue(here), viewButtons(view.request, facts, view.held)) : []),
      ...(last ? [actions('history', [button('view_history', 'History', buttonValue(here))])] : []),
    ],
  }
}

/** The number of pages that `fullModal` has for this request; what is shown with its rollback is on one. */
export function pageCount(request: Parameters<typeof factsOf>[0]): number {
  return pagesOf(factsOf(request).drawn.text).length
}

/** The rules that fired and what they said. */
export function whyModal(view: RequestView, origin: ViewOrigin): ModalView {
  return { ...shell('Why am I asked?', origin), callback_id: 'note', blocks: whyBlocks(view) }
}

/** Whose agreement is needed, who gave it, and who may not decide. */
export function whoModal(view: RequestView, origin: ViewOrigin, now: WhoNow | null = null): ModalView {
  return { ...shell('Who can decide?', origin), callback_id: 'note', blocks: whoBlocks(view, now) }
}

function turning(page: number, pages: number): KnownBlock[] {
  const elements = turningButtons(page, pages)
  return elements.length > 0 ? [actions(`turn.${page}`, elements)] : []
}
