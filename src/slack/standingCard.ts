import type { Card, Store } from '../approvals/ports.ts'
import { Refusal } from '../core/refusal.ts'
import type { ButtonValue } from './buttons.ts'

/** Where a button was pressed, as Slack says. */
export interface Container {
  readonly channel_id?: string | undefined
  readonly message_ts?: string | undefined
}

/**
 * The card that a button stands on: the card the button names, of the request it names, at the message where it was
 * pressed. Anything else did not come from what we posted (threats: foreign-payload, confused-ids). A card that another
 * one replaced is answered with the message it was found at, so that it can be corrected; it decides nothing.
 *
 * @throws Refusal `foreign_payload`, and `busy` while the posting is not yet on record
 */
export async function standingCard(store: Store, button: ButtonValue, at: Container): Promise<Card> {
  const card = button.card === null ? null : await store.card(button.card)
  const conversation = `slack:${at.channel_id ?? ''}`
  if (!card || card.request !== button.request || card.conversation !== conversation)
    throw new Refusal('foreign_payload', 'a button that belongs to no card of ours in that conversation')
  // The posting of a replaced card was never answered, so only the click says where it stands.
  if (card.status === 'replaced') return { ...card, message: card.message ?? at.message_ts ?? null }
  if (card.status === 'posting')
    throw new Refusal('busy', 'a click on a card whose posting is not on record yet')
  if (card.message !== at.message_ts)
    throw new Refusal('foreign_payload', 'a button on a message that is not its card')
  return card
}
