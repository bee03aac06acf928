import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
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
 * PostgreSQL would refuse to start over it. It judges the ordinary cases itself, such as a number that is free.
 */
export async function removeStaleLocks(cluster: string, socketDirectory: string): Promise<void> {
  for (const file of [pidFile(cluster), join(socketDirectory, '.s.PGSQL.5432.lock')]) {
    const pid = Number((await linesOf(file))[0])
    if (pid > 0 && !(await isPostgres(pid))) await rm(file, { force: true })
  }
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid')
}

async function linesOf(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').map((line) => line.trim())
}

/**
 * Without /proc nobody can tell, and then it is taken for one: a refusal is safer than a second server. A zombie is not
 * one any more; where nobody collects them, as in a container without an init, a killed server stays one for ever.
 */
async function isPostgres(pid: number): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return false
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return true
  const [, program, state] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? []
  return program === 'postgres' && state !== 'Z' && state !== 'X'
}
