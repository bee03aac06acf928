import type { Pool, PoolClient } from 'pg'
import { TreeFault } from '../../approvals/ledger/ledgerStore.ts'
import type { LedgerResumption, NextName } from '../../approvals/ledger/resume/ledgerResumption.ts'
import { firstNameOf } from '../../ledger/origins.ts'
import { batchOf, prepare } from '../batch.ts'
import { commitLock } from '../migrate.ts'
import { unavailableIn } from '../unavailable.ts'
import { edgeOf, inTransaction, write } from './ledgerOn.ts'
import { type HeadRow, headColumns, headOf, readLedger } from './readLedger.ts'

/** The `LedgerResumption` port on PostgreSQL. */
export function resumptionOn(pool: Pool): LedgerResumption {
  return {
    current: () =>
      told(async () => {
        const found = await readLedger(pool)
        return found && { ...found, first: firstNameOf(found.head.origin) }
      }),
    goOn: (next) =>
      told(() => inTransaction(pool, (client) => goOn(client, next))).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Meanwhile) return false
          throw error
        },
      ),
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unavailableIn(error) ?? error
  }
}

/** The head is not the one that was read: the transaction is rolled back. */
class Meanwhile extends Error {}

async function goOn(client: PoolClient, { from, key, checkpoint, entry, seal }: NextName): Promise<void> {
  // The order of locks is that of commits and sealing: the commit's own first, then the head.
  await client.query(`SELECT pg_advisory_xact_lock(${commitLock})`)
  const heads = await client.query<HeadRow>(`SELECT ${headColumns} FROM ledger_head FOR UPDATE`)
  const head = heads.rows[0] && headOf(heads.rows[0])
  if (!head || head.version !== from.version || !head.root.equals(from.root)) throw new Meanwhile()
  await client.query(
    `INSERT INTO ledger_keys (id, origin, public_key, sealed, created_at) VALUES ($1, $2, $3, $4, clock_timestamp())`,
    [key.id, key.origin, key.publicKey, key.sealed],
  )
  const { rows } = await client.query<HeadRow>(
    `UPDATE ledger_head SET version = version + 1, origin = $1, checkpoint = $2, signed_at = clock_timestamp()
     RETURNING ${headColumns}`,
    [key.origin, checkpoint],
  )
  const renamed = rows[0] && headOf(rows[0])
  if (!renamed) throw new Meanwhile()
  // Under its next name, because nothing may be written under the one that is behind.
  await client.query('SELECT n, outcome FROM countersign_commit($1::jsonb)', [
    batchOf([prepare({ entries: [entry] })]).text,
  ])
  const its = await client.query<{ position: string; text: string }>(
    'SELECT position, text FROM entries WHERE id = $1',
    [entry.entry.id],
  )
  const waiting = its.rows.map(({ position, text }) => ({ position: Number(position), text }))
  if (waiting.length !== 1) throw new TreeFault('the entry was not recorded')
  await write(
    client,
    renamed.version,
    seal({ head: renamed, edge: await edgeOf(client, renamed.size), waiting }),
  )
}
