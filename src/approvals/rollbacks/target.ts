import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { hasUndone, type Untouched } from '../../core/rollback.ts'
import type { Change, VersionRead } from '../change.ts'
import type { Ports } from '../ports.ts'

/** What has to be so when a rollback of a request that has run takes effect. */
export function untouchedSince({ id, action }: ActionRequest): Untouched {
  return { first: id, resource: action.resource }
}

/** Whether something else has begun to change the resource since, by our own record. */
export async function hasMovedOn({ store }: Pick<Ports, 'store'>, untouched: Untouched): Promise<boolean> {
  return (await store.begunSince(untouched)).length > 0
}

/**
 * Of a rollback about to take effect: what has run since on what it would undo, or has undone it already, and what its commit has to name.
 * Another rollback that was given up as unreported may be reported as done at any moment. Nothing of anything else.
 */
export async function targetNow(
  { store }: Pick<Ports, 'store'>,
  { id, rollsBack }: ActionRequest,
): Promise<{
  readonly read: Pick<Change, 'untouched' | 'requestsRead'>
  readonly movedBy: readonly string[]
}> {
  const first = rollsBack === undefined ? null : await store.request(rollsBack)
  if (!first) return { read: {}, movedBy: [] }
  const untouched = untouchedSince(first)
  const others = (await store.rollbacksOf([first.id])).filter((one) => one.id !== id)
  const undone = others.filter(hasUndone).map((one) => one.id)
  return {
    read: { untouched, requestsRead: others.map(versionRead) },
    movedBy: [...undone, ...(await store.begunSince(untouched))],
  }
}

export function versionRead({ id, version }: ActionRequest): VersionRead {
  return { id, version }
}

export function targetMovedOn(): Refusal {
  return new Refusal('target_moved_on', 'a rollback of what is not there any more')
}
