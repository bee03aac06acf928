import type { Logger } from 'pino'
import type { AgeClock } from '../lifetime/ageClock.ts'
import type { Closers } from '../lifetime/closers.ts'
import type { Start } from '../lifetime/start.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type Embedded, startEmbedded } from '../store/embedded.ts'
import { type OpenStore, openStore } from '../store/open.ts'
import type { Config } from './config.ts'
import type { HealthRecord } from './health.ts'
import { type Hold, heldStore } from './heldStore.ts'
import { tellingStore } from './outgoing.ts'

/** What goes through everything that opens something: how it is told to stop, and where what it opened is ended. */
export interface Opening {
  readonly log: Logger
  readonly closers: Closers
  readonly start: Start
}

/** Milliseconds in which each has to end; our own PostgreSQL writes everything first. */
const limits = { store: 25_000, database: 25_000 } as const

export interface DatabaseOptions extends Opening {
  readonly beside: boolean
  readonly ages: AgeClock
  readonly metrics?: Metrics
  /** Hears what is wrong with the database; commands have nobody to tell. */
  readonly health?: HealthRecord
  /** Stops all writing. */
  readonly hold?: Hold
  /** Called as soon as this process only waits for our own PostgreSQL. */
  readonly meanwhile?: () => void
}

/** The database of the configuration, or our own; `beside` a running server, that server's. */
export async function openDatabase(
  config: Config,
  { log, closers, start, beside, ages, metrics, health, hold, meanwhile }: DatabaseOptions,
): Promise<{ readonly store: OpenStore; readonly database: Embedded | null }> {
  let database: Embedded | null = null
  if (!config.databaseUrl) {
    // Not raced: when it is told to stop it ends its server first, and only then rejects.
    const { signal, begins } = start
    database = await start.through('our own PostgreSQL', () =>
      startEmbedded({
        dataDir: config.dataDir,
        log,
        beside,
        signal,
        begins,
        ...(meanwhile && { meanwhile }),
      }),
    )
    closers.add('our own PostgreSQL', database.stop, limits.database)
  }
  const store = await openStore({
    databaseUrl: config.databaseUrl ?? database?.url ?? '',
    migrateUrl: database?.migrateUrl ?? config.migrateUrl,
    log,
    start,
    ...(health && { health }),
    ...(metrics && { statementEnded: metrics.statementEnded }),
    ...(database && { beginAnew: database.beginAnew }),
  })
  closers.add('the store', () => store.close(), limits.store)
  const counted = metrics ? metrics.counted(store.store) : store.store
  const telling = tellingStore(counted, ages)
  return { store: { ...store, store: hold ? heldStore(telling, hold) : telling }, database }
}
