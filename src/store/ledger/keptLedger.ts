import { escapeLiteral, type Pool, type PoolClient } from 'pg'
import type { KeptLedger } from '../../approvals/ledger/verifyLedger.ts'
import type { Unplaced } from '../../approvals/ledger/wrongTables.ts'
import { saidEmptiedIn } from '../../ledger/emptied.ts'
import type { KeptEntry } from '../../ledger/keptEntry.ts'
import { afterSeq } from '../../ledger/leaf.ts'
import { connect } from '../connect.ts'
import type { Log } from '../log.ts'
import { patientLimits } from '../pool.ts'
import { databaseFaultOf } from '../startFaults.ts'
import { pageSize, quickPage } from './quickPage.ts'
import { readLedger } from './readLedger.ts'
import { singleReads } from './singleReads.ts'

/**
 * The ledger of a database for whoever only reads it, with the right to read and no other, as of one moment: what is sealed meanwhile
 * is not part of it. Null where there is none.
 *
 * @throws StoreFault as `connect` does
 */
export function withKeptLedger<T>(on: Place, work: (ledger: KeptLedger | null) => Promise<T>): Promise<T> {
  return asOfOneMoment(on, async (client, beside) => work(await keptLedger(client, beside)))
}

interface Place {
  readonly databaseUrl: string
  readonly log: Log
}

/** More connections to the same moment; none where there can be none. */
type Beside = () => Promise<readonly PoolClient[]>

/** Connections beside the first: two for a page, so that nothing is asked only when something else was answered, and two pages at once. */
const besideCount = 4

/** One transaction that only reads, and sees one moment however long it takes. @throws StoreFault as `connect` does */
export async function asOfOneMoment<T>(
  { databaseUrl, log }: Place,
  work: (client: PoolClient, beside: Beside) => Promise<T>,
): Promise<T> {
  const pool = await connect(databaseUrl, log, { ...patientLimits, size: 1 + besideCount })
  const client = await pool.connect()
  const others: PoolClient[] = []
  try {
    await client.query(begin)
    const found = await work(client, async () => {
      await seeTheSame(client, { pool, others }).catch(() => undefined)
      return others.filter((one) => one !== client)
    })
    await client.query('COMMIT')
    return found
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    for (const one of [client, ...others]) one.release(true)
    await pool.end()
  }
}

const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

/** What joins has the same moment; whoever fails is not among the others. */
async function seeTheSame(
  client: PoolClient,
  { pool, others }: { readonly pool: Pick<Pool, 'connect'>; readonly others: PoolClient[] },
): Promise<void> {
  const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot')
  for (let nth = 0; nth < besideCount; nth += 1) {
    const other = await pool.connect()
    try {
      await other.query(begin)
      await other.query(`SET TRANSACTION SNAPSHOT ${escapeLiteral(rows[0]?.snapshot ?? '')}`)
      others.push(other)
    } catch (fault) {
      other.release(true)
      throw fault
    }
  }
}

/** Null where there is none. */
export async function keptLedger(
  client: PoolClient,
  beside: Beside = async () => [],
): Promise<KeptLedger | null> {
  const { rows } = await client.query<{ has: boolean }>(
    `SELECT to_regclass('ledger_head') IS NOT NULL AS has`,
  )
  const found = rows[0]?.has ? await readLedger(client) : null
  if (!found) return null
  const { head, key } = found
  return {
    head,
    key: { name: key.origin, publicKey: key.publicKey },
    pages: () => pages(client, beside),
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
      const { rows } = await client.query<Omit<Unplaced, 'position'> & { position: string }>(
        `SELECT position, id AS entry, waits.position IS NOT NULL AS waits, entry_id IS NOT NULL AS sealed
         FROM entries LEFT JOIN ledger_leaves ON entry_id = id FULL JOIN unsealed_entries AS waits USING (position)
         WHERE id IS NULL OR (entry_id IS NULL) = (waits.position IS NULL)
           OR (waits.position IS NOT NULL AND strpos(text, $1) = 0)
         ORDER BY position LIMIT 1`,
        [afterSeq],
      )
      const [row] = rows
      return row ? { ...row, position: Number(row.position) } : null
    },
    emptiedBeyond: () => emptiedOfWaiting(client),
  }
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

/** Whole pages, quickly, over several connections; from the first that is not as it should be on, row by row. */
async function* pages(client: PoolClient, others: Beside): AsyncGenerator<readonly KeptEntry[], void> {
  const { rows } = await client.query<{ last: string | null }>('SELECT max(index) AS last FROM ledger_leaves')
  const whole = Math.floor((Number(rows[0]?.last ?? -1) + 1) / pageSize)
  const beside = whole > 1 ? await others() : []
  const lanes = beside.length > 1 ? inPairs(beside) : [{ entries: client, blobs: client }]
  const onTheirWay = lanes.slice(0, whole).map((lane, nth) => asked(lane, nth))
  for (let nth = 0; nth < whole; nth += 1) {
    const entries = await onTheirWay[nth % lanes.length]
    if (!entries) return yield* slowPages(client, nth * pageSize - 1)
    const lane = lanes[nth % lanes.length]
    if (lane && nth + lanes.length < whole) onTheirWay[nth % lanes.length] = asked(lane, nth + lanes.length)
    yield entries
  }
  yield* slowPages(client, whole * pageSize - 1)
}

/** Connections for what is read of one page. */
interface Lane {
  readonly entries: PoolClient
  readonly blobs: PoolClient
}

function inPairs(clients: readonly PoolClient[]): readonly Lane[] {
  return clients.flatMap((entries, nth) => {
    const blobs = nth % 2 === 0 ? clients[nth + 1] : undefined
    return blobs ? [{ entries, blobs }] : []
  })
}

/** Whoever stops in the middle does not wait for it. */
function asked(lane: Lane, nth: number): ReturnType<typeof quickPage> {
  const page = quickPage(lane, nth * pageSize)
  page.catch(() => undefined)
  return page
}

/** What comes after an index. The next page is on its way while one is verified. */
async function* slowPages(client: PoolClient, after: number): AsyncGenerator<readonly KeptEntry[], void> {
  let next = page(client, after)
  for (;;) {
    const entries = await next
    const last = entries.at(-1)
    if (!last) return
    next = page(client, last.index)
    // Whoever stops in the middle does not wait for it.
    next.catch(() => undefined)
    yield entries
  }
}

interface LeafRow {
  readonly index: string
  readonly entry: string
  readonly hash: Buffer
  readonly text: string | null
  readonly ts: number
  readonly type: string | null
  readonly subject_kind: string | null
  readonly subject_id: string | null
  readonly request_id: string | null
}

interface BlobRow {
  readonly entry_id: string
  readonly name: string
  readonly sha256_salted: string
  readonly bytes: number
  readonly erased: boolean
  readonly hash: string | null
  readonly length: number | null
}

async function page(client: PoolClient, after: number): Promise<readonly KeptEntry[]> {
  const { rows } = await client.query<LeafRow>(
    `SELECT index, entry_id AS entry, hash, text, (extract(epoch FROM ts) * 1000)::float8 AS ts, type, subject_kind, subject_id,
       request_id
     FROM (SELECT * FROM ledger_leaves WHERE index > $1 ORDER BY index LIMIT $2) AS leaf LEFT JOIN entries ON id = entry_id
     ORDER BY index`,
    [after, pageSize],
  )
  // Hashed where they stand: a value may be large, and only its hash is looked at.
  const blobs = await client.query<BlobRow>(
    `SELECT entry_id, name, sha256_salted, bytes, salt IS NULL AND text IS NULL AS erased, encode(pg_catalog.sha256(salt || text), 'hex') AS hash, octet_length(text) AS length
     FROM entry_blobs WHERE entry_id = ANY ($1)`,
    [rows.map(({ entry }) => entry)],
  )
  const beside = new Map<string, KeptEntry['blobs'][number][]>()
  for (const { entry_id, name, sha256_salted, bytes, erased, hash, length } of blobs.rows) {
    const found = erased ? null : { hash, bytes: length }
    beside.set(entry_id, [...(beside.get(entry_id) ?? []), { name, sha256_salted, bytes, found }])
  }
  return rows.map(({ index, entry, hash, text, ts, type, subject_kind, subject_id, request_id }) => ({
    ...{ index: Number(index), entry, hash, text, blobs: beside.get(entry) ?? [] },
    columns: { ts, type, subjectKind: subject_kind, subject: subject_id, request: request_id },
  }))
}
