import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import type { KeptCheckpoint } from '../../src/ledger/keptHeads.ts'
import type { NoteKey } from '../../src/ledger/note.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
import { type opened, silent } from './opened.ts'

/** What `audit verify` finds in a database. */
export function verify(
  { databaseUrl }: Pick<Awaited<ReturnType<typeof opened>>, 'databaseUrl'>,
  kept: readonly KeptCheckpoint[] = [],
  key: NoteKey | null = null,
) {
  return withKeptLedger({ databaseUrl, log: silent }, async (ledger) => {
    if (!ledger) throw new Error('there is one')
    return verifyLedger(ledger, { kept, key, progress: () => undefined })
  })
}

/** The id of the entry at an index, for a statement. */
export const byIndex = (index: number) => `(SELECT entry_id FROM ledger_leaves WHERE index = ${index})`
