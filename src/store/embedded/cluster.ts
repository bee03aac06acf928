import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreFault } from '../fault.ts'
import type { Account } from './account.ts'
import { type Binaries, broken } from './binaries.ts'

/** The user and the database that Countersign has to itself. */
export const owner = 'countersign'

/** The major version of the files: another one cannot read them. */
const major = '18'

/** A database's files, and the password that opens it. */
export interface Cluster {
  readonly directory: string
  readonly password: string
}

export interface ClusterOptions {
  readonly place: string
  readonly binaries: Binaries
  readonly account: Account | null
}

/**
 * Makes the files on first use. They are made under another name and then renamed: a process that dies half-way leaves
 * nothing that looks like a database, and of two that start at once one wins.
 *
 * @throws StoreFault `start_failed` when the files are another version's, `binaries_broken`
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = join(options.place, 'cluster')
  const version = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => null)
  if (version === null) await makeCluster(options, directory)
  else if (version.trim() !== major) throw otherVersion(directory, version.trim())
  return { directory, password: (await readFile(join(directory, passwordFile), 'utf8')).trim() }
}

/** Inside the cluster, so that the two cannot be parted; readable by its account only. PostgreSQL ignores it. */
const passwordFile = 'countersign.password'

async function makeCluster({ place, binaries, account }: ClusterOptions, directory: string): Promise<void> {
  await removeUnfinished(place)
  const unfinished = join(place, `unfinished-${process.pid}`)
  const password = `${unfinished}.password`
  await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  if (account) await chown(password, account.uid, account.gid)
  const flags = [
    '-D',
    unfinished,
    '-U',
    owner,
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ]
  const { code, said } = await runToEnd(
    binaries.initdb,
    [...flags, '--no-locale', '--no-instructions'],
    account,
  )
  if (code !== 0) throw broken(said.trim().split('\n').slice(-3).join(' '))
  await rename(password, join(unfinished, passwordFile))
  try {
    await rename(unfinished, directory)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    const won = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => null)
    if (won === null) throw error
  }
}

/** What starts that died left behind. Those of a start that is running now are left to it. */
async function removeUnfinished(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const pid = /^unfinished-(\d+)/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(place, name), { recursive: true, force: true })
  }
}

/** True when a process of that number exists, whoever's it is; our own number is ours only now. */
export function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Runs one of PostgreSQL's programs and resolves to its exit code (null when it could not start) and what it said. */
export function runToEnd(program: string, flags: readonly string[], account: Account | null) {
  return new Promise<{ readonly code: number | null; readonly said: string }>((resolve) => {
    const child = spawn(program, flags, {
      ...account,
      env: plainEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
    child.on('error', (error) => resolve({ code: null, said: error.message }))
    child.on('close', (code) => resolve({ code, said }))
  })
}

/** PG* variables of the operator's shell must not reach our own database; its messages stay in English. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TMPDIR } = process.env
  return { PATH, SystemRoot, TMPDIR, LC_ALL: 'C', TZ: 'UTC' }
}

function otherVersion(directory: string, version: string): StoreFault {
  return new StoreFault('start_failed', {
    problem: `The files in ${directory} were written by PostgreSQL ${version}; this is ${major}.`,
    mend: `Move them to version ${major} with pg_upgrade or pg_dump, or set DATA_DIR to a new directory.`,
  })
}
