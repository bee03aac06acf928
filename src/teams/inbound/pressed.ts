import type { Card } from '../../approvals/records.ts'
import type { ButtonValue } from '../../channels/buttonValue.ts'
import { type CardPointer, foundOldCopy } from '../../channels/foundOldCopy.ts'
import { OldCard } from '../../channels/oldCard.ts'
import {
  cardNamed,
  messagePressed,
  type PressedAt,
  type Standing,
  standingCard,
} from '../../channels/standingCard.ts'
import { Refusal } from '../../core/refusal.ts'
import { addressOf } from '../address.ts'
import type { TeamsContext } from '../context.ts'
import { fits, messageName, type Place, placeOf } from '../place.ts'
import { placeOf as placeIn } from './activities.ts'

interface Pressed {
  readonly conversation: { readonly id: string }
  readonly replyToId?: string | undefined
}

/** The message that carries what was pressed. @throws Refusal `foreign_payload` when there is none */
export function messageIn(activity: Pressed): Place {
  if (activity.replyToId === undefined || activity.replyToId === '')
    throw new Refusal('foreign_payload', 'a press on no message')
  return { conversation: placeIn(activity).conversation, id: activity.replyToId }
}

/** The same, as channels compare it with what is on record. */
function pressedAt(place: Place): PressedAt {
  return {
    at: { conversation: addressOf(place.conversation), message: place.id },
    in: (conversation) =>
      fits(conversation, place) ? { conversation, message: messageName(conversation, place) } : null,
    holds: (card) => {
      const at = placeOf(card)
      return at?.conversation === place.conversation && at.id === place.id
    },
  }
}

/** What a button stands on. Nothing is changed by looking. */
export async function foundAt(teams: TeamsContext, button: ButtonValue, place: Place): Promise<Standing> {
  const { store } = teams.ports
  const records = { store, patience: teams.slowAfter / 2 }
  return standingCard(records, await cardNamed(store, button), pressedAt(place))
}

/**
 * The posted card that was pressed. Which message that was is a client's word: what is drawn over as a copy is only what the record knows as the
 * card that the button names, or what can be the lost posting of it (threats: made-up-window).
 *
 * @throws Refusal when it is none, or another took its place
 */
export async function cardAt(teams: TeamsContext, button: ButtonValue, place: Place): Promise<Card> {
  const found = await foundAt(teams, button, place)
  if (found.kind === 'card') return found.card
  const { store } = teams.ports
  const named = await cardNamed(store, button)
  const copy = messagePressed(named, pressedAt(place))
  const known = await store.cardAt(copy.conversation, copy.message)
  if (!named.card || (named.card.message !== null && known?.id !== named.card.id))
    throw new OldCard('a press on a message that the record does not know', null)
  throw await foundOldCopy(store, found.request, { copy, pointTo: nowhere })
}

/** Teams' clients open no message by a link of ours: the copy itself says where the card is. */
const nowhere: CardPointer = async () => null
