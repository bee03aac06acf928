import type { ReadPorts } from '../approvals/ports.ts'
import { heldOf } from '../approvals/stops/held.ts'
import type { ActionRequest, AnyRequest } from '../core/request.ts'
import { canHaveRollbacks } from '../core/rollback.ts'
import type { Held } from '../core/stop.ts'
import type { Place } from '../ledger/place.ts'

/** What is shown with a request and does not stand in it. */
export interface Around {
  /** The stop that holds it. */
  readonly held: Held | null
  /** What undoes it, in the order in which it was asked for. */
  readonly rollbacks: readonly Pick<ActionRequest, 'id' | 'state'>[]
  /** Of one that an approver narrowed: what is asked instead. Left out of all others. */
  readonly narrowedTo?: ActionRequest
  /** Where it stands in the ledger; null before the ledger has begun. Left out where it is not shown. */
  readonly place?: Place | null
}

export const nothingAround: Around = { held: null, rollbacks: [] }

/** For each of these requests, in their order; with two readings at most, and none where nothing can have been undone or was narrowed. */
export async function aroundEach(
  ports: Pick<ReadPorts, 'store' | 'stops'>,
  requests: readonly AnyRequest[],
): Promise<readonly Around[]> {
  const ids = requests.filter(canHaveRollbacks).map(({ id }) => id)
  const rollbacks = ids.length === 0 ? [] : await ports.store.rollbacksOf(ids)
  const less = requests.flatMap(({ narrowed }) => narrowed?.to ?? [])
  const narrowedTo = less.length === 0 ? [] : await ports.store.requestsOf(less)
  return Promise.all(
    requests.map(async (one) => {
      const left = narrowedTo.find(({ id }) => id === one.narrowed?.to)
      return {
        held: await heldOf(ports, one),
        rollbacks: rollbacks.filter(({ rollsBack }) => rollsBack === one.id),
        ...(left && { narrowedTo: left }),
      }
    }),
  )
}

export async function aroundOf(
  ports: Pick<ReadPorts, 'store' | 'stops'>,
  request: AnyRequest,
): Promise<Around> {
  const [around = nothingAround] = await aroundEach(ports, [request])
  return around
}
