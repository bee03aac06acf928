import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { hasRun, isLive } from '../../core/rollback.ts'
import type { Change } from '../change.ts'
import { showToAgent } from '../inspect.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { hasMovedOn, targetMovedOn, untouchedSince, versionRead } from './target.ts'

/**
 * What a submission undoes, where it says so: one of the same agent's requests that has run, is no rollback itself, and has no other
 * rollback that lives. To undo an undoing is to do the first again, which people have to see as that. Nobody is asked about
 * a rollback whose target has moved on already.
 *
 * @throws Refusal `unknown_request` (also for another agent's), `erased`, `nothing_to_undo`, `rollback_of_rollback`, `rollback_exists`,
 *   `target_moved_on`
 */
export async function firstOf(
  ports: Pick<Ports, 'store'>,
  agent: Agent,
  rollsBack: string | undefined,
): Promise<Undone | null> {
  if (rollsBack === undefined) return null
  const first = await showToAgent(ports, rollsBack, agent)
  if (first.erased) throw new Refusal('erased', 'a rollback of what was erased')
  if (first.rollsBack !== undefined)
    throw new Refusal('rollback_of_rollback', 'a rollback of what is a rollback itself')
  if (!hasRun(first)) throw new Refusal('nothing_to_undo', `a rollback of a request that is ${first.state}`)
  const others = await ports.store.rollbacksOf([first.id])
  if (others.some(isLive)) throw new Refusal('rollback_exists', 'a second rollback of one request')
  if (await hasMovedOn(ports, untouchedSince(first))) throw targetMovedOn()
  return { first, others }
}

/** What a submission undoes, and what was asked before to undo it, as they were read. */
interface Undone {
  readonly first: ActionRequest
  readonly others: readonly ActionRequest[]
}

/**
 * For the commit: the first is as it was read, nobody else undoes it, and nobody has said since of what was given up that it has undone it
 * after all (threats: undone-twice).
 */
export function undoing(undone: Undone | null): Pick<Change, 'requestsRead'> {
  return undone ? { requestsRead: [undone.first, ...undone.others].map(versionRead) } : {}
}
