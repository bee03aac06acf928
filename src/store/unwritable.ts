import type { Change } from '../approvals/change.ts'
import type { Store } from '../approvals/ports.ts'
import { Refusal } from '../core/refusal.ts'
import type { Log } from './log.ts'
import { RefusedWrite } from './sendBatch.ts'

/**
 * `commit`, where a change that cannot be recorded is a refusal of its own: its entry is too large for a leaf, or the
 * database does not take it or what belongs to it, although the database is well. Nothing of the change was written
 * (threats: cannot-write). The log says loudly which entry it was: repeating the call helps nobody until somebody has
 * looked.
 */
export function sortUnwritable(commit: Store['commit'], log: Pick<Log, 'error'>): Store['commit'] {
  return async (change) => {
    try {
      return await commit(change)
    } catch (error) {
      const refusal = unwritableIn(error)
      if (!refusal) throw error
      const state = error instanceof RefusedWrite ? error.code : null
      const facts = { ...entriesOf(change), state, detail: refusal.message }
      log.error(facts, 'an entry could not be written, so what it records did not happen')
      throw refusal
    }
  }
}

/** Null for everything else: the database's troubles, and bugs. */
function unwritableIn(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (!(error instanceof RefusedWrite)) return null
  return new Refusal('entry_unwritable', error.message)
}

function entriesOf({ entries }: Change) {
  const [first] = entries
  return { requestId: first?.entry.request ?? null, entries: entries.map(({ entry }) => entry.type) }
}
