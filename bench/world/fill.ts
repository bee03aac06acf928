import { Client } from 'pg'

/** Requests that stand in the database are copied. */
export interface Fill {
  readonly databaseUrl: string
  /** How many copies there are to be. */
  readonly count: number
  readonly stopping: AbortSignal
}

/** The id of the `n`th copy: older than everything that was really asked for. */
export const copyId = (n: number): string => `req_00${n.toString(16).padStart(24, '0')}`

/** Which of the requests, in the order of their ids, the `n`th copy is one of. */
export const templateOf = (n: number, templates: number): number => n % templates

const batch = 20_000

/**
 * Copies the requests that people or policy have settled, each with its entries, cards and deliveries, past the product:
 * asking a million times would take hours. Guards are off meanwhile, indexes are not.
 */
export async function fill({ databaseUrl, count, stopping }: Fill, ids: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('SET session_replication_role = replica')
    await client.query(
      `CREATE TEMP TABLE template AS
       SELECT row_number() OVER (ORDER BY id) - 1 AS template_nr, * FROM action_requests WHERE id = ANY($1)`,
      [ids],
    )
    await client.query(
      `CREATE TEMP TABLE template_entry AS
       SELECT template_nr, row_number() OVER (PARTITION BY template_nr ORDER BY position) AS ordinal, entries.*
       FROM entries JOIN template ON template.id = entries.request_id`,
    )
    const copies = await statements(client)
    for (let next = 0; next < count && !stopping.aborted; next += batch) {
      await client.query('BEGIN')
      await client.query(
        `CREATE TEMP TABLE copy ON COMMIT DROP AS
         SELECT n, 'req_00' || lpad(to_hex(n), 24, '0') AS copy_id, n % $3::int AS template_nr
         FROM generate_series($1::int, $2::int) AS n`,
        [next, Math.min(next + batch, count) - 1, ids.length],
      )
      for (const copy of copies) await client.query(copy)
      await client.query('COMMIT')
    }
    if (stopping.aborted) return
    await client.query('VACUUM (ANALYZE)')
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}

/** One for each table; columns that are not named here are as in what is copied. */
async function statements(client: Client): Promise<readonly string[]> {
  const entryId = "'ent_00' || lpad(to_hex(n), 20, '0') || lpad(to_hex(template_entry.ordinal), 4, '0')"
  return [
    await copying(client, 'action_requests', {
      from: 'copy JOIN template USING (template_nr)',
      source: 'template',
      columns: { id: 'copy_id', idempotency_key: 'copy_id' },
    }),
    await copying(client, 'entries', {
      from: 'copy JOIN template_entry USING (template_nr)',
      source: 'template_entry',
      columns: {
        id: entryId,
        request_id: 'copy_id',
        subject_id: 'replace(template_entry.subject_id, template_entry.request_id, copy_id)',
        text: 'replace(template_entry.text, template_entry.request_id, copy_id)',
      },
    }),
    await copying(client, 'entry_blobs', {
      from: `copy JOIN template_entry USING (template_nr) JOIN entry_blobs ON entry_blobs.entry_id = template_entry.id`,
      source: 'entry_blobs',
      columns: { entry_id: entryId },
    }),
    await copying(client, 'cards', {
      from: 'copy JOIN template USING (template_nr) JOIN cards ON cards.request_id = template.id',
      source: 'cards',
      columns: {
        id: "'crd_00' || lpad(to_hex(n), 24, '0')",
        request_id: 'copy_id',
        message: "cards.message || '.' || n",
      },
    }),
    "INSERT INTO deliveries (id) SELECT 'copy ' || n FROM copy",
  ]
}

async function copying(
  client: Client,
  table: string,
  by: {
    readonly from: string
    readonly source: string
    readonly columns: Readonly<Record<string, string>>
  },
): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'NO' AND is_generated = 'NEVER'`,
    [table],
  )
  const columns = rows.map(({ name }) => name)
  const values = columns.map((name) => by.columns[name] ?? `${by.source}.${name}`)
  return `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${by.from}`
}
