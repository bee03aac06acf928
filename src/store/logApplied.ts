import type { Change } from '../approvals/change.ts'
import type { Store } from '../approvals/ports.ts'
import { logLineOf } from '../ledger/logLine.ts'
import type { Log } from './log.ts'

/**
 * `commit`, which tells the log of every entry that was written, once, on the replica that wrote it: who asked, what was
 * decided, by whom, through what. Whoever loses a race or comes twice wrote nothing, and nothing is said of it.
 */
export function logApplied(commit: Store['commit'], log: Pick<Log, 'info'>): Store['commit'] {
  return async (change) => {
    const committed = await commit(change)
    if (committed === 'applied') tell(change, log)
    return committed
  }
}

function tell({ entries, request, members = [] }: Change, log: Pick<Log, 'info'>): void {
  for (const { entry } of entries) {
    const own = [...(request ? [request] : []), ...members].find(({ next }) => next.id === entry.request)
    const state = own ? own.next.state : null
    const { message, facts } = logLineOf(entry, state)
    log.info(facts, message)
  }
}
