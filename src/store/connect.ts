import { StoreFault } from './fault.ts'
import type { Log } from './log.ts'
import { createPool, type PoolLimits, type SessionPool, usualLimits } from './pool.ts'
import { sqlStateOf } from './sqlState.ts'
import { SessionFault } from './watchedSession.ts'

/** PostgreSQL 15: nothing newer is used. `server_version_num`. */
const oldestServer = 150_000

/**
 * A pool that has answered once.
 *
 * @throws StoreFault `unreachable`, `auth_failed`, `database_missing`, `server_too_old`
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
    if (error instanceof StoreFault) throw error
    throw faultOf(error instanceof SessionFault ? (error.cause ?? error) : error)
  }
}

function poolFor(databaseUrl: string, log: Log, limits: PoolLimits): SessionPool {
  try {
    return createPool(databaseUrl, log, limits)
  } catch (cause) {
    throw faultOf(cause)
  }
}

function tooOld(version: number): StoreFault {
  return new StoreFault('server_too_old', {
    problem: `The database server is PostgreSQL ${Math.floor(version / 10_000)}; Countersign needs 15 or later.`,
    mend: 'Point DATABASE_URL at a newer server, or unset it to use the one that comes with Countersign.',
  })
}

function faultOf(cause: unknown): StoreFault {
  const state = sqlStateOf(cause)
  if (state?.startsWith('28'))
    return new StoreFault('auth_failed', {
      problem: 'The database refused the user name or password.',
      mend: 'Correct the user and password in DATABASE_URL; characters such as @ : / in a password have to be percent-encoded.',
      cause,
    })
  if (state === '3D000')
    return new StoreFault('database_missing', {
      problem: 'The server answers, but it has no database of that name.',
      mend: 'Create it (createdb NAME), or correct the name at the end of DATABASE_URL.',
      cause,
    })
  return new StoreFault('unreachable', {
    problem: `The database could not be reached (${state ?? codeOf(cause)}).`,
    mend: 'Check host and port in DATABASE_URL and that PostgreSQL runs there; or unset it to use the one that comes with Countersign.',
    cause,
  })
}

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  return typeof code === 'string' ? code : 'no answer'
}
