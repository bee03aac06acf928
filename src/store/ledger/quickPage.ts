import type { PoolClient } from 'pg'
import type { KeptEntry } from '../../ledger/keptEntry.ts'

/** Entries on a page; one has at most 64 KiB. */
export const pageSize = 512

/** Between the columns of a row, and for one that is null. */
const [column, none] = ['\u0001', '\u0002']

/** What cannot be told from what stands between values makes the page odd: then it is read row by row. */
const odd = (columns: string) => `bool_or((${columns}) <> translate(${columns}, E'\\x01\\x02\\n', ''))`

const entryColumns = `concat_ws(E'\\x01', entry_id, extract(epoch FROM ts) * 1000, type, subject_kind, subject_id, coalesce(request_id, E'\\x02'))`
const blobColumns = `concat_ws(E'\\x01', b.entry_id, name, sha256_salted, bytes, salt IS NULL AND b.text IS NULL,
  coalesce(encode(pg_catalog.sha256(salt || b.text), 'hex'), E'\\x02'), coalesce(octet_length(b.text)::text, E'\\x02'))`

const entriesQuery = `
  SELECT string_agg(hash, ''::bytea ORDER BY index) AS hashes, string_agg(text, E'\\n' ORDER BY index) AS texts,
    string_agg(${entryColumns}, E'\\n' ORDER BY index) AS columns,
    ${odd(`concat(entry_id, type, subject_kind, subject_id, request_id)`)} AS odd
  FROM ledger_leaves JOIN entries ON id = entry_id WHERE index >= $1 AND index < $2`

const blobsQuery = `
  SELECT string_agg(${blobColumns}, E'\\n') AS columns, ${odd('concat(b.entry_id, name, sha256_salted)')} AS odd
  FROM ledger_leaves JOIN entry_blobs AS b USING (entry_id) WHERE index >= $1 AND index < $2`

interface EntriesRow {
  readonly hashes: Buffer | null
  readonly texts: string | null
  readonly columns: string | null
  readonly odd: boolean | null
}

type BlobsRow = Pick<EntriesRow, 'columns' | 'odd'>

/**
 * A whole page, from an index on, as few long values: a tenth of the work that a row for each takes. Null where that cannot be told apart
 * again without doubt, or where anything is missing: row by row it is seen what.
 */
export async function quickPage(client: PoolClient, from: number): Promise<readonly KeptEntry[] | null> {
  const range = [from, from + pageSize]
  const entries = await client.query<EntriesRow>({ name: 'quick entries', text: entriesQuery, values: range })
  const blobs = await client.query<BlobsRow>({ name: 'quick blobs', text: blobsQuery, values: range })
  const { hashes, texts, columns, odd } = entries.rows[0] ?? {}
  const beside = blobsIn(blobs.rows[0])
  const [lines, rows] = [texts?.split('\n'), columns?.split('\n')]
  if (!hashes || !lines || !rows || odd !== false || beside === null) return null
  // As many of each: so there was a line feed in none of them, no index is missing, and no hash has another length.
  if (lines.length !== pageSize || rows.length !== pageSize || hashes.length !== pageSize * 32) return null
  const found: KeptEntry[] = []
  for (const [nth, text] of lines.entries()) {
    const [entry, ts, type, subjectKind, subject, request, ...more] = rows[nth]?.split(column) ?? []
    if (
      entry === undefined ||
      type === undefined ||
      subjectKind === undefined ||
      subject === undefined ||
      request === undefined ||
      more.length > 0
    )
      return null
    found.push({
      index: from + nth,
      entry,
      text,
      hash: hashes.subarray(nth * 32, nth * 32 + 32),
      columns: { ts: Number(ts), type, subjectKind, subject, request: orNull(request) },
      blobs: beside.get(entry) ?? [],
    })
  }
  return found
}

type Blobs = ReadonlyMap<string, KeptEntry['blobs']>

function blobsIn(row: BlobsRow | undefined): Blobs | null {
  if (!row?.columns) return new Map()
  if (row.odd !== false) return null
  const beside = new Map<string, KeptEntry['blobs'][number][]>()
  for (const line of row.columns.split('\n')) {
    const [entry = '', name = '', sha256_salted = '', bytes, erased, hash, length, ...more] =
      line.split(column)
    if (hash === undefined || length === undefined || more.length > 0) return null
    const found =
      erased === 't' ? null : { hash: orNull(hash), bytes: length === none ? null : Number(length) }
    const blob = { name, sha256_salted, bytes: Number(bytes), found }
    const its = beside.get(entry)
    if (its) its.push(blob)
    else beside.set(entry, [blob])
  }
  return beside
}

function orNull(text: string): string | null {
  return text === none ? null : text
}
