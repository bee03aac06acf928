import { usableUntil } from '../../core/grant.ts'
import { outcomeOf } from '../../core/outcome.ts'
import type { ActionRequest } from '../../core/request.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { dueSince, usableFrom } from '../rollbacks/due.ts'
import { ending, settled } from '../settle.ts'

/**
 * What people approved lapses when nobody used it in time: no grant was asked for, or the one that was minted has ended. A job of the
 * release does it; where a grant was minted since, it looks again when that ends. What policy allowed by itself has no such job, and
 * nor has what an earlier version released: whoever asks for a grant or redeems one is judged by the times all the same (threats:
 * checked-at-use).
 */
export async function lapseUnredeemed(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (request?.state !== 'approved') return
  const at = await timeOf(ports, request)
  if (at === null) return
  if (ports.clock().toISOString() < at) {
    await ports.store.commit({ entries: [], jobs: [{ task: 'unredeemed', request: id, at }] })
    return
  }
  const next = lapsed(ports, request)
  const entry = requestEntry(ports, next, {
    type: 'request.lapsed',
    actor: { kind: 'system', id: 'deadline', via: 'clock' },
    data: { outcome: outcomeOf(next), grant: request.grant?.id ?? null, use_by: at },
  })
  const committed = await ports.store.commit(ending(request, next, entry))
  // Beaten by a grant, a redemption or a revocation: what that made of it is looked at anew.
  if (committed !== 'applied') await lapseUnredeemed(ports, id)
}

/** Null for a declared rollback of what has not run: its time begins then, and a job of that end looks at it. */
async function timeOf({ store }: Ports, request: ActionRequest): Promise<string | null> {
  const { set, rollsBack, grant } = request
  if (!set || rollsBack === undefined || grant) return usableUntil(request)
  const first = await store.request(rollsBack)
  return first && dueSince(request, first) !== null ? usableFrom(request, first) : null
}

function lapsed(ports: Ports, request: ActionRequest): ActionRequest {
  const outcome = request.grant ? 'Its grant was not redeemed in time.' : 'No grant was asked for in time.'
  return settled(ports, request, { move: 'lapse', outcome })
}
