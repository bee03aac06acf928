import type { LedgerHead } from '../../approvals/ledger/ledgerStore.ts'
import type { NoteKey } from '../../ledger/note.ts'
import { connect } from '../connect.ts'
import type { Log } from '../log.ts'
import { databaseFaultOf } from '../startFaults.ts'
import { readLedger } from './readLedger.ts'

/** How sealing stands. */
export interface SealingSeen {
  readonly head: LedgerHead
  readonly key: NoteKey
  /** Seconds since it was signed, by the clock of the database. */
  readonly signedAgo: number
  /** How many entries wait for their place, and for how many seconds the oldest of them has. */
  readonly waiting: number
  readonly waitsFor: number
}

/**
 * For whoever only looks. Null where no ledger was begun.
 *
 * @throws StoreFault as `connect` does
 */
export async function readSealing(databaseUrl: string, log: Log): Promise<SealingSeen | null> {
  const pool = await connect(databaseUrl, log)
  try {
    const has = await pool.query<{ has: boolean }>(`SELECT to_regclass('ledger_head') IS NOT NULL AS has`)
    const found = has.rows[0]?.has ? await readLedger(pool) : null
    if (!found) return null
    const { rows } = await pool.query<{ signedAgo: number; waiting: number; waitsFor: number }>(
      `SELECT extract(epoch FROM clock_timestamp() - signed_at)::float8 AS "signedAgo", waiting.count::float8 AS waiting,
         coalesce(extract(epoch FROM clock_timestamp() - waiting.since), 0)::float8 AS "waitsFor"
       FROM ledger_head, (SELECT count(*), min(ts) AS since FROM unsealed_entries LEFT JOIN entries USING (position)) AS waiting`,
    )
    const { signedAgo = 0, waiting = 0, waitsFor = 0 } = rows[0] ?? {}
    const key = { name: found.key.origin, publicKey: found.key.publicKey }
    return { head: found.head, key, signedAgo, waiting, waitsFor }
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    await pool.end()
  }
}
