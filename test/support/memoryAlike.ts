import type { Change, Put } from '../../src/approvals/change.ts'
import type { StoreReader } from '../../src/approvals/ports.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { carrierOf, mostAlike } from '../../src/core/set.ts'
import type { Tables } from './memoryTables.ts'

/** What the store in memory knows of requests that ask the same. */
export function alikeReads(tables: Tables): Pick<StoreReader, 'alikeOn'> {
  return { alikeOn: async (carrier) => structuredClone(alikeIn(tables, carrier)) }
}

/** The request as it is written: on the card of one that waits and was asked with the same, where there is room and nobody has said anything. */
export function onItsCard(
  tables: Tables,
  { ask, request }: Change,
  { expected, next }: Put<ActionRequest>,
): ActionRequest {
  if (ask === undefined || expected !== null || next.id !== request?.next.id) {
    const { alike } = tables.requests.get(next.id) ?? {}
    return alike ? { ...next, alike } : next
  }
  const waiting = [...tables.requests.values()].filter(
    (one) => one.state === 'pending' && one.agent.id === next.agent.id && tables.asks.get(one.id) === ask,
  )
  tables.asks.set(next.id, ask)
  const cards = [...new Set(waiting.map(carrierOf))].sort().toReversed()
  for (const card of cards) {
    const others = alikeIn(tables, card)
    const all = [tables.requests.get(card), ...others]
    const line = (others.at(-1)?.alike?.line ?? 1) + 1
    if (line <= mostAlike && all.every((one) => !one?.notes)) return { ...next, alike: { card, line } }
  }
  return next
}

export function alikeIn(tables: Tables, carrier: string): readonly ActionRequest[] {
  return [...tables.requests.values()]
    .filter(({ alike }) => alike?.card === carrier)
    .sort((one, other) => (one.alike?.line ?? 0) - (other.alike?.line ?? 0))
}
