import type { ModalView, PlainTextElement } from '@slack/types'
import { originText, type ViewOrigin } from '../../channels/origin.ts'
import { mrkdwn, plain, section } from '../text/blocks.ts'

/** What every window about a request begins with. */
export function shell(title: string, origin: ViewOrigin) {
  return {
    type: 'modal' as const,
    title: label(title),
    close: label('Close'),
    private_metadata: originText(origin),
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
