import type { Pool, PoolClient } from 'pg'
import {
  type Extended,
  type FirstHead,
  type LedgerHead,
  type LedgerKey,
  type LedgerStore,
  type SealedBatch,
  TreeFault,
  type Unsealed,
} from '../../approvals/ledger/ledgerStore.ts'
import { hashesOf, tileWidth } from '../../ledger/tile.ts'
import { functionsVersion } from '../functions.ts'
import type { Notifications } from '../notifications.ts'
import { sqlStateOf } from '../sqlState.ts'
import { unavailableIn } from '../unavailable.ts'
import { type HeadRow, headColumns, headOf, readLedger } from './readLedger.ts'

/** The `LedgerStore` port on PostgreSQL. */
export function ledgerOn(pool: Pool, notifications: Pick<Notifications, 'watchAll'>): LedgerStore {
  return {
    begin: (first) => told(() => begin(pool, first)),
    isDue: (signedAgoSeconds) => told(() => isDue(pool, signedAgoSeconds)),
    extend: (limit, seal) => told(() => inTransaction(pool, (client) => extend(client, limit, seal))),
    watch: (wake) => notifications.watchAll(wake),
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unavailableIn(error) ?? error
  }
}

async function begin(
  pool: Pool,
  first: () => FirstHead,
): Promise<{ readonly head: LedgerHead; readonly key: LedgerKey }> {
  const found = await readLedger(pool)
  if (found) return found
  const { key, head } = first()
  await pool.query(
    `WITH made AS (
       INSERT INTO ledger_head (version, origin, size, root, checkpoint, signed_at)
       SELECT 1, $2, 0, $5, $6, clock_timestamp()
       WHERE NOT EXISTS (SELECT FROM ledger_keys) AND NOT EXISTS (SELECT FROM ledger_leaves)
       ON CONFLICT DO NOTHING RETURNING origin
     )
     INSERT INTO ledger_keys (id, origin, public_key, sealed, created_at)
     SELECT $1, origin, $3, $4, clock_timestamp() FROM made`,
    [key.id, key.origin, key.publicKey, key.sealed, head.root, head.checkpoint],
  )
  const made = await readLedger(pool)
  if (!made)
    throw new TreeFault(
      'a part of the tree is gone: ledger_head, ledger_keys and ledger_leaves are there together or not at all',
    )
  return made
}

async function isDue(pool: Pool, signedAgoSeconds: number): Promise<boolean> {
  const { rows } = await pool.query<{ due: boolean }>(
    `SELECT EXISTS (SELECT FROM unsealed_entries)
       OR NOT EXISTS (SELECT FROM ledger_head WHERE signed_at >= clock_timestamp() - make_interval(secs => $1)) AS due`,
    [signedAgoSeconds],
  )
  return rows[0]?.due ?? true
}

/**
 * Whoever has the row of the head seals, and whoever finds it taken leaves it to them: it is given back by the end of the transaction,
 * so also when its process dies, or when the server loses patience with one that sleeps.
 */
async function extend(
  client: PoolClient,
  limit: number,
  seal: (found: Unsealed) => SealedBatch,
): Promise<Extended> {
  const heads = await client.query<HeadRow>(`SELECT ${headColumns} FROM ledger_head FOR UPDATE SKIP LOCKED`)
  const [row] = heads.rows
  if (!row) return { elsewhere: await versionOf(client) }
  const head = headOf(row)
  const batch = seal({ head, edge: await edgeOf(client, head.size), waiting: await waitingOf(client, limit) })
  await write(client, head.version, batch)
  return { sealed: batch.positions.length }
}

/** Writes a batch over the head of that version. @throws TreeFault when the database refuses what would stand there twice */
export async function write(client: PoolClient, version: number, batch: SealedBatch): Promise<void> {
  await client
    .query('SELECT countersign_seal($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      functionsVersion,
      version,
      batch.root,
      batch.checkpoint,
      batch.positions,
      batch.hashes,
      batch.nodes.map(({ level }) => level),
      batch.nodes.map(({ index }) => index),
      batch.nodes.map(({ hash }) => hash),
    ])
    .catch((error: unknown) => {
      throw constraint.test(sqlStateOf(error) ?? '')
        ? new TreeFault('the database refused to give an index, or an entry its place, twice', {
            cause: error,
          })
        : error
    })
}

/** What is locked by another is skipped as if it were not there: so whether it is there is asked without a lock. */
async function versionOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ version: number }>('SELECT version FROM ledger_head')
  if (!rows[0]) throw new TreeFault('the tree has no head: the row of ledger_head is gone')
  return rows[0].version
}

/** Integrity constraints, and triggers that raise as if they were one. */
const constraint = /^23/

/** One more of each level than can belong to its last tile is read, so that what stands beyond the head is seen. */
export async function edgeOf(client: PoolClient, size: number): Promise<Unsealed['edge']> {
  const levels = Array.from({ length: 8 }, (_, level) => level)
  const from = levels.map((level) => Math.floor(hashesOf(level, size) / tileWidth) * tileWidth)
  const { rows } = await client.query<{ level: number; index: string; hash: Buffer }>(
    `SELECT * FROM (
       SELECT 0 AS level, index, hash FROM ledger_leaves WHERE index >= ($2::bigint[])[1] ORDER BY index LIMIT $3
     ) AS leaves
     UNION ALL
     SELECT at.level, node.index, node.hash
     FROM unnest($1::integer[], $2::bigint[]) AS at (level, first),
       LATERAL (SELECT index, hash FROM ledger_nodes WHERE level = at.level AND index >= at.first ORDER BY index LIMIT $3) AS node
     ORDER BY level, index`,
    [levels, from, tileWidth],
  )
  return rows.map(({ level, index, hash }) => ({ level, index: Number(index), hash }))
}

/**
 * A scalar subquery and not a join, so that the texts are always found by their positions, however large the table is by now. An entry
 * that waits and is gone has no text, and so no leaf: that stops sealing.
 */
async function waitingOf(client: PoolClient, limit: number): Promise<Unsealed['waiting']> {
  const { rows } = await client.query<{ position: string; text: string | null }>(
    `SELECT position, (SELECT text FROM entries WHERE entries.position = waits.position) AS text
     FROM unsealed_entries AS waits ORDER BY position LIMIT $1`,
    [limit],
  )
  return rows.map(({ position, text }) => ({ position: Number(position), text: text ?? '' }))
}

export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let fault: unknown
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    fault = error
    throw error
  } finally {
    // A session whose transaction did not end in order goes with it.
    if (fault !== undefined) await client.query('ROLLBACK').catch(() => undefined)
    client.release()
  }
}
