import type { Change } from '../approvals/change.ts'
import type { Store } from '../approvals/ports.ts'
import type { Json } from '../core/json.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Entry } from '../ledger/entry.ts'
import type { Instruments } from './instruments.ts'
import { labelValues } from './labels.ts'

/**
 * The store, with what its commits mean counted: each change once, on the replica that committed it, when the commit has
 * said that it is durable. What became of a commit whose answer was lost is not known, so nothing of it is counted.
 */
export function countCommits(store: Store, count: Instruments): Store {
  return {
    ...store,
    async commit(change) {
      const ended = count.commitSeconds.startTimer()
      try {
        const committed = await store.commit(change)
        ended({ outcome: committed })
        if (committed === 'applied') countApplied(change, count)
        return committed
      } catch (fault) {
        ended({ outcome: 'failed' })
        throw fault
      }
    },
  }
}

function countApplied({ entries, request, members = [] }: Change, count: Instruments): void {
  for (const { entry } of entries) {
    count.entries.inc({ type: entry.type })
    const own = members.find(({ next }) => next.id === entry.request) ?? request
    if (own) countOfRequest(entry, own.next, count)
  }
}

/** The entries say what happened; the record, how it stands after that. */
function countOfRequest({ type, actor, data }: Entry, next: ActionRequest, count: Instruments): void {
  if (type === 'request.submitted') {
    count.requests.inc({ verdict: next.verdict.kind })
    if (data.owner_left === true) count.ownerless.inc()
    if (next.state === 'pending') count.states.inc({ state: 'pending', by: actor.kind })
  }
  if (next.preview && (type === 'preview.made' || type === 'preview.missed'))
    count.previews.inc({ outcome: next.preview.kind === 'made' ? 'made' : next.preview.why })
  if (type === 'execution.deviated')
    for (const kind of labelValues.kind) if (isAmong(data.kinds, kind)) count.deviations.inc({ kind })
  if (type === 'execution.reported' && data.moved_to === next.state)
    count.states.inc({ state: next.state, by: actor.kind })
  if (!settlements.some((one) => one === type)) return
  count.states.inc({ state: next.state, by: actor.kind })
  if (actor.kind === 'person') count.decisionSeconds.observe({ outcome: next.state }, secondsToSettle(next))
}

function isAmong(all: Json | undefined, one: string): boolean {
  return Array.isArray(all) && all.includes(one)
}

/** The entries that end a request's wait. */
const settlements = [
  'request.approved',
  'request.denied',
  'request.narrowed',
  'request.expired',
  'request.cancelled',
] as const

function secondsToSettle({ createdAt, settledAt }: ActionRequest): number {
  return settledAt === null ? 0 : Math.max(0, Date.parse(settledAt) - Date.parse(createdAt)) / 1_000
}
