import { PrismaPg } from '@prisma/adapter-pg'
import type { Pool } from 'pg'
import type { AnchorStore } from '../approvals/ledger/anchors/anchorStore.ts'
import type { LedgerReader } from '../approvals/ledger/ledgerReader.ts'
import type { LedgerStore } from '../approvals/ledger/ledgerStore.ts'
import type { LedgerResumption } from '../approvals/ledger/resume/ledgerResumption.ts'
import type { Clock, Health, Store } from '../approvals/ports.ts'
import type { StreamFeed } from '../approvals/streams/streamFeed.ts'
import { type Closers, createClosers } from '../lifetime/closers.ts'
import { type Start, unstoppable } from '../lifetime/start.ts'
import { connect } from './connect.ts'
import { databaseClock } from './databaseClock.ts'
import { hostOf, plainUrl } from './databaseUrl.ts'
import { functionsVersion, newerFunctions } from './functions.ts'
import { type Installation, type InstallationClaim, openInstallation } from './installation.ts'
import { anchorsOn } from './ledger/anchorsOn.ts'
import { ledgerOn } from './ledger/ledgerOn.ts'
import { ledgerReader } from './ledger/ledgerReader.ts'
import { resumptionOn } from './ledger/resumptionOn.ts'
import { streamFeedOn } from './ledger/streamFeed.ts'
import type { Log } from './log.ts'
import { listen } from './notifications.ts'
import { cutAfter, endPool, type PoolLimits, usualLimits } from './pool.ts'
import { prepareDatabase } from './prepareDatabase.ts'
import { PrismaClient } from './prisma/client.ts'
import { statementName } from './sendBatch.ts'
import { databaseFaultOf } from './startFaults.ts'
import { storeOn } from './store.ts'
import { underSecret } from './underSecret.ts'
import type { EndedStatement } from './watchedSession.ts'

export interface OpenStore {
  readonly store: Store
  /** The tree over its entries. */
  readonly ledger: LedgerStore
  readonly ledgerReader: LedgerReader
  /** What is sealed, to be sent on. */
  readonly feed: StreamFeed
  /** What is anchored of it, and where. */
  readonly anchored: AnchorStore
  /** Where the tree is given its next name. */
  readonly resumption: LedgerResumption
  /** The database's time. */
  readonly clock: Clock
  /** For the job queue, which shares the connections. */
  readonly pool: Pool
  /** Aborted with a StoreFault when a newer version or another secret takes over the database: nothing is written from then on. */
  readonly replaced: AbortSignal
  /** @throws StoreFault `sandbox_database`, `production_database`, `other_secret` */
  installation(claim: InstallationClaim): Promise<Installation>
  /** Commits that were begun are finished first. */
  close(): Promise<void>
}

export interface OpenStoreOptions {
  readonly databaseUrl: string
  /** Logs in as the role that owns the tables, when the other one only serves. */
  readonly migrateUrl?: string | null
  readonly log: Log
  /** Hears when writing fails for a reason that makes this process unfit. Commands have none. */
  readonly health?: Health
  readonly limits?: PoolLimits
  /** Hears how each statement of the work ended; those of a migration are not among them. */
  readonly statementEnded?: (statement: EndedStatement) => void
  /** How the start is told to stop, and says what it waits for. */
  readonly start?: Start
  /** What makes an empty database in place of this one, when we know it: for whoever has to begin anew. */
  readonly beginAnew?: string
}

/** Milliseconds that each part may take to end; none of them may hold up the others. */
const ending = { commits: 12_000, rest: 2_000 } as const

/**
 * Connects, looks whether the database is fit, migrates, listens, and reads the time. Nothing is left open when it throws,
 * or when the start is told to stop.
 *
 * @throws StoreFault from `startFaults.ts`, `suitable.ts` and the migrations, each with the sentence that fixes it
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const { log, limits = usualLimits, health = deaf, start = unstoppable(), beginAnew } = options
  const databaseUrl = plainUrl(options.databaseUrl)
  const database = `the database at ${hostOf(databaseUrl)}`
  const closers = createClosers(log)
  try {
    const { migrateUrl } = options
    await prepareDatabase(
      { databaseUrl, migrateUrl: migrateUrl ? plainUrl(migrateUrl) : null },
      { log, start, ...(beginAnew !== undefined && { beginAnew }) },
    )
    const pool = await start.phase(database, async () => {
      const pool = await connect(databaseUrl, log, limits)
      closers.add('database connections', () => endPool(pool), cutAfter + ending.rest)
      return pool
    })
    if (options.statementEnded) pool.statementEnded = options.statementEnded
    const prisma = new PrismaClient({
      adapter: new PrismaPg(pool, { statementNameGenerator: statementName }),
    })
    closers.add('database client', () => prisma.$disconnect(), ending.rest)
    const notifications = await start.phase(database, async () => {
      const notifications = await listen(databaseUrl, log, { signal: start.signal })
      closers.add('notifications', () => notifications.close(), ending.rest)
      return notifications
    })
    const clock = await start.phase(database, async () => {
      const clock = await databaseClock({ readTime: () => readTime(pool), log })
      closers.add('clock', () => clock.stop(), ending.rest)
      return clock
    })
    const replacement = new AbortController()
    const { store, idle } = storeOn({ prisma, pool }, notifications, {
      log,
      health,
      replaced: (cause) => replacement.abort(replacedBy(cause)),
    })
    closers.add('commits', idle, ending.commits)
    const installation = async (claim: InstallationClaim) => {
      const opened = await start.phase(database, () => openInstallation(prisma, claim))
      pool.admits = underSecret(claim.secretFingerprint, (fault) => replacement.abort(fault))
      return opened
    }
    const { signal: replaced } = replacement
    const close = () => endAll(closers)
    return { store, ...ledgerOf(pool, notifications), clock: clock.now, pool, replaced, installation, close }
  } catch (error) {
    await closers.close()
    throw databaseFaultOf(error)
  }
}

const ledgerOf = (pool: Pool, notifications: Parameters<typeof ledgerOn>[1]) => ({
  ledger: ledgerOn(pool, notifications),
  ledgerReader: ledgerReader(pool),
  feed: streamFeedOn(pool),
  anchored: anchorsOn(pool),
  resumption: resumptionOn(pool),
})

const replacedBy = (cause: unknown) =>
  newerFunctions(
    `A newer Countersign has taken over the database. This version, with set ${functionsVersion} of the SQL functions, no longer writes anything.`,
    cause,
  )

const deaf: Health = { raise() {}, clear() {} }

/** @throws with everything that did not end in order, when all of it has been ended as far as it can be */
async function endAll(closers: Closers): Promise<void> {
  await closers.close()
  const failed = closers.failed()
  if (failed.length > 0) throw new Error(failed.join(', '))
}

async function readTime(pool: Pool): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now')
  const now = rows[0]?.now
  if (!now) throw new Error('the database did not say what time it is')
  return now
}
