import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { StartFault } from './startFault.ts'

/** What a running server leaves for the command line, in the data directory. */
const shape = z.object({
  pid: z.number().int().positive(),
  /** Tells that process from a later one of the same number; null where the system does not say. */
  born: z.string().nullable().default(null),
  url: z.string(),
  /** How to reach what the sandbox has in the place of Slack and Teams, or null with a real channel. */
  sandbox: z
    .object({
      botToken: z.string(),
      apiUrl: z.string(),
      teams: z
        .object({
          appId: z.string(),
          tenant: z.string(),
          credential: z.object({ kind: z.literal('secret'), secret: z.string() }),
          services: z.object({
            connector: z.string(),
            login: z.string(),
            graph: z.string(),
            keys: z.string(),
            issuer: z.string(),
          }),
        })
        .nullable()
        .default(null),
    })
    .nullable(),
})

export type Running = z.infer<typeof shape>

/**
 * Readable by its owner only: it holds the sandbox's token and secret. Whole or not there, and only one server has it: of two that
 * start at once on one data directory the second is refused.
 *
 * @throws StartFault when another server runs on this data directory, or something else stands there
 */
export function writeRunning(dataDir: string, says: Omit<Running, 'pid' | 'born'>): void {
  const file = fileIn(dataDir)
  const unfinished = `${file}.${process.pid}`
  const running: Running = { pid: process.pid, born: birthOf(process.pid), ...says }
  refuseSecond(dataDir)
  try {
    writeFileSync(unfinished, JSON.stringify(running), { mode: 0o600 })
    putInPlace(unfinished, file)
  } catch (cause) {
    refuseSecond(dataDir)
    throw new StartFault({
      problem: `${file} cannot be written, and the command line finds a running server by it.`,
      fix: 'Remove what is there, or set DATA_DIR to another directory.',
      cause,
    })
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/** A link is refused where somebody was first; what a server that is gone left there is replaced. */
function putInPlace(unfinished: string, file: string): void {
  try {
    linkSync(unfinished, file)
  } catch (error) {
    const there = read(file)
    if (codeOf(error) === 'EEXIST' && runs(there) && !isOurs(there)) throw error
    renameSync(unfinished, file)
  }
}

/** @throws StartFault when a server of another process runs on this data directory */
export function refuseSecond(dataDir: string): void {
  const other = readRunning(dataDir)
  if (!other || isOurs(other)) return
  throw new StartFault({
    problem: `Another server (process ${other.pid}, ${other.url}) uses the data directory ${dataDir}.`,
    fix: 'Stop it first, or set DATA_DIR to another directory. Replicas share a database through DATABASE_URL, and each have a data directory of their own.',
  })
}

/** Takes back what this process wrote, and nothing of another's. */
export function forgetRunning(dataDir: string): void {
  const file = fileIn(dataDir)
  const running = read(file)
  if (running === null || isOurs(running)) rmSync(file, { force: true })
}

/** The server that runs on this data directory, or null. A file that a killed server left is not one, nor is half a file. */
export function readRunning(dataDir: string): Running | null {
  const running = read(fileIn(dataDir))
  return runs(running) ? running : null
}

function read(file: string): Running | null {
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** A number alone says little: it may have been given to another program since. */
function runs(running: Running | null): running is Running {
  if (running === null) return false
  try {
    process.kill(running.pid, 0)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false // of another user, and alive
  }
  const born = birthOf(running.pid)
  return running.born === null || born === null || born === running.born
}

function isOurs({ pid, born }: Running): boolean {
  return pid === process.pid && (born === null || born === birthOf(pid))
}

/** The boot and the moment since then at which a process began; null where there is no /proc. */
function birthOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')
    return `${boot} ${fields[19]}` // the 22nd field of all, `starttime`: proc_pid_stat(5)
  } catch {
    return null
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'running.json')
}
