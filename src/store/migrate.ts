import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Logger, runMigrations } from 'graphile-worker'
import type { ClientBase, Pool } from 'pg'
import { type Start, unstoppable } from '../lifetime/start.ts'
import { StoreFault, type StoreFaultCode } from './fault.ts'
import type { Log } from './log.ts'
import { underMigrationLock } from './migrationLock.ts'
import { databaseFaultOf } from './startFaults.ts'

/** Found from src/store and from dist/store alike. */
export const migrationsDirectory = new URL('../../prisma/migrations/', import.meta.url)

interface Migration {
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file, hex: what Prisma records. */
  readonly checksum: string
}

interface Applied {
  readonly migration_name: string
  readonly checksum: string
  readonly finished_at: Date | null
  readonly rolled_back_at: Date | null
}

/**
 * Brings the database to the schema this version was built with, or refuses it. Replicas that start together take
 * turns. The job queue's own schema comes first: our commit function adds jobs to it. What is applied is recorded in
 * `_prisma_migrations` as Prisma would, so its tools keep working; each migration is one transaction with its record.
 * A start that is told to stop leaves the lock, and the migration that was being applied is rolled back.
 *
 * @throws StoreFault `newer_database`, `migration_edited`, `migration_failed`
 */
export async function migrate(
  pool: Pool,
  log: Log,
  how: { readonly directory?: URL; readonly start?: Start } = {},
): Promise<readonly string[]> {
  const { directory = migrationsDirectory, start = unstoppable() } = how
  const known = await readMigrations(directory)
  return underMigrationLock({ pool, start }, async (client) => {
    const applied = await readApplied(client)
    refuseStrangers(known, applied)
    await migrateJobQueue(pool, log)
    const done = new Set(applied.filter((one) => one.finished_at).map((one) => one.migration_name))
    const pending = known.filter((one) => !done.has(one.name))
    if (pending.length > 0) await client.query(recordTable)
    for (const migration of pending) {
      await apply(client, migration)
      log.info({ migration: migration.name }, 'migration applied')
    }
    return pending.map((one) => one.name)
  })
}

async function readMigrations(directory: URL): Promise<readonly Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(new URL(`${name}/migration.sql`, directory), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function readApplied(client: ClientBase): Promise<readonly Applied[]> {
  const exists = await client.query<{ table: string | null }>(
    `SELECT to_regclass('_prisma_migrations')::text AS table`,
  )
  if (exists.rows[0]?.table == null) return []
  const { rows } = await client.query<Applied>(
    'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations ORDER BY started_at',
  )
  return rows.filter((one) => !one.rolled_back_at)
}

function refuseStrangers(known: readonly Migration[], applied: readonly Applied[]): void {
  const files = new Map(known.map((one) => [one.name, one.checksum]))
  for (const { migration_name: name, checksum, finished_at } of applied) {
    const expected = files.get(name)
    if (expected === undefined)
      throw new StoreFault('newer_database', {
        problem: `The database was migrated by a newer Countersign: it has ${name}, which this version does not know.`,
        fix: 'Start the newer version again, or restore the backup that was made before the upgrade.',
      })
    if (!finished_at)
      throw new StoreFault('migration_failed', {
        problem: `The migration ${name} was begun by another tool and did not finish.`,
        fix: `Undo what it left behind, then run: npx prisma migrate resolve --rolled-back ${name}`,
      })
    if (expected !== checksum)
      throw new StoreFault('migration_edited', {
        problem: `The migration ${name} was changed after it had been applied to this database.`,
        fix: `Restore prisma/migrations/${name}/migration.sql as it was released (git checkout), and put changes in a new migration.`,
      })
  }
}

/** graphile-worker keeps its own record of its own schema; the lock that we hold makes replicas take turns here too. */
async function migrateJobQueue(pool: Pool, log: Log): Promise<void> {
  const logger = new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning')
      log.warn({ from: 'graphile-worker', says: message }, 'job queue schema')
  })
  await runMigrations({ pgPool: pool, logger })
}

async function apply(client: ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  const { rows } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at')
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name, rows[0]?.at],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined)
    const environment = databaseFaultOf(cause) // the disk, the connection, a right: no fault of the migration
    if (environment instanceof StoreFault && !migrationsOwn.has(environment.code)) throw environment
    throw new StoreFault('migration_failed', {
      problem: `The migration ${name} could not be applied; nothing of it was kept.`,
      fix: 'The cause says why; fix that and start again.',
      cause,
    })
  }
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
