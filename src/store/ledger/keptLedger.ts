import type { PoolClient } from 'pg'
import type { KeptLedger, Unplaced } from '../../approvals/ledger/verifyLedger.ts'
import type { KeptEntry } from '../../ledger/keptEntry.ts'
import { afterSeq } from '../../ledger/leaf.ts'
import { connect } from '../connect.ts'
import type { Log } from '../log.ts'
import { patientLimits } from '../pool.ts'
import { databaseFaultOf } from '../startFaults.ts'
import { readLedger } from './readLedger.ts'

/** Entries read at a time; one has at most 64 KiB. */
const pageSize = 1_000

/**
 * The ledger of a database for whoever only reads it, with the right to read and no other, as of one moment: what is sealed meanwhile
 * is not part of it. Null where there is none.
 *
 * @throws StoreFault as `connect` does
 */
export async function withKeptLedger<T>(
  { databaseUrl, log }: { readonly databaseUrl: string; readonly log: Log },
  work: (ledger: KeptLedger | null) => Promise<T>,
): Promise<T> {
  const pool = await connect(databaseUrl, log, patientLimits)
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const found = await work(await keptLedger(client))
    await client.query('COMMIT')
    return found
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    client.release(true)
    await pool.end()
  }
}

async function keptLedger(client: PoolClient): Promise<KeptLedger | null> {
  const { rows } = await client.query<{ has: boolean }>(
    `SELECT to_regclass('ledger_head') IS NOT NULL AS has`,
  )
  const found = rows[0]?.has ? await readLedger(client) : null
  if (!found) return null
  const { head, key } = found
  return {
    head,
    key: { name: key.origin, publicKey: key.publicKey },
    pages: () => pages(client),
    ...readsOf(client),
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
  }
}

/** What single entries and their proofs are made of. */
function readsOf(client: PoolClient): Pick<KeptLedger, 'leaf' | 'run' | 'about' | 'seen'> {
  return {
    async leaf(entry) {
      const { rows } = await client.query<{ index: string; text: string }>(
        'SELECT index, text FROM ledger_leaves JOIN entries ON id = entry_id WHERE entry_id = $1',
        [entry],
      )
      const [row] = rows
      return row ? { index: Number(row.index), text: row.text } : null
    },
    async run({ level, index, count }) {
      const from = level === 0 ? 'ledger_leaves WHERE $1 = 0' : 'ledger_nodes WHERE level = $1'
      const { rows } = await client.query<{ hash: Buffer }>(
        `SELECT hash FROM ${from} AND index >= $2 AND index < $3 ORDER BY index`,
        [level, index, index + count],
      )
      return rows.map(({ hash }) => hash)
    },
    async seen(entries) {
      const { rows } = await client.query<{ entry: string; text: Buffer | null }>(
        "SELECT entry_id AS entry, text FROM entry_blobs WHERE entry_id = ANY ($1) AND name = 'seen'",
        [entries],
      )
      return new Map(rows.map(({ entry, text }) => [entry, text?.toString() ?? null]))
    },
    async about(request) {
      const { rows } = await client.query<{ index: string | null; entry: string; text: string }>(
        `SELECT index, id AS entry, text FROM entries LEFT JOIN ledger_leaves ON entry_id = id
         WHERE request_id = $1 ORDER BY position`,
        [request],
      )
      return rows.map((row) => ({ ...row, index: row.index === null ? null : Number(row.index) }))
    },
  }
}

/** The next page is on its way while one is verified. */
async function* pages(client: PoolClient): AsyncGenerator<readonly KeptEntry[], void> {
  let next = page(client, -1)
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
