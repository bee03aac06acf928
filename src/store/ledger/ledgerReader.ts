import type { Pool } from 'pg'
import type { LedgerReader, ReadEntry, ReadValue } from '../../approvals/ledger/ledgerReader.ts'
import { unavailableIn } from '../unavailable.ts'
import { readLedger } from './readLedger.ts'
import { singleReads } from './singleReads.ts'

/** The `LedgerReader` port on PostgreSQL. */
export function ledgerReader(pool: Pool): LedgerReader {
  const { leaf, run } = singleReads(pool)
  return {
    leaf: (entry) => told(() => leaf(entry)),
    run: (at) => told(() => run(at)),
    head: () =>
      told(async () => {
        const found = await readLedger(pool)
        return found && { head: found.head, key: { name: found.key.origin, publicKey: found.key.publicKey } }
      }),
    entries: (page) => told(() => entriesIn(pool, page)),
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unavailableIn(error) ?? error
  }
}

interface EntryRow {
  readonly index: string
  readonly entry: string
  readonly text: string | null
}

interface ValueRow {
  readonly entry_id: string
  readonly name: string
  readonly sha256_salted: string
  readonly bytes: number
  readonly salt: Buffer | null
  readonly text: Buffer | null
}

async function entriesIn(
  pool: Pool,
  { from, before, bytes }: Parameters<LedgerReader['entries']>[0],
): Promise<readonly ReadEntry[]> {
  // Sizes first: what does not fit on the page is never read.
  const { rows } = await pool.query<EntryRow>(
    `SELECT index, entry, text FROM (
       SELECT leaf.index, leaf.entry_id AS entry, text, sum(coalesce(octet_length(text), 0) + coalesce(beside.bytes, 0)) OVER (ORDER BY leaf.index) AS upto
       FROM ledger_leaves AS leaf LEFT JOIN entries ON id = leaf.entry_id
       LEFT JOIN LATERAL (SELECT sum(octet_length(b.text)) AS bytes FROM entry_blobs AS b WHERE b.entry_id = leaf.entry_id) AS beside ON true
       WHERE leaf.index >= $1 AND leaf.index < $2
     ) AS sized WHERE upto <= $3 OR index = $1 ORDER BY index`,
    [from, before, bytes],
  )
  const values = await pool.query<ValueRow>(
    'SELECT entry_id, name, sha256_salted, bytes, salt, text FROM entry_blobs WHERE entry_id = ANY ($1) ORDER BY name',
    [rows.map(({ entry }) => entry)],
  )
  const beside = new Map<string, ReadValue[]>(rows.map(({ entry }) => [entry, []]))
  for (const { entry_id, salt, text, ...value } of values.rows)
    beside
      .get(entry_id)
      ?.push({ ...value, salt: salt?.toString('base64') ?? null, text: text?.toString() ?? null })
  return rows.map(({ index, entry, text }) => ({
    index: Number(index),
    entry,
    text,
    values: beside.get(entry) ?? [],
  }))
}
