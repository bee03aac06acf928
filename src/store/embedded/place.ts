import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StoreFault } from '../fault.ts'
import { type Account, canEnter } from './account.ts'

/** Where a database lives. Everything of it is below `directory`, which its account owns. */
export interface Place {
  readonly directory: string
  /** Said to the operator when it is not where they would look. */
  readonly note: string | null
}

/** Where databases go that cannot live in the data directory. Root can always write here, and everybody can enter. */
const elsewhere = '/var/lib/countersign'

/**
 * `postgres` in the data directory, if the account that runs PostgreSQL can get there. Below a directory that only root
 * can enter it cannot: then a directory under /var/lib/countersign, whose name is kept in the data directory, so that
 * removing the data directory still means starting anew.
 *
 * @throws StoreFault `not_writable`
 */
export async function choosePlace(dataDir: string, account: Account | null): Promise<Place> {
  const home = resolve(dataDir)
  try {
    await mkdir(home, { recursive: true, mode: 0o700 })
    const pointer = join(home, 'postgres.place')
    const moved = account ? await readFile(pointer, 'utf8').catch(() => null) : null
    if (moved !== null)
      return await make({ directory: moved.trim(), note: noteOf(moved.trim(), home) }, account)
    if (!account || (await openTo(account, home)))
      return await make({ directory: join(home, 'postgres'), note: null }, account)

    const directory = join(elsewhere, randomBytes(6).toString('hex'))
    await writeFile(pointer, `${directory}\n`)
    return await make({ directory, note: noteOf(directory, home) }, account)
  } catch (cause) {
    throw notWritable(home, cause)
  }
}

/** Whether a database has ever been made for this data directory. Looks only; makes nothing. */
export function holdsDatabase(dataDir: string): boolean {
  return ['postgres', 'postgres.place'].some((name) => existsSync(join(dataDir, name)))
}

/** The data directory itself is ours to open: others may then pass through it, and still not list it. */
async function openTo(account: Account, home: string): Promise<boolean> {
  if (!(await canEnter(account, dirname(home)))) return false
  const { mode } = await stat(home)
  await chmod(home, mode | 0o011)
  return true
}

async function make(place: Place, account: Account | null): Promise<Place> {
  await mkdir(dirname(place.directory), { recursive: true })
  await mkdir(place.directory, { recursive: true, mode: 0o700 })
  if (account) await chown(place.directory, account.uid, account.gid)
  return place
}

function noteOf(directory: string, home: string): string {
  return `The database is in ${directory}: PostgreSQL does not run as root, and its own user cannot enter ${home}.`
}

function notWritable(home: string, cause: unknown): StoreFault {
  return new StoreFault('not_writable', {
    problem: `The data directory ${home} cannot be written.`,
    fix: `Make it writable (chown -R "$USER" ${home}), or set DATA_DIR to a directory that is.`,
    cause,
  })
}
