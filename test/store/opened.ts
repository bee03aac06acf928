import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type OpenStore, type OpenStoreOptions, openStore } from '../../src/store/open.ts'
import { freshDatabase } from '../support/database.ts'
import { roleThatServes } from './role.ts'

export const silent = pino({ level: 'silent' })

/** A store on a database of its own, closed when the test ends. */
export async function opened(
  databaseUrl?: string,
  options: Pick<OpenStoreOptions, 'statementEnded'> = {},
): Promise<OpenStore & { readonly databaseUrl: string }> {
  const url = databaseUrl ?? (await freshDatabase())
  const open = await openStore({ ...options, databaseUrl: url, log: silent })
  onTestFinished(() => open.close())
  return { ...open, databaseUrl: url }
}

/** The same, as a role that does not own the tables. */
export async function openedToServe(): Promise<
  OpenStore & { readonly databaseUrl: string; readonly migrateUrl: string }
> {
  const urls = await roleThatServes()
  const open = await openStore({ ...urls, log: silent })
  onTestFinished(() => open.close())
  return { ...open, ...urls }
}

/** Keys of the jobs that wait. */
export async function jobKeys({ pool }: OpenStore): Promise<readonly string[]> {
  const { rows } = await pool.query<{ key: string }>(
    'SELECT key FROM graphile_worker.jobs WHERE key IS NOT NULL ORDER BY key COLLATE "C"',
  )
  return rows.map((row) => row.key)
}
