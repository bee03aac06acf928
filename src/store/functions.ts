import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ClientBase, Pool } from 'pg'
import { StoreFault } from './fault.ts'

/**
 * The number of the set of SQL functions that stands in prisma/functions. Whoever changes a file there raises it by one:
 * a database keeps the functions it has until it meets a higher number, and a process with a lower number than the
 * database's does not write.
 *
 * A function is replaced under its name, so its name, arguments and results stay. One that needs others gets a new name, and
 * the old one stays for one release: until they have ended, processes of the version before call it.
 */
export const functionsVersion = 10

const functionsDirectory = new URL('../../prisma/functions/', import.meta.url)

/** What is applied together, in this order. */
export interface FunctionSet {
  readonly version: number
  readonly files: readonly { readonly name: string; readonly sql: string }[]
  /** SHA-256 over names and texts, hex. */
  readonly checksum: string
}

/** The triggers come last: each needs its function. */
const last = 'triggers.sql'

export async function readFunctions(
  how: { readonly directory?: URL; readonly version?: number } = {},
): Promise<FunctionSet> {
  const { directory = functionsDirectory, version = functionsVersion } = how
  const found = (await readdir(directory)).filter((name) => name.endsWith('.sql'))
  const names = [...found.filter((name) => name !== last).sort(), ...found.filter((name) => name === last)]
  const files = await Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(new URL(name, directory), 'utf8') })),
  )
  const checksum = createHash('sha256').update(JSON.stringify(files)).digest('hex')
  return { version, files, checksum }
}

/**
 * Whether the set has to be applied: the database has a lower number, or none. Looks only.
 *
 * @throws StoreFault `newer_functions`, `functions_edited`
 */
export async function areFunctionsOlder(client: ClientBase | Pool, set: FunctionSet): Promise<boolean> {
  const exists = await client.query<{ table: string | null }>(
    `SELECT to_regclass('function_sets')::text AS table`,
  )
  if (exists.rows[0]?.table == null) return true
  const { rows } = await client.query<{ version: number; checksum: string }>(
    'SELECT version, checksum FROM function_sets ORDER BY version DESC LIMIT 1',
  )
  const [has] = rows
  if (has === undefined || has.version < set.version) return true
  if (has.version > set.version)
    throw newerFunctions(
      `The database has the SQL functions of a newer Countersign (set ${has.version}); this version has set ${set.version}, so it does not write.`,
    )
  if (has.checksum !== set.checksum)
    throw new StoreFault('functions_edited', {
      problem: `The SQL functions in prisma/functions are not those that this database got as set ${set.version}.`,
      fix: 'Restore prisma/functions as it was released (git checkout prisma/functions); or, when the change is yours, raise functionsVersion in src/store/functions.ts.',
    })
  return false
}

/** One process among newer ones. */
export function newerFunctions(problem: string, cause?: unknown): StoreFault {
  return new StoreFault('newer_functions', {
    problem,
    fix: 'Start the version that the other servers run; or restore the backup that was made before the upgrade.',
    ...(cause !== undefined && { cause }),
  })
}

/** Puts the set in place, inside a transaction of the caller's. */
export async function applyFunctions(
  client: ClientBase,
  { version, files, checksum }: FunctionSet,
): Promise<void> {
  for (const { sql } of files) await client.query(sql)
  await client.query('INSERT INTO function_sets (version, checksum) VALUES ($1, $2)', [version, checksum])
}
