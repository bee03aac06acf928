import type { PoolClient } from 'pg'
import type { KeptEntry } from '../../ledger/keptEntry.ts'
import { pageSize } from './quickPage.ts'

/** What comes after an index, row by row: whatever is wrong is seen. The next page is on its way while one is verified. */
export async function* slowPages(
  client: PoolClient,
  after: number,
): AsyncGenerator<readonly KeptEntry[], void> {
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
  readonly hash: Buffer | null
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
    ...{ index: Number(index), entry, text, blobs: beside.get(entry) ?? [] },
    hash: hash?.toString('hex') ?? 'nothing',
    columns: { ts, type, subjectKind: subject_kind, subject: subject_id, request: request_id },
  }))
}
