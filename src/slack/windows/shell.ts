import type { ModalView, PlainTextElement } from '@slack/types'
import type { ButtonValue } from '../card/buttonValue.ts'
import { mrkdwn, plain, section } from '../text/blocks.ts'

/** Where a view came from, kept in its `private_metadata`: ours, and signed by Slack when it comes back. */
export interface ViewOrigin extends ButtonValue {
  readonly page: number
  /** Home is published again after a decision that began there. */
  readonly from: 'card' | 'list' | 'home'
  /** Address of the people whom the window offers to bring in, so that it is those or nobody. */
  readonly to?: string | undefined
  /** Whether what a target says that it would touch was there to be shown: it may have come since. */
  readonly preview?: boolean | undefined
  /** Of a window that has shown what would be left of an action: its digest. */
  readonly left?: string | undefined
}

/** What every window about a request begins with. */
export function shell(title: string, origin: ViewOrigin) {
  return {
    type: 'modal' as const,
    title: label(title),
    close: label('Close'),
    private_metadata: JSON.stringify({
      request: origin.request,
      card: origin.card,
      page: origin.page,
      from: origin.from,
      to: origin.to,
      preview: origin.preview,
      left: origin.left,
      together: origin.together,
      note: origin.note,
    }),
  }
}

/** Titles and buttons of windows: at most 24 characters. */
export function label(text: string): PlainTextElement {
  return plain(text, 24)
}

/** One message of ours: a result, a refusal, or that we are still looking. `text` is mrkdwn of our own making. */
export function noteModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    callback_id: 'note',
    title: label(title),
    close: label('Close'),
    blocks: [section(mrkdwn(text))],
  }
}
