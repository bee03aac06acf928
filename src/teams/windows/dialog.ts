import type { ViewOrigin } from '../../channels/origin.ts'
import { originText } from '../../channels/origin.ts'
import type { AdaptiveCard, Element, SubmitAction } from '../card/elements.ts'

/** A window of ours. */
export interface Dialog {
  readonly title: string
  readonly card: AdaptiveCard
}

export function dialogOf(title: string, body: readonly Element[]): Dialog {
  const card: AdaptiveCard = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body,
    msteams: { width: 'Full' },
  }
  return { title, card }
}

/** Sends the window: to what `send` names, with where it came from. */
export function sending(title: string, send: string, origin: ViewOrigin): SubmitAction {
  return { type: 'Action.Submit', title, data: { send, origin: originText(origin) } }
}
