import type { Session } from '../../src/store/ownSessions.ts'

/** How connections and sessions go together. */
export interface Pooling {
  readonly mode: 'session' | 'transaction'
  readonly size: number
  /** Which free session is lent. */
  readonly lends: 'newest' | 'oldest'
  /** Whether a session forgets everything when it is given back. */
  readonly resets: boolean
  readonly deaf: boolean
  readonly unprepared: boolean
  readonly unlocked: boolean
}

interface Backend {
  readonly pid: number
  named: string | null
  readonly listens: Set<string>
  readonly prepared: Set<string>
  owner: Connection | null
}

type Hearer = (message: { readonly channel: string }) => void
interface Connection {
  readonly hearers: Set<Hearer>
  backend: Backend | null
  inTransaction: boolean
}

const usual: Pooling = {
  mode: 'transaction',
  size: 20,
  lends: 'newest',
  resets: false,
  deaf: false,
  unprepared: false,
  unlocked: false,
}

/** As much of a pooler and of PostgreSQL's sessions as can be told from outside by what is tried. */
export function pooled(given: Partial<Pooling>): { readonly connect: () => Session } {
  const pooling = { ...usual, ...given }
  const free: Backend[] = []
  const locks = new Map<string, Backend>()
  const backends: Backend[] = []
  const waiting: (() => void)[] = []

  const borrow = async (connection: Connection): Promise<Backend> => {
    while (!connection.backend) {
      const next = pooling.lends === 'newest' ? free.pop() : free.shift()
      if (next) connection.backend = next
      else if (backends.length < pooling.size) connection.backend = newBackend(backends)
      else await new Promise<void>((resolve) => waiting.push(resolve))
    }
    connection.backend.owner = connection
    return connection.backend
  }
  const giveBack = (connection: Connection): void => {
    const { backend, inTransaction } = connection
    if (!backend || inTransaction || pooling.mode === 'session') return
    backend.owner = null
    connection.backend = null
    if (pooling.resets) {
      backend.named = null
      for (const kept of [backend.listens, backend.prepared]) kept.clear()
      for (const [key, holder] of locks) if (holder === backend) locks.delete(key)
    }
    free.push(backend)
    waiting.shift()?.()
  }
  return {
    connect() {
      const connection: Connection = { hearers: new Set(), backend: null, inTransaction: false }
      return {
        async query(statement, values = []) {
          const backend = await borrow(connection)
          try {
            return run(statement, { values, backend, connection, pooling, locks, backends })
          } finally {
            giveBack(connection)
          }
        },
        on: (_, heard) => connection.hearers.add(heard),
        removeListener: (_, heard) => connection.hearers.delete(heard),
      }
    },
  }
}

function newBackend(backends: Backend[]): Backend {
  const fields = { named: null, listens: new Set<string>(), prepared: new Set<string>(), owner: null }
  const backend: Backend = { pid: 1_000 + backends.length, ...fields }
  backends.push(backend)
  return backend
}

interface Running {
  readonly values: unknown[]
  readonly backend: Backend
  readonly connection: Connection
  readonly pooling: Pooling
  readonly locks: Map<string, Backend>
  readonly backends: readonly Backend[]
}

function run(statement: Parameters<Session['query']>[0], running: Running): { rows: readonly unknown[] } {
  const { values, backend, connection, pooling, locks, backends } = running
  if (typeof statement === 'object') {
    // The driver prepares once for each connection, and the pooler may run it elsewhere.
    const isFirst = !connection.hearers.has(preparedMark)
    connection.hearers.add(preparedMark)
    if (isFirst && !pooling.unprepared) backend.prepared.add(statement.name)
    if (isFirst || backend.prepared.has(statement.name)) return { rows: [{ n: 1 }] }
    throw Object.assign(new Error('prepared statement does not exist'), { code: '26000' })
  }
  const [word = '', name = ''] = statement.trim().split(/\s+/)
  if (word === 'BEGIN') connection.inTransaction = true
  if (word === 'ROLLBACK') connection.inTransaction = false
  if (word === 'LISTEN') backend.listens.add(name)
  if (word === 'UNLISTEN') backend.listens.delete(name)
  if (word === 'NOTIFY' && !pooling.deaf)
    for (const one of backends)
      if (one.listens.has(name)) for (const heard of one.owner?.hearers ?? []) heard({ channel: name })
  if (statement.includes('set_config')) backend.named = String(values[0])
  return { rows: [{ pid: backend.pid, named: backend.named, locked: lock(statement, running, locks) }] }
}

/** Stands among the hearers for "this connection's driver has prepared it". */
const preparedMark: Hearer = () => {}

function lock(
  statement: string,
  { values, backend, pooling }: Running,
  locks: Map<string, Backend>,
): boolean {
  const key = String(values[0])
  const holder = locks.get(key)
  if (statement.includes('pg_advisory_unlock')) return holder === backend && locks.delete(key)
  if (!statement.includes('pg_try_advisory_lock') || pooling.unlocked) return false
  if (holder && holder !== backend) return false
  locks.set(key, backend)
  return true
}
