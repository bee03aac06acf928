import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ClientBase, Pool } from 'pg'
import { StoreFault } from './fault.ts'
import { areFunctionsOlder, type FunctionSet, readFunctions } from './functions.ts'

/** Found from src/store and from dist/store alike. */
export const migrationsDirectory = new URL('../../prisma/migrations/', import.meta.url)

export interface Migration {
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

/** What this version was built with. */
export interface Built {
  readonly migrations: readonly Migration[]
  readonly functions: FunctionSet
}

/** What the database lacks of it. */
export interface Missing {
  readonly migrations: readonly Migration[]
  /** The whole set, when the database has an older one or none. */
  readonly functions: FunctionSet | null
  /** True when nothing of ours is there yet. */
  readonly isEmpty: boolean
}

/**
 * @throws StoreFault `before_baseline`, `newer_database`, `migration_edited`, `migration_failed` for one that another tool left
 * unfinished, `newer_functions`, `functions_edited`
 */
export async function missingFrom(
  client: ClientBase | Pool,
  built: Built,
  beginAnew?: string,
): Promise<Missing> {
  const applied = await readApplied(client)
  refuseFromBeforeBaseline(applied, beginAnew)
  refuseStrangers(built.migrations, applied)
  const done = new Set(applied.filter((one) => one.finished_at).map((one) => one.migration_name))
  return {
    migrations: built.migrations.filter((one) => !done.has(one.name)),
    functions: (await areFunctionsOlder(client, built.functions)) ? built.functions : null,
    isEmpty: done.size === 0,
  }
}

export async function readMigrations(directory: URL): Promise<readonly Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(new URL(`${name}/migration.sql`, directory), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function readApplied(client: ClientBase | Pool): Promise<readonly Applied[]> {
  const exists = await client.query<{ table: string | null }>(
    `SELECT to_regclass('_prisma_migrations')::text AS table`,
  )
  if (exists.rows[0]?.table == null) return []
  const { rows } = await client.query<Applied>(
    'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations ORDER BY started_at',
  )
  return rows.filter((one) => !one.rolled_back_at)
}

/** The first of the migrations that the baseline took the place of. */
const beforeBaseline = '20261122060000_tables'

/** Nothing was released before the baseline, so no way leads from there to here. */
function refuseFromBeforeBaseline(applied: readonly Applied[], beginAnew = emptyDatabase): void {
  if (!applied.some((one) => one.migration_name === beforeBaseline)) return
  throw new StoreFault('before_baseline', {
    problem:
      'This database was made by a Countersign from before its first release, and no later version can use it.',
    fix: `Nothing was released then, so nothing is carried over. To give up what is recorded there and start over: ${beginAnew}`,
  })
}

const emptyDatabase =
  "name an empty database in DATABASE_URL (CREATE DATABASE a_new_name OWNER your_role TEMPLATE template0 ENCODING 'UTF8')"

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

/** Looks only, for who asks what a start would say. @throws StoreFault as `missingFrom` does */
export async function refuseOtherVersions(pool: Pool): Promise<void> {
  const [migrations, functions] = await Promise.all([readMigrations(migrationsDirectory), readFunctions()])
  await missingFrom(pool, { migrations, functions })
}
