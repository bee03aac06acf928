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
import { findPostmaster, type Postmaster, removeStaleLocks } from './postmaster.ts'

export interface ServerOptions {
  readonly place: string
  readonly cluster: string
  readonly binaries: Binaries
  readonly account: Account | null
}

/** Small: a laptop or a small virtual machine, one server process, and 300 MB for everything together. */
const settings = {
  shared_buffers: '32MB',
  max_connections: 80,
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

/**
 * Resolves to a server that is ready on these files: one that an earlier process left running, or a new one. It has a
 * process group of its own, so that Ctrl-C in a terminal reaches Countersign only, which stops it in its own time.
 *
 * @throws StoreFault `start_failed` with the last lines of its log
 */
export async function ensureServer(options: ServerOptions): Promise<Postmaster> {
  let child: { exited: boolean } | null = null
  for (const until = performance.now() + patience; performance.now() < until; await delay(15)) {
    const running = await findPostmaster(options.cluster)
    if (running?.status === 'ready') return running
    if (running) continue
    if (child?.exited) throw await startFailed(options)
    child ??= await startServer(options)
  }
  throw await startFailed(options)
}

/** Fast shutdown: open transactions are rolled back, everything is written, then it ends. Nothing to do is fine. */
export async function stopServer({ binaries, cluster, account }: ServerOptions): Promise<void> {
  const { code, said } = await runToEnd(
    binaries.pgCtl,
    ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60'],
    account,
  )
  if (code !== 0 && (await findPostmaster(cluster)))
    throw new Error(`PostgreSQL did not stop: ${said.trim()}`)
}

async function startServer(options: ServerOptions): Promise<{ exited: boolean }> {
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
  const state = { exited: false }
  child.on('error', () => {
    state.exited = true
  })
  child.on('exit', () => {
    state.exited = true
  })
  child.unref()
  await log.close()
  return state
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
    mend: `Read ${logFile(place)}; if the disk is full make room, otherwise set DATABASE_URL to another server.`,
  })
}
