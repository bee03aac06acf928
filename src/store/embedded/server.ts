import { spawn } from 'node:child_process'
import { open, readFile, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { platform } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StoreFault } from '../fault.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { plainEnvironment, runToEnd } from './cluster.ts'
import { endAtOnce, findPostmaster, type Postmaster, removeStaleLocks } from './postmaster.ts'

export interface ServerOptions {
  readonly place: string
  readonly cluster: string
  readonly binaries: Binaries
  readonly account: Account | null
  /** Aborted when the start is told to stop. */
  readonly signal: AbortSignal
  readonly meanwhile: () => void
}

/** Small: a laptop or a small virtual machine, and 300 MB for everything together. Connections for ten replicas: the tests run several. */
const settings = {
  shared_buffers: '32MB',
  max_connections: 180,
  max_wal_size: '256MB',
  jit: 'off',
  io_method: 'sync',
  max_parallel_workers: 0,
  autovacuum_max_workers: 1,
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
} as const

/** Room for the longest socket address that every system allows, with `/.s.PGSQL.5432` at its end. */
const socketDirectoryLimit = 103 - 14

/** Crash recovery after a large write can take this long; nothing normal does. Milliseconds. */
const patience = 120_000

/** A server that is ready on the files, and how to end it again if it was started for that. */
export interface Ensured {
  readonly postmaster: Postmaster
  /** Null for one that was running already: it may be somebody's. */
  readonly child: Child | null
}

/**
 * Resolves to a server that is ready on these files: one that an earlier process left running, or a new one. It has a
 * process group of its own, so that Ctrl-C in a terminal reaches Countersign only, which stops it in its own time. Whatever
 * keeps it from being ready, one that was started here has ended before this rejects.
 *
 * @throws StoreFault `start_failed` with the last lines of its log
 */
export async function ensureServer(options: ServerOptions): Promise<Ensured> {
  let child: Child | null = null
  try {
    for (const until = performance.now() + patience; performance.now() < until; ) {
      const postmaster = await findPostmaster(options.cluster)
      if (postmaster?.status === 'ready') return { postmaster, child }
      if (!postmaster && child?.exited) throw await startFailed(options)
      if (!postmaster && !child) {
        child = await startServer(options)
        options.meanwhile()
      }
      await delay(15, undefined, { signal: options.signal })
    }
    throw await startFailed(options)
  } catch (error) {
    await child?.end()
    throw options.signal.aborted ? options.signal.reason : error
  }
}

/** Seconds for each way of stopping; together they bound the end of this process. */
const stopping = { fast: 15, immediate: 5 } as const

/**
 * Fast shutdown: open transactions are rolled back, everything is written, then it ends. Where that takes too long, as on
 * a disk that hangs, immediate shutdown: the next start recovers. Nothing to do is fine.
 */
export async function stopServer({
  binaries,
  cluster,
  account,
}: Omit<ServerOptions, 'signal'>): Promise<void> {
  let words = ''
  for (const [mode, seconds] of Object.entries(stopping)) {
    const flags = ['stop', '-D', cluster, '-m', mode, '-w', '-t', String(seconds)]
    const { code, said } = await runToEnd(binaries.pgCtl, flags, { account })
    if (code === 0 || !(await findPostmaster(cluster))) return
    words = said.trim()
  }
  throw new Error(`PostgreSQL did not stop: ${words}`)
}

/** The process that was started here. */
export interface Child {
  readonly exited: boolean
  /** Resolves when it is gone. */
  readonly end: () => Promise<void>
  /** It has become another process's: it does not end with us any more. */
  readonly leave: () => void
}

async function startServer(options: ServerOptions): Promise<Child> {
  const { place, cluster, binaries, account } = options
  await removeStaleLocks(cluster, place)
  const log = await openLog(place)
  const flags = Object.entries({ ...settings, ...(await whereToListen(place)) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ])
  const child = spawn(binaries.postgres, ['-D', cluster, ...flags], {
    ...account,
    env: plainEnvironment(),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  const unguard = child.pid === undefined ? () => {} : endWithUs(child.pid)
  let exited = false
  const gone = new Promise<void>((resolve) => {
    for (const event of ['error', 'exit'])
      child.once(event, () => {
        exited = true
        unguard()
        resolve()
      })
  })
  child.unref()
  await log.close()
  return {
    get exited() {
      return exited
    },
    leave: unguard,
    async end() {
      // The process itself is told, and not through its pid file, which it may not have written yet.
      for (const [signal, seconds] of Object.entries(signals)) {
        if (exited || !child.kill(signal as NodeJS.Signals)) break // keys of our own constant
        await Promise.race([gone, delay(seconds * 1_000, undefined, { ref: true })])
      }
    },
  }
}

/** PostgreSQL's words for fast and immediate shutdown, and the seconds that each may take. */
const signals = { SIGINT: stopping.fast, SIGQUIT: stopping.immediate, SIGKILL: 1 } as const

/** Should this process end without having stopped the server, the server ends too. Returns how to take that back. */
export function endWithUs(pid: number): () => void {
  const end = () => endAtOnce(pid)
  process.once('exit', end)
  return () => void process.off('exit', end)
}

/** A socket below the database's own directory, which nobody else can enter; a port on loopback where that cannot be. */
async function whereToListen(place: string): Promise<Readonly<Record<string, string | number>>> {
  if (platform() !== 'win32' && Buffer.byteLength(place) <= socketDirectoryLimit)
    return { listen_addresses: '', unix_socket_directories: place, port: 5432 }
  return { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: await freePort() }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

const logLimit = 10 * 1024 * 1024

/** Its log goes to a file, not to a pipe of ours: it may outlive us. */
async function openLog(place: string) {
  const log = await open(logFile(place), 'a', 0o600)
  const { size } = await log.stat()
  if (size > logLimit) await truncate(logFile(place))
  return log
}

function logFile(place: string): string {
  return join(place, 'postgres.log')
}

async function startFailed({ place }: ServerOptions): Promise<StoreFault> {
  const said = (await readFile(logFile(place), 'utf8').catch(() => '')).trim().split('\n').slice(-3).join(' ')
  return new StoreFault('start_failed', {
    problem: `PostgreSQL did not start: ${said || 'it said nothing'}`,
    fix: `The last lines of ${logFile(place)} say why. If it cannot be fixed here, set DATABASE_URL to another server.`,
  })
}
