import type { MessageAt } from '../../approvals/job.ts'
import { cardIsHere, placeToShow } from '../card/oldCopy.ts'
import type { SlackContext } from '../context.ts'
import { linkTo } from '../outbound/permalink.ts'
import type { Place } from '../place.ts'
import { OldCard } from '../text/oldCard.ts'

/**
 * A copy of a card that is not the one on record was clicked: its correction is asked for, durably, so that neither a
 * refusal of Slack's nor our end leaves its buttons there. Resolves to what the clicker is told.
 */
export async function foundOldCopy(
  slack: SlackContext,
  id: string,
  found: { readonly copy: MessageAt; readonly at: Place },
): Promise<OldCard> {
  const { store } = slack.ports
  await store.commit({ entries: [], jobs: [{ task: 'correct', request: id, ...found.copy }] })
  const [request, cards] = await Promise.all([store.request(id), store.cards(id)])
  const place = request && placeToShow({ request, cards }, found.at)
  const link = place && (await linkTo(slack.clicks, place, cardIsHere))
  return new OldCard('a click on a message that is not the card on record', link)
}
