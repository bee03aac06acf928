import { escapeLiteral, type PoolClient } from 'pg'

/** A transaction that only reads, and sees the same moment however long it takes. */
export const readsOneMoment = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

/** What another session needs to see the moment that this one sees, for as long as this one's transaction lasts. */
export async function snapshotOf(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ snapshot: string }>(
    'SELECT pg_catalog.pg_export_snapshot() AS snapshot',
  )
  return rows[0]?.snapshot ?? ''
}

/** Begins a transaction that sees the moment of another one. */
export async function joinMoment(client: PoolClient, snapshot: string): Promise<void> {
  await client.query(readsOneMoment)
  await client.query(`SET TRANSACTION SNAPSHOT ${escapeLiteral(snapshot)}`)
}
