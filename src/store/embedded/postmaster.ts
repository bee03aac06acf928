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

/**
 * The server that runs on these files, whoever started it; null when there is none. A file left by a server that died
 * is taken away when its number now belongs to some other program or a zombie: PostgreSQL would refuse to start over it.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const file = join(cluster, 'postmaster.pid')
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  if (!isAlive(pid)) return null
  if (!(await isPostgres(pid))) {
    await rm(file, { force: true })
    return null
  }
  const status = lines[7] === 'ready' ? 'ready' : lines[7] === 'stopping' ? 'stopping' : 'starting'
  return { pid, port: Number(lines[3]), socketDirectory: lines[4] ?? '', status }
}

/**
 * Without /proc nobody can tell, and then it is taken for one: a refusal is safer than a second server. A zombie is not
 * one any more; where nobody collects them, as in a container without an init, a killed server stays one for ever.
 */
async function isPostgres(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return isAlive(pid)
  const [, program, state] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? []
  return program === 'postgres' && state !== 'Z' && state !== 'X'
}
