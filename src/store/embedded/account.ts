import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { StoreFault } from '../fault.ts'

/** The operating system's user that runs PostgreSQL for us. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

const run = promisify(execFile)
const name = 'postgres'

/**
 * PostgreSQL refuses to run as root. Null when we are not root: then it runs as ourselves. Otherwise the user
 * `postgres`, made if this machine has none.
 *
 * @throws StoreFault `no_account`
 */
export async function accountToRunAs(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const found = await findAccount()
  if (found) return found
  try {
    // Debian and Red Hat have useradd, Alpine has adduser.
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      name,
    ]).catch(() => run('adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', name]))
  } catch (cause) {
    throw noAccount(cause)
  }
  const made = await findAccount()
  if (!made) throw noAccount()
  return made
}

/** True when the account can pass through every directory of the path. Looks at modes only, not at access lists. */
export async function canEnter(account: Account, path: string): Promise<boolean> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at)
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
    if (((mode >> shift) & 1) === 0) return false
    if (at === dirname(at)) return true
  }
}

async function findAccount(): Promise<Account | null> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((one) => one.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null
}

function noAccount(cause?: unknown): StoreFault {
  return new StoreFault('no_account', {
    problem: `PostgreSQL does not run as root, and a user ${name} could not be made for it.`,
    fix: `Run Countersign as another user, or make one (useradd --system ${name}), or set DATABASE_URL.`,
    cause,
  })
}
