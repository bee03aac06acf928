import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Start } from '../lifetime/start.ts'

/** Held by one starting server while the others wait: 'countersi' in ASCII, read as an integer, less one. */
const migrationLock = '7305808869230650226'

/** Milliseconds between attempts to get it. */
const pause = 250

/** A migration takes the time it takes, and the session that holds the lock is idle meanwhile. */
const unhurried = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']

/**
 * Does the work in a session that holds the lock. It is asked for again and again rather than waited for: so a start that
 * is told to stop can leave, and whoever waits long can be told who holds it.
 */
export async function underMigrationLock<T>(
  { pool, start }: { readonly pool: Pool; readonly start: Start },
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let backend: number | null = null
  try {
    backend = await start.phase(
      () => heldBy(pool),
      async () => {
        await client.query(unhurried.map((name) => `SET ${name} = 0`).join('; '))
        return obtain(client, start.signal)
      },
    )
    return await start.phase('the migrations of the database', () => work(client))
  } finally {
    if (!start.signal.aborted) await putBack(client)
    else await leave(client, { pool, backend })
  }
}

/** Resolves to the number of the session that has the lock now: ours. */
async function obtain(client: PoolClient, signal: AbortSignal): Promise<number> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean; backend: number }>(
      'SELECT pg_try_advisory_lock($1) AS taken, pg_backend_pid() AS backend',
      [migrationLock],
    )
    const [row] = rows
    if (row?.taken) return row.backend
    await delay(pause, undefined, { signal })
  }
}

/** A session that cannot be put back as it was is closed instead, which unlocks too. */
async function putBack(client: PoolClient): Promise<void> {
  const resets = unhurried.map((name) => `RESET ${name}`).join('; ')
  const stuck = await client.query(`SELECT pg_advisory_unlock(${migrationLock}); ${resets}`).then(
    () => false,
    () => true,
  )
  client.release(stuck)
}

/** Milliseconds in which a server that is there answers. */
const short = 1_000

/**
 * The session is closed, and that alone would not end a statement that waits for somebody's lock, while it holds ours: so
 * the server is asked to cancel it.
 */
async function leave(
  client: PoolClient,
  { pool, backend }: { readonly pool: Pool; readonly backend: number | null },
): Promise<void> {
  if (backend !== null) {
    const cancelled = pool.query('SELECT pg_cancel_backend($1)', [backend]).catch(() => undefined)
    await Promise.race([cancelled, delay(short)])
  }
  client.release(true)
}

/** Who holds the lock, as far as this role may see, and what helps. */
async function heldBy(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ pid: number; name: string | null; address: string | null }>(
    `SELECT l.pid, nullif(a.application_name, '') AS name, host(a.client_addr) AS address
     FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [migrationLock],
  )
  const [holder] = rows
  if (!holder) return 'the lock under which the database is migrated'
  const who = [holder.name ?? 'unnamed', holder.address && `from ${holder.address}`].filter(Boolean).join(' ')
  return `the lock under which the database is migrated, held by the database session ${holder.pid} (${who}); another server that is migrating releases it by itself, anything else is ended by: SELECT pg_terminate_backend(${holder.pid})`
}
