import { Client, type Connection, type Submittable } from 'pg'

/** Milliseconds that a bare COPY of the rows of all leaves takes, into a table of the same database that has no index. */
export async function bareCopy(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const chunks = await leaves(client)
    await client.query('CREATE TABLE bare_leaves (index bigint, entry_id text, hash bytea)')
    const began = performance.now()
    await new Promise<void>((resolve, reject) => client.query(copyIn(chunks, { resolve, reject })))
    return performance.now() - began
  } finally {
    await client.query('DROP TABLE IF EXISTS bare_leaves').catch(() => undefined)
    await client.end()
  }
}

const chunk = 10_000

/** As COPY reads them. */
async function leaves(client: Client): Promise<readonly Buffer[]> {
  const chunks: Buffer[] = []
  for (let from = 0; ; from += chunk) {
    const { rows } = await client.query<{ lines: string | null }>(
      String.raw`SELECT string_agg(index || E'\t' || entry_id || E'\t\\\\x' || encode(hash, 'hex') || E'\n', '') AS lines
        FROM ledger_leaves WHERE index >= $1 AND index < $2`,
      [from, from + chunk],
    )
    if (!rows[0]?.lines) return chunks
    chunks.push(Buffer.from(rows[0].lines))
  }
}

interface Ends {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** What the driver calls on its way through one COPY. */
function copyIn(chunks: readonly Buffer[], { resolve, reject }: Ends): Submittable {
  return Object.assign(
    {
      submit: (connection: Connection) => connection.query('COPY bare_leaves FROM STDIN'),
    },
    {
      handleCopyInResponse(connection: CopyConnection) {
        for (const one of chunks) connection.sendCopyFromChunk(one)
        connection.endCopyFrom()
      },
      handleCommandComplete() {},
      handleReadyForQuery: resolve,
      handleError: reject,
    },
  )
}

interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}
