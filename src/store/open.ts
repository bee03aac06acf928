import { PrismaPg } from '@prisma/adapter-pg'
import type { Pool } from 'pg'
import type { Clock, Health, Store } from '../approvals/ports.ts'
import { createClosers } from '../lifetime/closers.ts'
import { connect } from './connect.ts'
import { databaseClock } from './databaseClock.ts'
import { type Installation, type InstallationClaim, openInstallation } from './installation.ts'
import type { Log } from './log.ts'
import { migrate } from './migrate.ts'
import { listen } from './notifications.ts'
import { refuseSharedSessions } from './ownSessions.ts'
import { type PoolLimits, patientLimits, type SessionPool, usualLimits } from './pool.ts'
import { PrismaClient } from './prisma/client.ts'
import { storeOn } from './store.ts'

export interface OpenStore {
  readonly store: Store
  /** The database's time. */
  readonly clock: Clock
  /** For the job queue, which shares the connections. */
  readonly pool: Pool
  /** @throws StoreFault `sandbox_database`, `production_database`, `other_secret` */
  installation(claim: InstallationClaim): Promise<Installation>
  /** Commits that were begun are finished first. */
  close(): Promise<void>
}

export interface OpenStoreOptions {
  readonly databaseUrl: string
  readonly log: Log
  /** Hears when writing fails for a reason that makes this process unfit. Commands have none. */
  readonly health?: Health
  readonly limits?: PoolLimits
}

/** Milliseconds that each part may take to end; none of them may hold up the others. */
const ending = { commits: 12_000, connections: 3_000, rest: 2_000 } as const

/**
 * Connects, migrates, listens, and reads the time. Nothing is left open when it throws.
 *
 * @throws StoreFault from connecting and migrating, each with the sentence that mends it
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const { databaseUrl, log, limits = usualLimits, health = deaf } = options
  const closers = createClosers(log)
  try {
    await migratePatiently(databaseUrl, log)
    const pool = await connect(databaseUrl, log, limits)
    closers.add('database connections', () => endPool(pool), ending.connections + ending.rest)
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
    closers.add('database client', () => prisma.$disconnect(), ending.rest)
    const notifications = await listen(databaseUrl, log)
    closers.add('notifications', () => notifications.close(), ending.rest)
    const clock = await databaseClock({ readTime: () => readTime(pool), log })
    closers.add('clock', () => clock.stop())
    const { store, idle } = storeOn({ prisma, pool }, notifications, { log, health })
    closers.add('commits', idle, ending.commits)
    const installation = (claim: InstallationClaim) => openInstallation(prisma, claim)
    return { store, clock: clock.now, pool, installation, close: closers.close }
  } catch (error) {
    await closers.close()
    throw error
  }
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

const deaf: Health = { raise() {}, clear() {} }

/** On connections of its own: a migration may take longer than any statement of the work that follows. */
async function migratePatiently(databaseUrl: string, log: Log): Promise<void> {
  const pool = await connect(databaseUrl, log, patientLimits)
  try {
    await tryTwoSessions(pool)
    await migrate(pool, log)
  } finally {
    await endPool(pool)
  }
}

/** Lets what is lent come back, for a while; then the connections are cut. */
async function endPool(pool: SessionPool): Promise<void> {
  const impatience = setTimeout(() => pool.cut(), ending.connections)
  await pool.end().finally(() => clearTimeout(impatience))
}

async function readTime(pool: Pool): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now')
  const now = rows[0]?.now
  if (!now) throw new Error('the database did not say what time it is')
  return now
}
