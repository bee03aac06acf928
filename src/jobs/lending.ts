import type { Pool, PoolClient } from 'pg'

type Lent = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (destroy?: boolean) => void,
) => void

/** The pool for one runner. */
export interface Lending {
  readonly lent: Pool
  /** Asks the connections that only listen whether they are still there. One that is not is lost, and asked for anew. */
  check(): void
  takeBack(): void
}

/**
 * The connection on which a runner listens for new jobs, the one that it asks for with a callback, it can forget to give
 * back when the database has gone away; then the pool could never be closed. `takeBack` closes it. And a connection on
 * which nothing is ever asked cannot be found to be silent.
 */
export function lending(pool: Pool): Lending {
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
  const lent = new Proxy(pool, {
    get(target, name) {
      if (name === 'connect') return connect
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  return {
    lent,
    check() {
      for (const client of open.keys()) client.query('SELECT 1').catch(() => undefined)
    },
    takeBack() {
      for (const giveBack of open.values()) giveBack()
      open.clear()
    },
  }
}
