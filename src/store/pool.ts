import { type ClientBase, DatabaseError, Pool, type PoolClient } from 'pg'
import { within } from '../lifetime/limit.ts'
import type { Log } from './log.ts'
import { prepareSession } from './session.ts'
import {
  type EndedStatement,
  SessionFault,
  type SessionLimits,
  suspects,
  WatchedSession,
} from './watchedSession.ts'

/** How long what may take, in milliseconds, and how much there is. */
export interface PoolLimits extends SessionLimits {
  /** Connections. Small: replicas share the server's. Reads, commits, and for each share of the jobs two of its own. */
  readonly size: number
  /** For connecting, and for waiting until a connection is free. */
  readonly connect: number
  /** What was not used for so long is closed. Shorter than what firewalls forget silently. */
  readonly idle: number
  /** No session is used for longer: whatever a failover, a new password or a new setting left behind ends with it. */
  readonly age: number
  /** A session that rested for so long is asked whether it is still there before somebody gets it… */
  readonly rest: number
  /** …and has so long to answer. */
  readonly probe: number
  /**
   * What the server itself allows our sessions, or null: no limits. Below `silent`, so that whoever waits for a lock or
   * reads too much hears for certain that nothing happened; and a statement that we gave up does not hold its locks on.
   */
  readonly server: {
    readonly statement: number
    readonly lock: number
    readonly idleInTransaction: number
  } | null
}

export const usualLimits: PoolLimits = {
  size: 16,
  connect: 10_000,
  silent: 10_000,
  goodbye: 2_000,
  idle: 30_000,
  age: 30 * 60_000,
  rest: 3_000,
  probe: 1_500,
  server: { statement: 8_000, lock: 6_000, idleInTransaction: 10_000 },
}

/**
 * For migrations, which may take their time: one that reads a large table, and one that waits for another replica's. So may
 * the first connection of a start, on a machine where everything starts at once.
 */
export const patientLimits: PoolLimits = {
  ...usualLimits,
  size: 3,
  connect: 60_000,
  silent: null,
  server: null,
}

/** Suspicion spreads to all sessions at most this often, so that a server that stays no good is not flooded with new ones. */
const suspicionPause = 2_000

type Lent = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (error?: Error | boolean) => void,
) => void

type Query = (...args: unknown[]) => unknown

/**
 * A pool that gives up bad sessions, for everybody who borrows from it: Prisma, our own reads, the job queue. Nobody has to
 * remember to say what went wrong: the session knows, and whatever it is given back with, it is not lent again.
 */
export class SessionPool extends Pool {
  readonly #limits: PoolLimits
  readonly #sessions = new Set<WatchedSession>()
  /** Sessions that were born before are under suspicion. */
  #suspectedBefore = Number.NEGATIVE_INFINITY
  /** Hears how each statement of each session ended. */
  statementEnded: (statement: EndedStatement) => void = () => undefined
  /** Asked of each new session before anybody gets it; whoever throws keeps it from the work. */
  admits: (session: ClientBase) => Promise<void> = async () => undefined

  constructor(databaseUrl: string, limits: PoolLimits) {
    super({
      connectionString: databaseUrl,
      Client: WatchedSession,
      max: limits.size,
      connectionTimeoutMillis: limits.connect,
      idleTimeoutMillis: limits.idle,
      maxLifetimeSeconds: limits.age / 1_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: 'countersign',
      onConnect: async (client) => {
        await prepareSession(client, serverLimits(limits))
        await this.admits(client)
      },
      // For each session.
      ...{ limits, ended: (statement: EndedStatement) => this.statementEnded(statement) },
    })
    this.#limits = limits
    this.on('connect', (client) => client instanceof WatchedSession && this.#sessions.add(client))
    this.on('remove', (client) => client instanceof WatchedSession && this.#sessions.delete(client))
    const plain = super.query.bind(this) as Query
    const query: Query = (...args) => (typeof args.at(-1) === 'function' ? plain(...args) : this.#query(args))
    this.query = query as Pool['query'] // every form goes through as it came
  }

  override connect(): Promise<PoolClient>
  override connect(callback: Lent): void
  override connect(callback?: Lent): Promise<PoolClient> | undefined {
    if (!callback) return this.#borrowed()
    const full = this.idleCount === 0 && this.totalCount >= this.#limits.size
    super.connect((error, client, done) => {
      // A pool that has ended gives nothing with which to give back, and some borrowers call it all the same.
      if (!(client instanceof WatchedSession))
        return callback(this.#connectFault(error, full), undefined, () => undefined)
      const giveBack = (why?: Error | boolean) => done(why || this.#reasonToEnd(client))
      const again = () => {
        done(true)
        this.connect(callback)
      }
      // Most sessions are known to be sound: whoever gets one of those does not wait a turn for that.
      if (client.bornAt < this.#suspectedBefore) return again()
      const lend = () => callback(undefined, Object.assign(client, { release: giveBack }), giveBack)
      if (performance.now() - client.usedAt < this.#limits.rest) return lend()
      void answers(client, this.#limits.probe).then((good) => (good ? lend() : again()))
    })
    return undefined
  }

  /** Cuts every connection, also those that are lent: for the end, when somebody does not give theirs back. */
  cut(): void {
    for (const session of this.#sessions) session.connection.stream.destroy()
  }

  #borrowed(): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      this.connect((error, client) => (client ? resolve(client) : reject(error)))
    })
  }

  /** In callbacks: each promise on the way would be a turn more for every read. */
  #query(args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.connect((error, client, giveBack) => {
        if (!client) return reject(error)
        // A value that cannot be sent is told twice: at once, and again when the session is ready for the next statement.
        let over = false
        const answered = (fault: unknown, result: unknown) => {
          if (over) return
          over = true
          giveBack()
          if (fault) reject(fault)
          else resolve(result)
        }
        try {
          const query = client.query.bind(client) as Query
          query(...args, answered)
        } catch (fault) {
          answered(fault, undefined)
        }
      })
    })
  }

  /** What the server says stays as it is; the rest says that nothing was sent. */
  #connectFault(error: Error | undefined, full: boolean): Error {
    if (error instanceof DatabaseError || error instanceof SessionFault) return error
    if (this.ending) return new SessionFault('VN002', 'this process has ended its connections', error)
    const code = error && 'code' in error ? String(error.code) : null
    if (full && code === null)
      return new SessionFault('53300', 'all our connections to the database are in use', error)
    return new SessionFault('08001', `no connection to the database: ${error?.message || code}`, error)
  }

  #reasonToEnd(session: WatchedSession): Error | undefined {
    const now = performance.now()
    session.usedAt = now
    const { fault } = session
    if (!fault) return undefined
    if (suspects(fault) === 'all' && now - this.#suspectedBefore > suspicionPause) this.#suspectedBefore = now
    return fault
  }
}

/** Whether it answers at all, in time. */
function answers(session: WatchedSession, withinMs: number): Promise<boolean> {
  return within(withinMs, 'a session that rested', () => session.query('SELECT 1')).then(
    () => true,
    () => false,
  )
}

/** Told to the server after connecting: poolers refuse most of it in the startup message. */
function serverLimits({ server }: PoolLimits): Readonly<Record<string, string>> {
  if (!server) return {}
  return {
    statement_timeout: `${server.statement}ms`,
    lock_timeout: `${server.lock}ms`,
    idle_in_transaction_session_timeout: `${server.idleInTransaction}ms`,
  }
}

/** A pool whose faults are heard: without listeners a connection that breaks would end the process. */
export function createPool(databaseUrl: string, log: Log, limits: PoolLimits): SessionPool {
  const pool = new SessionPool(databaseUrl, limits)
  // What broke while it rested is replaced by the next use; what broke while it was lent, its borrower hears of.
  pool.on('error', (error) => log.debug({ err: error }, 'an idle database connection broke'))
  return pool
}

/** Milliseconds after which connections that are still lent are cut. */
export const cutAfter = 3_000

/** Lets what is lent come back, for a while; then the connections are cut. */
export async function endPool(pool: SessionPool): Promise<void> {
  const impatience = setTimeout(() => pool.cut(), cutAfter)
  await pool.end().finally(() => clearTimeout(impatience))
}
