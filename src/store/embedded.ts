import { createHmac } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'pg'
import { untilAborted } from '../lifetime/keepTrying.ts'
import { accountToRunAs } from './embedded/account.ts'
import { findBinaries } from './embedded/binaries.ts'
import { openCluster, owner } from './embedded/cluster.ts'
import { choosePlace } from './embedded/place.ts'
import { takePossession } from './embedded/possession.ts'
import { findPostmaster, type Postmaster } from './embedded/postmaster.ts'
import { type Child, endWithUs, ensureServer, type ServerOptions, stopServer } from './embedded/server.ts'
import { StoreFault } from './fault.ts'
import type { Log } from './log.ts'
import { sqlStateOf } from './sqlState.ts'
import { databaseFaultOf } from './startFaults.ts'

/** Our own PostgreSQL, running. */
export interface Embedded {
  /** For `openStore`: of the role that serves, and of the one that owns the tables. They hold passwords: not for logs. */
  readonly url: string
  readonly migrateUrl: string
  /** Of its first process. */
  readonly pid: number
  /** The command that gives up what is recorded in it, so that the next start makes an empty one. */
  readonly beginAnew: string
  /** Said to the operator, when the database is not where they would look. */
  readonly note?: string
  /** Fast shutdown; resolves when it is gone. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL 18 in the data directory, for this process alone, or takes over the one that an earlier process
 * left running when it died. Should it end while we run, it is started again; connections find it at the same address.
 * Should this process end without stopping it, it ends too. Nothing is left running when this throws.
 *
 * @throws StoreFault `unsupported_platform`, `binaries_broken`, `not_writable`, `no_account`, `in_use`, `start_failed`,
 * `files_damaged`
 */
export async function startEmbedded(options: {
  readonly dataDir: string
  readonly log: Log
  /** True for a command beside a running server: it then uses that server's database, and leaves it running. */
  readonly beside?: boolean
  readonly signal?: AbortSignal
  /** Hears what is begun, while it is being done. */
  readonly begins?: (doing: string) => void
  /** Called as soon as a process of PostgreSQL's is at work, which this one only waits for. */
  readonly meanwhile?: () => void
}): Promise<Embedded> {
  const { dataDir, log, beside = false, signal = new AbortController().signal } = options
  const { begins = () => undefined, meanwhile = () => undefined } = options
  const account = await accountToRunAs()
  const place = await choosePlace(dataDir, account)
  const binaries = await findBinaries(account, place.directory)
  signal.throwIfAborted()
  const { directory, password } = await openCluster({
    place: place.directory,
    binaries,
    account,
    signal,
    begins,
    meanwhile,
  })
  const server = { place: place.directory, cluster: directory, binaries, account, meanwhile }

  const superuser = { user: owner, password }
  const serving = servingLogin(password)
  const obtain = (until: AbortSignal) =>
    obtainServer({ ...server, signal: until }, (postmaster) => addressOf(postmaster, superuser, 'postgres'))
  const urlsOf = (postmaster: Postmaster) => ({
    url: addressOf(postmaster, serving, owner),
    migrateUrl: addressOf(postmaster, superuser, owner),
  })
  const shown = { beginAnew: removing(directory), ...(place.note !== null && { note: place.note }) }
  try {
    begins('Starting the database')
    const { postmaster, possession } = await obtain(signal)
    await makeDatabase(possession, { signal, serving }).catch(async (error: unknown) => {
      await stopServer(server).finally(() => possession.end().catch(() => undefined))
      throw databaseFaultOf(error)
    })
    const keeper = keepRunning({ first: { postmaster, possession }, again: obtain, log })
    const stop = () => keeper.release(() => stopServer(server))
    return { ...urlsOf(postmaster), pid: postmaster.pid, ...shown, stop }
  } catch (error) {
    const running =
      beside && error instanceof StoreFault && error.code === 'in_use' && (await findPostmaster(directory))
    if (!running) throw error
    return { ...urlsOf(running), pid: running.pid, ...shown, async stop() {} }
  }
}

/** As a shell takes it. */
function removing(directory: string): string {
  const plain = /^[\w./-]+$/.test(directory)
  return `rm -r ${plain ? directory : `'${directory.replaceAll("'", "'\\''")}'`}`
}

interface Login {
  readonly user: string
  readonly password: string
}

/**
 * The server works as a role that can neither change nor remove what is recorded. Its password follows from the superuser's,
 * and leads to none: what holds one of the server's connections cannot log in as more than the server.
 */
function servingLogin(password: string): Login {
  const user = `${owner}_server`
  return { user, password: createHmac('sha256', password).update(user).digest('base64url') }
}

/** pg reads a socket's directory from `host`, and still wants a host name before it. */
function addressOf(
  { port, socketDirectory }: Postmaster,
  { user, password }: Login,
  database: string,
): string {
  const login = `${user}:${password}`
  if (socketDirectory === '') return `postgresql://${login}@127.0.0.1:${port}/${database}`
  return `postgresql://${login}@localhost:${port}/${database}?host=${encodeURIComponent(socketDirectory)}`
}

/** A server that was killed a moment ago can still look ready; then it is looked for again. Milliseconds. */
const retry = { every: 50, for: 15_000 } as const

async function obtainServer(
  server: ServerOptions,
  urlOf: (postmaster: Postmaster) => string,
): Promise<Obtained> {
  let started: Child | null = null
  for (const until = performance.now() + retry.for; ; await delay(retry.every)) {
    const { postmaster, child } = await ensureServer(server)
    started ??= child
    try {
      return { postmaster, possession: await takePossession(urlOf(postmaster), server.signal) }
    } catch (error) {
      if (isPassing(error) && performance.now() < until && !server.signal.aborted) continue
      // One that ran before may be another process's, and so is one that another took first: what was only started here is
      // ended here.
      if (error instanceof StoreFault && error.code === 'in_use') started?.leave()
      else await started?.end()
      throw databaseFaultOf(error)
    }
  }
}

/** No answer, or a server that is starting up or shutting down (57P). */
function isPassing(error: unknown): boolean {
  if (error instanceof StoreFault) return false
  const state = sqlStateOf(error)
  return state === null || state.startsWith('57P')
}

/** The database, and the role that serves it: each start gives it its password, so a restored database has it too. */
async function makeDatabase(
  client: Client,
  { signal, serving }: { readonly signal: AbortSignal; readonly serving: Login },
): Promise<void> {
  const run = (sql: string, values: readonly string[] = []) =>
    untilAborted(client.query(sql, [...values]), signal)
  const database = await run('SELECT 1 FROM pg_database WHERE datname = $1', [owner])
  if (database.rowCount === 0) await run(`CREATE DATABASE ${owner}`)
  const role = await run('SELECT 1 FROM pg_roles WHERE rolname = $1', [serving.user])
  if (role.rowCount === 0) await run(`CREATE ROLE ${serving.user}`)
  await run(`ALTER ROLE ${serving.user} LOGIN NOSUPERUSER PASSWORD '${serving.password}'`)
}

/** A server that is ready, and the session by which it is ours. */
interface Obtained {
  readonly postmaster: Postmaster
  readonly possession: Client
}

interface Kept {
  readonly first: Obtained
  /** Starts the server if need be, and takes possession of it. */
  readonly again: (signal: AbortSignal) => Promise<Obtained>
  readonly log: Log
}

/** Milliseconds between attempts to get the database back. */
const pause = 500

/** The possession is lost when the database ends or starts over; then it is started if need be, and taken again. */
function keepRunning({ first, again, log }: Kept) {
  const released = new AbortController()
  let held = first.possession
  let unguard = () => {}
  let regaining: Promise<void> | null = null

  const hold = ({ postmaster, possession }: Obtained) => {
    unguard()
    unguard = endWithUs(postmaster.pid)
    held = possession
    possession.once('end', () => {
      if (!released.signal.aborted) regaining = regain()
    })
  }
  const regain = async (): Promise<void> => {
    log.error({}, 'the database stopped; starting it again')
    while (!released.signal.aborted) {
      try {
        hold(await again(released.signal))
        return log.warn({}, 'the database is back')
      } catch (error) {
        if (released.signal.aborted) return
        log.error({ err: error }, 'the database could not be started again; trying once more')
        await delay(pause, undefined, { signal: released.signal }).catch(() => undefined)
      }
    }
  }
  hold(first)
  return {
    async release(stop: () => Promise<void>): Promise<void> {
      released.abort()
      await regaining // what it starts has to be stopped too
      await stop()
      unguard()
      await held.end().catch(() => undefined)
    },
  }
}
