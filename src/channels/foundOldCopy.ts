import type { MessageAt } from '../approvals/job.ts'
import type { Store } from '../approvals/ports.ts'
import type { Card } from '../approvals/records.ts'
import type { Text } from '../card/span.ts'
import type { ActionRequest } from '../core/request.ts'
import { OldCard } from './oldCard.ts'

/** Where the card on record is, in words for whoever pressed a copy of it. */
export type CardPointer = (known: {
  readonly request: ActionRequest
  readonly cards: readonly Card[]
}) => Promise<Text | null>

/**
 * A copy of a card that is not the one on record was pressed: its correction is asked for, durably, so that neither a
 * refusal of the channel's nor our end leaves its buttons there. Resolves to what whoever pressed is told.
 */
export async function foundOldCopy(
  store: Store,
  id: string,
  { copy, pointTo }: { readonly copy: MessageAt; readonly pointTo: CardPointer },
): Promise<OldCard> {
  await store.commit({ entries: [], jobs: [{ task: 'correct', request: id, ...copy }] })
  const [request, cards] = await Promise.all([store.request(id), store.cards(id)])
  const where = request && (await pointTo({ request, cards }))
  return new OldCard('a click on a message that is not the card on record', where)
}
