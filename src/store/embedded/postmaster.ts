import { readFileSync } from 'node:fs'
import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive } from './cluster.ts'

/** What a running server says about itself in `postmaster.pid` (PostgreSQL: src/include/utils/pidfile.h). */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** Empty when it listens on a port only. */
  readonly socketDirectory: string
  readonly status: 'starting' | 'ready' | 'stopping'
}

/** The server that runs on these files, whoever started it; null when there is none. */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const lines = await linesOf(pidFile(cluster))
  const pid = Number(lines[0])
  if (!(await isPostgres(pid))) return null
  const status = lines[7] === 'ready' ? 'ready' : lines[7] === 'stopping' ? 'stopping' : 'starting'
  return { pid, port: Number(lines[3]), socketDirectory: lines[4] ?? '', status }
}

/**
 * Takes away what a server that died left behind, when its number now belongs to some other program or to a zombie:
 * PostgreSQL would refuse to start over it. It judges the ordinary cases itself, such as a number that is free. A file
 * without a number (the machine went down while it was written, or the disk was full) it refuses too: that is taken away
 * where /proc shows that no server works on these files.
 */
export async function removeStaleLocks(cluster: string, socketDirectory: string): Promise<void> {
  for (const file of [pidFile(cluster), join(socketDirectory, '.s.PGSQL.5432.lock')]) {
    const lines = await linesOf(file)
    const pid = Number(lines[0])
    const stale = pid > 0 ? !(await isPostgres(pid)) : (await isThere(file)) && (await isLeft(cluster))
    if (stale) await rm(file, { force: true })
  }
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid')
}

async function linesOf(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').map((line) => line.trim())
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

/** A server that ends takes its pid file away before its last process is gone. Milliseconds. */
const leaving = { every: 50, tries: 60 } as const

/** True when no server works on these files, or none does any more after a moment. */
async function isLeft(cluster: string): Promise<boolean> {
  for (let tries = 0; tries < leaving.tries; tries += 1) {
    if (await nobodyWorksOn(cluster)) return true
    await delay(leaving.every)
  }
  return false
}

/** Every process of a server has its files as working directory. What cannot be looked at might be one. */
async function nobodyWorksOn(cluster: string): Promise<boolean> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  if (pids.length === 0) return false
  const places = await Promise.all(
    pids.map(async (pid) => {
      if (!(await isPostgres(Number(pid)))) return null
      return readlink(`/proc/${pid}/cwd`).catch(() => cluster)
    }),
  )
  return !places.includes(cluster)
}

/**
 * Without /proc nobody can tell, and then it is taken for one: a refusal is safer than a second server. A zombie is not
 * one any more; where nobody collects them, as in a container without an init, a killed server stays one for ever.
 */
async function isPostgres(pid: number): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return false
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return status === null || saysPostgres(status)
}

function saysPostgres(status: string): boolean {
  const [, program, state] = /^\d+ \((.*)\) (\S)/s.exec(status) ?? []
  return program === 'postgres' && state !== 'Z' && state !== 'X'
}

/**
 * For a process that ends now and can wait for nothing: immediate shutdown, as after a loss of power. What was
 * acknowledged is in the log on disk, and the next start recovers it. Does nothing when the number is another program's.
 */
export function endAtOnce(pid: number): void {
  try {
    if (saysPostgres(readFileSync(`/proc/${pid}/stat`, 'utf8'))) process.kill(pid, 'SIGQUIT')
  } catch {
    // It is gone, or nobody can tell whose number it is.
  }
}
