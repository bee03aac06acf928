import { plainUrl } from './databaseUrl.ts'
import { StoreFault } from './fault.ts'
import type { Log } from './log.ts'
import { createPool, type PoolLimits, type SessionPool, usualLimits } from './pool.ts'
import { connectFaultOf } from './startFaults.ts'

/** PostgreSQL 15: nothing newer is used. `server_version_num`. */
const oldestServer = 150_000

/** What a replica holds at most: the pool, and the session that listens. */
export const connectionsNeeded = usualLimits.size + 1

/**
 * A pool that has answered once.
 *
 * @throws StoreFault `server_too_old`, and whatever `startFaults.ts` makes of a connection that fails
 */
export async function connect(databaseUrl: string, log: Log, limits = usualLimits): Promise<SessionPool> {
  const pool = poolFor(databaseUrl, log, limits)
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

function poolFor(databaseUrl: string, log: Log, limits: PoolLimits): SessionPool {
  try {
    return createPool(plainUrl(databaseUrl), log, limits)
  } catch (cause) {
    throw connectFaultOf(cause)
  }
}

function tooOld(version: number): StoreFault {
  return new StoreFault('server_too_old', {
    problem: `The database server is PostgreSQL ${Math.floor(version / 10_000)}; Countersign needs 15 or later.`,
    fix: 'Point DATABASE_URL at a newer server, or unset it to use the one that comes with Countersign.',
  })
}
