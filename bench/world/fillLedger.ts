import { Client } from 'pg'
import type { Fill } from './fill.ts'

const batch = 20_000

/** What was recorded. */
export interface Recorded {
  readonly entries: number
  /** Of the texts of entries and of the values beside them: what a verifier hashes. */
  readonly bytes: number
}

/**
 * Records copies of the entries of these requests, with the values beside them, past the product, until the ledger has `count` entries
 * more. They wait to be sealed as any others.
 */
export async function fillLedger(
  { databaseUrl, count, stopping }: Fill,
  ids: readonly string[],
): Promise<Recorded> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `CREATE TEMP TABLE template AS
       SELECT row_number() OVER (ORDER BY position) - 1 AS nth, * FROM entries WHERE request_id = ANY($1)`,
      [ids],
    )
    for (let next = 0; next < count && !stopping.aborted; next += batch) {
      await client.query('BEGIN')
      await client.query(
        `CREATE TEMP TABLE copy ON COMMIT DROP AS
         SELECT n, ${id('ent', 'n')} AS copy_id, n % (SELECT count(*) FROM template) AS nth,
           n / (SELECT count(*) FROM template) AS time
         FROM generate_series($1::int, $2::int) AS n`,
        [next, Math.min(next + batch, count) - 1],
      )
      for (const statement of statements) await client.query(statement)
      await client.query('COMMIT')
    }
    if (!stopping.aborted) await client.query('VACUUM (ANALYZE)')
    await client.query('CHECKPOINT')
    return await recorded(client)
  } finally {
    await client.end()
  }
}

const id = (prefix: string, n: string) => `'${prefix}_00' || lpad(to_hex(${n}), 24, '0')`

/** Another request each time that the entries are gone through, so that each has as many as it really has. */
const request = `${id('req', 'copy.time * 1000 + dense')}`

const statements = [
  `INSERT INTO entries (id, ts, type, subject_kind, subject_id, request_id, text)
   SELECT copy_id, ts, type, subject_kind, replace(subject_id, request_id, ${request}), ${request},
     replace(replace(text, request_id, ${request}), id, copy_id)
   FROM copy JOIN (SELECT dense_rank() OVER (ORDER BY request_id) AS dense, * FROM template) AS template USING (nth) ORDER BY n`,
  `INSERT INTO entry_blobs (entry_id, name, sha256_salted, bytes, salt, text)
   SELECT copy_id, name, sha256_salted, bytes, salt, entry_blobs.text
   FROM copy JOIN template USING (nth) JOIN entry_blobs ON entry_id = id`,
]

async function recorded(client: Client): Promise<Recorded> {
  const { rows } = await client.query<{ entries: string; bytes: string }>(
    `SELECT count(*) AS entries, sum(octet_length(text)) + (SELECT sum(octet_length(salt) + octet_length(text)) FROM entry_blobs) AS bytes
     FROM entries`,
  )
  return { entries: Number(rows[0]?.entries), bytes: Number(rows[0]?.bytes) }
}
