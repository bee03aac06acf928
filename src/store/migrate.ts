import { randomUUID } from 'node:crypto'
import { Logger, runMigrations } from 'graphile-worker'
import type { ClientBase, Pool } from 'pg'
import { type Start, unstoppable } from '../lifetime/start.ts'
import { StoreFault, type StoreFaultCode } from './fault.ts'
import { applyFunctions, type FunctionSet, readFunctions } from './functions.ts'
import type { Log } from './log.ts'
import { underMigrationLock } from './migrationLock.ts'
import { type Migration, type Missing, migrationsDirectory, missingFrom, readMigrations } from './missing.ts'
import { letServe } from './servingRole.ts'
import { databaseFaultOf } from './startFaults.ts'

export interface HowToMigrate {
  readonly directory?: URL
  readonly functions?: FunctionSet
  readonly start?: Start
  /** What makes an empty database in place of this one, for whoever has to begin anew. */
  readonly beginAnew?: string
  /** Logs in as the role that serves, when that is another than the one that migrates. */
  readonly serving?: Pool
}

/**
 * Brings the database to the schema this version was built with, or refuses it. Replicas that start together take
 * turns. The job queue's own schema comes first: our commit function adds jobs to it. Then, in one transaction, the
 * migrations that are missing, recorded in `_prisma_migrations` as Prisma would, so that its tools keep working; and when
 * the database has older ones, the SQL functions and triggers with their number. A start that is told to stop leaves the
 * lock, and what was being applied is rolled back.
 *
 * @throws StoreFault as `missingFrom` does, before anything is changed; `migration_failed`; as `letServe` does
 */
export async function migrate(pool: Pool, log: Log, how: HowToMigrate = {}): Promise<readonly string[]> {
  const { directory = migrationsDirectory, start = unstoppable() } = how
  const functions = how.functions ?? (await readFunctions())
  const built = { migrations: await readMigrations(directory), functions }
  return underMigrationLock({ pool, start }, async (client) => {
    const missing = await missingFrom(client, built, how.beginAnew)
    const { length } = missing.migrations
    if (length > 0)
      start.begins(missing.isEmpty ? 'Creating its tables' : `Changing its tables (${length} migrations)`)
    await migrateJobQueue(pool, log)
    await bringUp(client, missing)
    if (how.serving) await letServe(how.serving, client)
    for (const { name } of missing.migrations) log.info({ migration: name }, 'migration applied')
    if (missing.functions) log.info({ functions: missing.functions.version }, 'SQL functions applied')
    return missing.migrations.map(({ name }) => name)
  })
}

/** graphile-worker keeps its own record of its own schema; the lock that we hold makes replicas take turns here too. */
async function migrateJobQueue(pool: Pool, log: Log): Promise<void> {
  const logger = new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning')
      log.warn({ from: 'graphile-worker', says: message }, 'job queue schema')
  })
  await runMigrations({ pgPool: pool, logger })
}

/** The lock under which `countersign_commit` writes. */
export const commitLock = '7305808869230650227'

/**
 * All of it or nothing: there is no moment at which tables stand without their triggers, or functions beside tables that they
 * do not know. The lock comes before any table's, as in a commit: so each commit is wholly before this or wholly after it,
 * where a process with older functions is refused, and neither can be in the other's way half-way.
 */
async function bringUp(client: ClientBase, { migrations, functions }: Missing): Promise<void> {
  if (migrations.length === 0 && !functions) return
  let step = 'The upgrade'
  await client.query('BEGIN')
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${commitLock})`)
    await client.query(recordTable)
    for (const migration of migrations) {
      step = `The migration ${migration.name}`
      await applyMigration(client, migration)
    }
    if (functions) {
      step = `Set ${functions.version} of the SQL functions`
      await applyFunctions(client, functions)
    }
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw failed(step, cause)
  }
}

async function applyMigration(client: ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  const { rows } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at')
  await client.query(sql)
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
    [randomUUID(), checksum, name, rows[0]?.at],
  )
}

/** The disk, the connection, a right: no fault of the migration. Anything else is. */
function failed(step: string, cause: unknown): unknown {
  const environment = databaseFaultOf(cause)
  if (environment instanceof StoreFault && !migrationsOwn.has(environment.code)) return environment
  return new StoreFault('migration_failed', {
    problem: `${step} could not be applied; nothing was changed.`,
    fix: 'The cause says why; fix that and start again.',
    cause,
  })
}

/** What says more about the migration, or about what it met in the tables, than about the environment. */
const migrationsOwn = new Set<StoreFaultCode>(['refused', 'schema_damaged'])

/** Prisma's own table, letter by letter. */
const recordTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`
