import type { Pool } from 'pg'
import { type Closers, createClosers } from '../lifetime/closers.ts'
import type { Start } from '../lifetime/start.ts'
import { connect } from './connect.ts'
import { hostOf } from './databaseUrl.ts'
import type { Log } from './log.ts'
import { migrate } from './migrate.ts'
import { refuseSharedSessions } from './ownSessions.ts'
import { cutAfter, endPool, patientLimits, type SessionPool } from './pool.ts'
import { refuseMissingTables, refuseUnsuitable } from './suitable.ts'

interface Addresses {
  readonly databaseUrl: string
  /** Null: one role does both. */
  readonly migrateUrl: string | null
}

/**
 * Brings the database to this version, and looks whether a server could work there. Resolves to the names of the migrations
 * that were applied.
 *
 * @throws StoreFault as `openStore` does
 */
export async function prepareDatabase(
  { databaseUrl, migrateUrl }: Addresses,
  how: { readonly log: Log; readonly start: Start; readonly beginAnew?: string },
): Promise<readonly string[]> {
  const { log, start, ...beginning } = how
  const closers = createClosers(log)
  try {
    const pool = await fitPool(migrateUrl ?? databaseUrl, { log, start, closers })
    const serving = migrateUrl === null ? null : await connection(databaseUrl, { log, start, closers })
    const applied = await migrate(pool, log, { start, ...beginning, ...(serving && { serving }) })
    if (serving) await refuseUnfit(serving)
    await start.phase(`the database at ${hostOf(databaseUrl)}`, () => refuseMissingTables(serving ?? pool))
    return applied
  } finally {
    await closers.close()
  }
}

interface Connecting {
  readonly log: Log
  readonly start: Start
  readonly closers: Closers
}

/** Of its own: a migration may take longer than any statement of the work that follows. */
function connection(url: string, { log, start, closers }: Connecting): Promise<SessionPool> {
  return start.phase(`the database at ${hostOf(url)}`, async () => {
    const pool = await connect(url, log, patientLimits)
    closers.add('connections of the migration', () => endPool(pool), cutAfter + 2_000)
    return pool
  })
}

/** Before anything is made there, the database has to be fit. */
async function fitPool(url: string, connecting: Connecting): Promise<SessionPool> {
  const pool = await connection(url, connecting)
  await connecting.start.phase(`the database at ${hostOf(url)}`, () => refuseUnfit(pool))
  return pool
}

async function refuseUnfit(pool: SessionPool): Promise<void> {
  await refuseUnsuitable(pool)
  await tryTwoSessions(pool)
}

/** Before anything is written: behind a pooler that lends sessions, nothing of what follows would be safe. */
async function tryTwoSessions(pool: Pool): Promise<void> {
  const sessions = [await pool.connect(), await pool.connect()] as const
  let fault: unknown
  try {
    await refuseSharedSessions(...sessions)
  } catch (error) {
    fault = error
    throw error
  } finally {
    // Whatever state they were left in goes with them.
    for (const session of sessions) session.release(fault !== undefined)
  }
}
