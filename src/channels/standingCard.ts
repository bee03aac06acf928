import type { MessageAt } from '../approvals/job.ts'
import type { Store } from '../approvals/ports.ts'
import type { Card } from '../approvals/records.ts'
import { Refusal } from '../core/refusal.ts'
import { carrierOf } from '../core/set.ts'
import { resultWithin } from '../lifetime/limit.ts'
import type { ButtonValue } from './buttonValue.ts'

/** What a button turned out to stand on. */
export type Standing =
  | { readonly kind: 'card'; readonly card: Card }
  /** A message of ours that is not, or no longer, the card of its request. It decides nothing, and may be corrected. */
  | { readonly kind: 'old copy'; readonly request: string }

/** The card that a button names, as it was a moment ago, and the request that it names. */
export interface NamedCard {
  readonly request: string
  readonly card: Card | null
}

/** A line of a card that lists several requests stands on the card of the one that carries it. */
export async function cardNamed(store: Store, { request, card }: ButtonValue): Promise<NamedCard> {
  const named = card === null ? null : await store.card(card)
  if (!named || named.request === request) return { request, card: named }
  const line = await store.request(request)
  return { request: line && carrierOf(line) === named.request ? named.request : request, card: named }
}

/** Where cards are on record, and for how many milliseconds a posting that is not there yet is waited for. */
export interface Records {
  readonly store: Store
  readonly patience: number
}

/** Where a button was pressed, as the channel says. */
export interface PressedAt {
  /** The message, by the address of its conversation. */
  readonly at: MessageAt
  /** The same as a card of this conversation would have it on record, if one of it can stand there; null if none can. */
  readonly in: (conversation: string) => MessageAt | null
  /** Whether this card, which is on record, stands there. */
  readonly holds: (card: Card) => boolean
}

/** A watcher wakes and does not inform, and not always: whoever waits looks from time to time. */
const lookEvery = 1_000

/**
 * The card that a button stands on: the card the button names, of the request it names, at the message where it was
 * pressed. Anything else did not come from what we posted (threats: foreign-payload, confused-ids), unless it is a copy
 * whose own posting was never recorded, or that another one replaced (threats: double-post). A card that appeared a
 * moment ago is waited for (threats: fast-click).
 *
 * @throws Refusal `foreign_payload`, and `card_unrecorded` when the posting does not get on record
 */
export async function standingCard(
  records: Records,
  { request, card: named }: NamedCard,
  pressed: PressedAt,
): Promise<Standing> {
  const { store } = records
  if (named && named.request !== request)
    throw new Refusal('foreign_payload', 'a button that names the card of another request')
  const card = named && isUnrecorded(named, pressed) ? await recorded(records, named) : named
  if (card && isUnrecorded(card, pressed))
    throw new Refusal('card_unrecorded', 'a click on a card whose posting is not on record')
  if (card?.status === 'posted' && pressed.holds(card)) return { kind: 'card', card }
  // A message at which another card stands is no old copy: somebody made this up.
  const other = await store.cardAt(pressed.at.conversation, pressed.at.message)
  if ((other && other.id !== card?.id) || !(await store.request(request)))
    throw new Refusal('foreign_payload', 'a button on the message of another card, or of no request')
  return { kind: 'old copy', request: request }
}

/** The message that was pressed, as the card that its button names would record it if it can stand there. */
export function messagePressed({ card }: NamedCard, pressed: PressedAt): MessageAt {
  return (card && pressed.in(card.conversation)) ?? pressed.at
}

function isUnrecorded(card: Card, pressed: PressedAt): boolean {
  return card.status === 'posting' && pressed.in(card.conversation) !== null
}

/** The card when its posting is on record, or it was given up; as it is now when that takes too long. */
async function recorded({ store, patience }: Records, card: Card): Promise<Card> {
  let wake = () => {}
  const stop = store.watch(card.request, () => wake())
  const began = performance.now()
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const now = (await store.card(card.id)) ?? card
      const left = patience - (performance.now() - began)
      if (now.status !== 'posting' || left <= 0) return now
      await resultWithin(woken, Math.min(lookEvery, left))
    }
  } finally {
    stop()
  }
}
