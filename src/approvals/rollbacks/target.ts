import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Untouched } from '../../core/rollback.ts'
import type { Change } from '../change.ts'
import type { Ports } from '../ports.ts'

/** What has to be so when a rollback of a request that has run takes effect. */
export function untouchedSince({ id, action }: ActionRequest): Untouched {
  return { first: id, resource: action.resource }
}

/** Whether something else has begun to change the resource since, by our own record. */
export async function hasMovedOn({ store }: Pick<Ports, 'store'>, untouched: Untouched): Promise<boolean> {
  return (await store.begunSince(untouched)).length > 0
}

/** Of a rollback about to take effect: what has run since on what it would undo, and what its commit has to name. Nothing of anything else. */
export async function targetNow(
  { store }: Pick<Ports, 'store'>,
  { rollsBack }: ActionRequest,
): Promise<{ readonly read: Pick<Change, 'untouched'>; readonly movedBy: readonly string[] }> {
  const first = rollsBack === undefined ? null : await store.request(rollsBack)
  if (!first) return { read: {}, movedBy: [] }
  const untouched = untouchedSince(first)
  return { read: { untouched }, movedBy: await store.begunSince(untouched) }
}

export function targetMovedOn(): Refusal {
  return new Refusal('target_moved_on', 'a rollback of what is not there any more')
}
