import type { ActionRequest } from '../../core/request.ts'
import type { Change } from '../change.ts'
import type { Ports, Store } from '../ports.ts'
import { type Moved, withFirst } from './withFirst.ts'

type SetPorts = Pick<Ports, 'ids' | 'clock' | 'workspace' | 'policy'>

/**
 * The store, where each change that moves a request with a declared rollback moves that, too (docs/rollbacks.md): what is voted on the one
 * counts for both, and what ends the one ends the other, in the same commit. So nothing can move one and leave the other, and no verb has to
 * think of it. What is in no set, which is nearly everything, is passed on as it came.
 */
export function keptTogether(store: Store, ports: SetPorts): Store {
  return {
    ...store,
    async commit(change) {
      const next = change.request?.next
      const isFirst = next?.set !== undefined && next.rollsBack === undefined
      if (!next || !isFirst || change.request?.expected === null) return store.commit(change)
      const rollback = await openRollback(store, next)
      const moved = rollback && (await withFirst({ ...ports, store }, { first: next, rollback, change }))
      // It is judged by the policy that judged the first, or nothing is written.
      if (moved?.judgedBy !== undefined && moved.judgedBy !== change.judgedBy) return 'outdated'
      return store.commit(moved ? together(change, moved) : change)
    },
  }
}

async function openRollback(
  store: Pick<Store, 'rollbacksOf'>,
  { id, set }: ActionRequest,
): Promise<ActionRequest | null> {
  const found = (await store.rollbacksOf([id])).find((one) => one.set?.id === set?.id)
  return found && (found.state === 'pending' || found.state === 'approved') ? found : null
}

function together(change: Change, { put, entries, jobs, dropJobs, budgetReads = [] }: Moved): Change {
  return {
    ...change,
    ...(put && { members: [put] }),
    ...(budgetReads.length > 0 && { budgetReads: [...(change.budgetReads ?? []), ...budgetReads] }),
    entries: [...change.entries, ...entries],
    jobs: [...(change.jobs ?? []), ...jobs],
    dropJobs: [...(change.dropJobs ?? []), ...dropJobs],
  }
}
