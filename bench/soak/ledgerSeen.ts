import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import type { KeptCheckpoint } from '../../src/ledger/keptHeads.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
import type { LedgerSeen } from './evidence.ts'
import { waitingIn } from './gather.ts'
import type { Database } from './world/database.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** The whole ledger is computed again, as an auditor does, and held against every checkpoint that left the house. */
export async function ledgerIn(database: Database, anchors: string): Promise<LedgerSeen> {
  const waiting = await waitingIn(database)
  const kept = checkpointsIn(anchors)
  const verified = await withKeptLedger({ databaseUrl: database.migrateUrl, log: quiet }, async (ledger) =>
    ledger ? verifyLedger(ledger, { kept, key: null, progress: () => undefined }) : null,
  )
  return {
    size: verified?.size ?? 0,
    wrong: verified ? verified.wrong && JSON.stringify(verified.wrong) : 'there is no ledger',
    anchored: kept.length,
    waiting,
  }
}

function checkpointsIn(directory: string): readonly KeptCheckpoint[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.checkpoint'))
    .map((from) => {
      const checkpoint = readCheckpoint(readFileSync(join(directory, from), 'utf8'))
      if (!checkpoint) throw new Error(`${from} left the house and is no checkpoint`)
      return { from, checkpoint }
    })
}
