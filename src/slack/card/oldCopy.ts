import type { KnownBlock } from '@slack/types'
import { isDirect } from '../../approvals/cards/refresh.ts'
import type { Card } from '../../approvals/records.ts'
import { oldCopyContent } from '../../card/oldCopy.ts'
import type { ActionRequest } from '../../core/request.ts'
import { type Place, placeOf } from '../place.ts'
import { context, mrkdwn } from '../text/blocks.ts'
import { mrkdwnOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** The words of the link to the card on record. */
export const cardIsHere = 'The card is here.'

/** What stands in the place of an old copy. */
export function oldCopy(id: string, link: string | null): CardMessage {
  const where = link ?? `See \`/approvals show ${id}\`.`
  const says = `${mrkdwnOf(new Map(), oldCopyContent(id))} ${where}`
  const blocks: KnownBlock[] = [context(mrkdwn(says))]
  return { text: says, blocks }
}

/** Of the card on record, in the same conversation if there is one, never of one that was sent to somebody else. */
export function placeToShow(
  known: { readonly request: ActionRequest; readonly cards: readonly Card[] },
  at: Place,
): Place | null {
  const cards = known.cards.filter((card) => card.status === 'posted')
  const open = cards.filter((card) => !isDirect(known.request, card))
  const places = [...open, ...cards.filter((card) => placeOf(card)?.channel === at.channel)].map(
    (card: Card) => placeOf(card),
  )
  return places.findLast((one) => one?.channel === at.channel) ?? places.at(-1) ?? null
}
