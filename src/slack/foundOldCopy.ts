import type { MessageAt } from '../approvals/job.ts'
import type { Desk } from './desk.ts'
import { OldCard } from './oldCard.ts'
import { cardIsHere, placeToShow } from './oldCopy.ts'
import { linkTo } from './permalink.ts'
import type { Place } from './place.ts'

/**
 * A copy of a card that is not the one on record was clicked: its correction is asked for, durably, so that neither a
 * refusal of Slack's nor our end leaves its buttons there. Resolves to what the clicker is told.
 */
export async function foundOldCopy(
  desk: Desk,
  id: string,
  found: { readonly copy: MessageAt; readonly at: Place },
): Promise<OldCard> {
  const { store } = desk.ports
  await store.commit({ lines: [], jobs: [{ task: 'correct', request: id, ...found.copy }] })
  const [request, cards] = await Promise.all([store.request(id), store.cards(id)])
  const place = request && placeToShow({ request, cards }, found.at)
  const link = place && (await linkTo(desk.clicks, place, cardIsHere))
  return new OldCard('a click on a message that is not the card on record', link)
}
