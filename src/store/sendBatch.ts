import { DatabaseError, type Pool } from 'pg'
import type { Committed } from '../approvals/ports.ts'
import type { Batch } from './batch.ts'

/** Sends one batch and resolves to the outcome of each change, at the change's number. @throws RefusedWrite */
export async function sendBatch(pool: Pool, batch: Batch): Promise<readonly Committed[]> {
  const statement = {
    text: 'SELECT n, outcome FROM countersign_commit($1::jsonb)',
    values: [JSON.stringify(batch)],
  }
  const { rows } = await pool.query<{ n: number; outcome: Committed }>(statement).catch((error: unknown) => {
    throw error instanceof DatabaseError ? new RefusedWrite(error) : error
  })
  const outcomes: Committed[] = []
  for (const { n, outcome } of rows) outcomes[n] = outcome // by its number, whatever order they come in
  return outcomes
}

/**
 * What the database said when it did not write. Its own error repeats what stood in the statement (`DETAIL: Failing row
 * contains …`), so only what holds no value goes on, and from here into logs.
 */
export class RefusedWrite extends Error {
  override readonly name = 'RefusedWrite'
  /** The SQLSTATE. */
  readonly code: string
  readonly constraint: string | null
  /** True when it was the entry, or a blob of it, that the database did not take. */
  readonly ofEntry: boolean

  constructor(said: DatabaseError) {
    super(said.message)
    this.code = said.code ?? ''
    this.constraint = said.constraint ?? null
    this.ofEntry = isOfEntry(said)
  }
}

/** A constraint names its table. For anything else, a trigger's word say, the context quotes the statement that met it. */
function isOfEntry({ table, where = '' }: DatabaseError): boolean {
  if (table !== undefined) return table === 'entries' || table === 'entry_blobs'
  return /INSERT INTO (entries|entry_blobs) \(/.test(where)
}
