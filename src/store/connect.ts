import { Pool } from 'pg'
import { plainUrl } from './databaseUrl.ts'
import { StoreFault } from './fault.ts'
import type { Log } from './log.ts'
import { prepareSession } from './session.ts'
import { connectFaultOf } from './startFaults.ts'

/** PostgreSQL 15: nothing newer is used. `server_version_num`. */
const oldestServer = 150_000

/** Connections for reads, commits (one at a time) and the job queue. Small: replicas share the server's limit. */
const poolSize = 14

/** What a replica holds at most: the pool, and the session that listens. */
export const connectionsNeeded = poolSize + 1

/**
 * A pool that has answered once.
 *
 * @throws StoreFault `server_too_old`, and whatever `startFaults.ts` makes of a connection that fails
 */
export async function connect(databaseUrl: string, log: Log): Promise<Pool> {
  const pool = poolFor(databaseUrl)
  // An idle connection that breaks is replaced by the next use; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  pool.on('connect', (client) =>
    client.on('error', (error) => log.debug({ err: error }, 'a database connection broke')),
  )
  try {
    const { rows } = await pool.query<{ version: string }>(
      `SELECT current_setting('server_version_num') AS version`,
    )
    const version = Number(rows[0]?.version)
    if (!(version >= oldestServer)) throw tooOld(version)
    return pool
  } catch (error) {
    await pool.end().catch(() => undefined)
    throw connectFaultOf(error)
  }
}

function poolFor(databaseUrl: string): Pool {
  try {
    return new Pool({
      connectionString: plainUrl(databaseUrl),
      max: poolSize,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: 'countersign',
      onConnect: prepareSession,
    })
  } catch (cause) {
    throw connectFaultOf(cause)
  }
}

function tooOld(version: number): StoreFault {
  return new StoreFault('server_too_old', {
    problem: `The database server is PostgreSQL ${Math.floor(version / 10_000)}; Countersign needs 15 or later.`,
    mend: 'Point DATABASE_URL at a newer server, or unset it to use the one that comes with Countersign.',
  })
}
