import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreFault } from '../fault.ts'
import { startFaultOf } from '../startFaults.ts'
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
  readonly signal: AbortSignal
  /** Hears that the files are being made. */
  readonly begins: (doing: string) => void
  readonly meanwhile: () => void
}

/**
 * Makes the files on first use. They are made under another name and then renamed: a process that dies half-way leaves
 * nothing that looks like a database, and of two that start at once one wins. Files that are there and cannot be used are
 * refused, and never touched.
 *
 * @throws StoreFault `start_failed` when the files are another version's, `files_damaged`, `not_writable`, `binaries_broken`
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = join(options.place, 'cluster')
  if (await isEmpty(directory)) await makeCluster(options, directory)
  else await refuseUnusable(directory, options.account)
  return { directory, password: await readOrRefuse(directory, passwordFile) }
}

/** Inside the cluster, so that the two cannot be parted; readable by its account only. PostgreSQL ignores it. */
const passwordFile = 'countersign.password'

async function isEmpty(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).length === 0
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true
    throw startFaultOf(error)
  }
}

async function refuseUnusable(directory: string, account: Account | null): Promise<void> {
  const version = await readOrRefuse(directory, 'PG_VERSION')
  if (version !== major) throw otherVersion(directory, version)
  const { uid, mode } = await stat(directory)
  const mine = account?.uid ?? process.getuid?.() ?? uid
  if (uid !== mine || (mode & 0o027) !== 0) throw notItsOwn(directory, mine)
}

/** One of the files without which the database cannot be opened. */
async function readOrRefuse(directory: string, name: string): Promise<string> {
  const text = await readFile(join(directory, name), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return ''
    throw startFaultOf(error)
  })
  if (text.trim() === '') throw lost(directory, name)
  return text.trim()
}

async function makeCluster(options: ClusterOptions, directory: string): Promise<void> {
  const { place, binaries, account, signal } = options
  options.begins(`Creating a database in ${place}, once`)
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
  const more = ['--no-locale', '--no-instructions']
  const making = runToEnd(binaries.initdb, [...flags, ...more], { account, signal })
  options.meanwhile()
  const made = await making
  if (made.code !== 0) {
    for (const path of [unfinished, password]) await rm(path, { recursive: true, force: true })
    signal.throwIfAborted()
    throw initFailed(made.said)
  }
  await rename(password, join(unfinished, passwordFile))
  try {
    await rename(unfinished, directory)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    const won = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => null)
    if (won === null) throw startFaultOf(error)
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

/**
 * Runs one of PostgreSQL's programs and resolves to its exit code (null when it could not start, or was told to stop) and
 * what it said.
 */
export function runToEnd(
  program: string,
  flags: readonly string[],
  { account, signal }: { readonly account: Account | null; readonly signal?: AbortSignal },
) {
  return new Promise<{ readonly code: number | null; readonly said: string }>((resolve) => {
    const child = spawn(program, flags, {
      ...account,
      env: plainEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal }),
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
    child.on('error', (error) => (said += error.message))
    child.on('close', (code) => resolve({ code, said }))
  })
}

/** PG* variables of the operator's shell must not reach our own database; its messages stay in English. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TMPDIR } = process.env
  return { PATH, SystemRoot, TMPDIR, LC_ALL: 'C', TZ: 'UTC' }
}

/** What the program says in plain words about the machine; anything else is about the program itself. */
function initFailed(said: string): StoreFault {
  const last = said.trim().split('\n').slice(-3).join(' ')
  const state = /No space left on device/.test(said)
    ? 'ENOSPC'
    : /Permission denied/.test(said)
      ? 'EACCES'
      : null
  const fault = state && startFaultOf(Object.assign(new Error(last), { code: state }))
  return fault instanceof StoreFault ? fault : broken(last)
}

function lost(directory: string, name: string): StoreFault {
  return new StoreFault('files_damaged', {
    problem: `The database in ${directory} cannot be opened: its file ${name} is missing or empty.`,
    fix: `Restore that file from a backup of the data directory. To give up what is recorded and start over, move ${directory} away.`,
  })
}

function notItsOwn(directory: string, uid: number): StoreFault {
  return new StoreFault('not_writable', {
    problem: `The database in ${directory} does not belong to the user that runs PostgreSQL (number ${uid}), or others may read it.`,
    fix: `chown -R ${uid} ${directory} && chmod 700 ${directory}`,
  })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

function otherVersion(directory: string, version: string): StoreFault {
  return new StoreFault('start_failed', {
    problem: `The files in ${directory} were written by PostgreSQL ${version}; this is ${major}.`,
    fix: `Move them to version ${major} with pg_upgrade or pg_dump, or set DATA_DIR to a new directory.`,
  })
}
