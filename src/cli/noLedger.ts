import { TreeFault } from '../approvals/ledger/ledgerStore.ts'
import type { Config } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'

/** There is nothing to read. `done`: what the database was to be, as the end of a sentence. */
export function noLedger({ databaseUrl }: Pick<Config, 'databaseUrl'>, done: string): StartFault {
  return new StartFault({
    problem: databaseUrl
      ? 'That database has no ledger: no server of this version was ever started on it.'
      : 'No server is running on this data directory, and DATABASE_URL names no other database.',
    fix: `Start the server (countersign start), or set DATABASE_URL to the database that ${done}.`,
  })
}

/** No evidence and no report is made of a record that does not verify. Everything else is thrown as it is. */
export function refuseBroken(what: 'evidence' | 'report'): (fault: unknown) => never {
  return (fault) => {
    if (!(fault instanceof TreeFault)) throw fault
    throw new StartFault({
      problem: `The record is not what was sealed, so no ${what} was made of it: ${fault.message}.`,
      fix: 'Run "countersign audit verify", which says the first thing that is wrong; keep the database as it is.',
      cause: fault,
    })
  }
}
