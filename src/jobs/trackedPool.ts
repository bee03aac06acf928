import type { Pool, PoolClient } from 'pg'

type Lent = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (destroy?: boolean) => void,
) => void

/** A pool that remembers which connections one runner only listens on. */
export interface TrackedPool {
  readonly pool: Pool
  /** Asks the connections that only listen whether they are still there. One that is not is lost, and asked for anew. */
  check(): void
  closeListeners(): void
}

/**
 * The connection on which a runner listens for new jobs, the one that it asks for with a callback, it can forget to give
 * back when the database has gone away; then the pool could never be closed. `closeListeners` closes it. And a connection on
 * which nothing is ever asked cannot be found to be silent.
 */
export function trackPool(pool: Pool): TrackedPool {
  const open = new Map<PoolClient, () => void>()
  const connect = (callback?: Lent): unknown => {
    if (!callback) return pool.connect()
    return pool.connect((error, client, done) => {
      if (client) open.set(client, () => done(true))
      callback(error, client, (destroy) => {
        if (!client || open.delete(client)) done(destroy)
      })
    })
  }
  const tracked = new Proxy(pool, {
    get(target, name) {
      if (name === 'connect') return connect
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  return {
    pool: tracked,
    check() {
      for (const client of open.keys()) client.query('SELECT 1').catch(() => undefined)
    },
    closeListeners() {
      for (const giveBack of open.values()) giveBack()
      open.clear()
    },
  }
}
