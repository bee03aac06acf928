import type { PoolClient } from 'pg'
import type { KeptLedger } from '../../approvals/ledger/verifyLedger.ts'
import type { Unplaced } from '../../approvals/ledger/wrongTables.ts'
import { saidEmptiedIn } from '../../ledger/emptied.ts'
import { afterSeq } from '../../ledger/leaf.ts'
import { connect } from '../connect.ts'
import type { Log } from '../log.ts'
import { patientLimits } from '../pool.ts'
import { databaseFaultOf } from '../startFaults.ts'
import { type Beside, ledgerPages } from './ledgerPages.ts'
import { joinMoment, readsOneMoment, snapshotOf } from './moment.ts'
import { pageCheckers } from './pageCheckers.ts'
import { readLedger } from './readLedger.ts'
import { singleReads } from './singleReads.ts'

/**
 * The ledger of a database for whoever only reads it, with the right to read and no other, as of one moment: what is sealed meanwhile
 * is not part of it. Null where there is none.
 *
 * @throws StoreFault as `connect` does
 */
export function withKeptLedger<T>(on: Place, work: (ledger: KeptLedger | null) => Promise<T>): Promise<T> {
  return asOfOneMoment(on, async (client, others) => work(await keptLedger(client, others)))
}

interface Place {
  readonly databaseUrl: string
  readonly log: Log
}

/** One transaction that only reads, and sees one moment however long it takes. @throws StoreFault as `connect` does */
export async function asOfOneMoment<T>(
  { databaseUrl, log }: Place,
  work: (client: PoolClient, others: Others) => Promise<T>,
): Promise<T> {
  const pool = await connect(databaseUrl, log, { ...patientLimits, size: 2 })
  const borrowed: Promise<PoolClient>[] = []
  const borrow = () => {
    const client = pool.connect()
    borrowed.push(client)
    return client
  }
  const client = await borrow()
  const checkers = pageCheckers({ databaseUrl, log })
  // Asked for once, before the connection has other work.
  let snapshot: Promise<string> | null = null
  const moment = () => {
    snapshot ??= snapshotOf(client)
    return snapshot
  }
  try {
    await client.query(readsOneMoment)
    const found = await work(client, {
      beside: async (pages) => checkers.start(await moment(), pages),
      async second() {
        const [second, at] = await Promise.all([borrow(), moment()])
        await joinMoment(second, at)
        return second
      },
    })
    await client.query('COMMIT')
    return found
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    await checkers.end()
    // One that is still on its way comes all the same, and the pool ends when it has all of them back.
    for (const one of await Promise.allSettled(borrowed))
      if (one.status === 'fulfilled') one.value.release(true)
    await pool.end()
  }
}

/** Who else can read the same moment. */
interface Others {
  readonly beside: Beside
  /** Another connection, given back with the first. @throws where there can be none */
  second(): Promise<PoolClient>
}

/** Null where there is none. */
export async function keptLedger(
  client: PoolClient,
  others: Others | null = null,
): Promise<KeptLedger | null> {
  const { rows } = await client.query<{ has: boolean }>(
    `SELECT to_regclass('ledger_head') IS NOT NULL AS has`,
  )
  const found = rows[0]?.has ? await readLedger(client) : null
  if (!found) return null
  const { head, key } = found
  let places: Promise<{ readonly unplaced: Unplaced | null } | null> = Promise.resolve(null)
  const beside: Beside = async (pages) => {
    if (others) places = unplacedBeside(others)
    return others?.beside(pages) ?? []
  }
  return {
    head,
    key: { name: key.origin, publicKey: key.publicKey },
    pages: () => ledgerPages(client, beside),
    ...singleReads(client),
    async nodes(at) {
      const { rows } = await client.query<{ level: number; index: string; hash: Buffer }>(
        `SELECT level, index, hash FROM ledger_nodes
         WHERE (level, index) IN (SELECT * FROM unnest($1::integer[], $2::bigint[]))`,
        [at.map(({ level }) => level), at.map(({ index }) => index)],
      )
      return rows.map((row) => ({ ...row, index: Number(row.index) }))
    },
    async nodeCount() {
      const { rows } = await client.query<{ nodes: string }>('SELECT count(*) AS nodes FROM ledger_nodes')
      return Number(rows[0]?.nodes)
    },
    async leaves() {
      const { rows } = await client.query<Record<'count' | 'first' | 'last', string | null>>(
        'SELECT count(*) AS count, min(index) AS first, max(index) AS last FROM ledger_leaves',
      )
      const [count, first, last] = [rows[0]?.count, rows[0]?.first, rows[0]?.last].map((one) =>
        one == null ? null : Number(one),
      )
      return { count: count ?? 0, first: first ?? null, last: last ?? null }
    },
    async unplaced() {
      const told = await places
      return told ? told.unplaced : unplacedOn(client)
    },
    emptiedBeyond: () => emptiedOfWaiting(client),
  }
}

/** Looked for while pages are verified, because it goes through all entries. Null where it could not be: then it is looked for at the end. */
async function unplacedBeside({ second }: Others) {
  try {
    return { unplaced: await unplacedOn(await second()) }
  } catch {
    return null
  }
}

/** The first entry that has no place in the tree and does not wait for one, or whatever waits without reason. */
async function unplacedOn(client: PoolClient): Promise<Unplaced | null> {
  const { rows } = await client.query<Omit<Unplaced, 'position'> & { position: string }>(
    `SELECT position, id AS entry, waits.position IS NOT NULL AS waits, entry_id IS NOT NULL AS sealed
     FROM entries LEFT JOIN ledger_leaves ON entry_id = id FULL JOIN unsealed_entries AS waits USING (position)
     WHERE id IS NULL OR (entry_id IS NULL) OPERATOR(pg_catalog.=) (waits.position IS NULL)
       OR (waits.position IS NOT NULL AND pg_catalog.strpos(text, $1) OPERATOR(pg_catalog.=) 0)
     ORDER BY position LIMIT 1`,
    [afterSeq],
  )
  const [row] = rows
  return row ? { ...row, position: Number(row.position) } : null
}

/** Of what waits for its index. */
async function emptiedOfWaiting(client: PoolClient) {
  const { rows } = await client.query<{ text: string; emptied: string }>(
    `SELECT text, (SELECT count(*) FROM entry_blobs b WHERE entry_id = id AND salt IS NULL AND b.text IS NULL) AS emptied
     FROM unsealed_entries JOIN entries USING (position)`,
  )
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0)
  return {
    values: sum(({ emptied }) => Number(emptied)),
    said: sum(({ text }) => saidEmptiedIn(text)),
    isExact: true,
  }
}
