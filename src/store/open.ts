import { PrismaPg } from '@prisma/adapter-pg'
import type { Pool } from 'pg'
import type { Clock, Store } from '../approvals/ports.ts'
import { connect } from './connect.ts'
import { databaseClock } from './databaseClock.ts'
import { type Installation, type InstallationClaim, openInstallation } from './installation.ts'
import type { Log } from './log.ts'
import { migrate } from './migrate.ts'
import { listen } from './notifications.ts'
import { refuseSharedSessions } from './ownSessions.ts'
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

/**
 * Connects, migrates, listens, and reads the time. Nothing is left open when it throws.
 *
 * @throws StoreFault from connecting and migrating, each with the sentence that mends it
 */
export async function openStore(options: {
  readonly databaseUrl: string
  readonly log: Log
}): Promise<OpenStore> {
  const { databaseUrl, log } = options
  const pool = await connect(databaseUrl, log)
  const closers: (() => unknown)[] = [() => pool.end()]
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one()
  }
  try {
    await tryTwoSessions(pool)
    await migrate(pool, log)
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
    closers.push(() => prisma.$disconnect())
    const notifications = await listen(databaseUrl, log)
    closers.push(() => notifications.close())
    const clock = await databaseClock({ readTime: () => readTime(pool), log })
    closers.push(() => clock.stop())
    const { store, idle } = storeOn({ prisma, pool }, notifications)
    closers.push(idle)
    return { store, clock: clock.now, pool, installation: (claim) => openInstallation(prisma, claim), close }
  } catch (error) {
    await close()
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

async function readTime(pool: Pool): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now')
  const now = rows[0]?.now
  if (!now) throw new Error('the database did not say what time it is')
  return now
}
