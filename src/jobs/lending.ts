import type { Pool, PoolClient } from 'pg'

type Lent = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (destroy?: boolean) => void,
) => void

/**
 * The pool for one runner. The connection on which it listens for new jobs, the one that it asks for with a callback, it
 * can forget to give back when the database has gone away; then the pool could never be closed. `takeBack` closes it.
 */
export function lending(pool: Pool): { readonly lent: Pool; takeBack(): void } {
  const open = new Set<() => void>()
  const connect = (callback?: Lent): unknown => {
    if (!callback) return pool.connect()
    return pool.connect((error, client, done) => {
      const giveBack = () => done(true)
      if (client) open.add(giveBack)
      callback(error, client, (destroy) => {
        if (!client || open.delete(giveBack)) done(destroy)
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
    takeBack() {
      for (const giveBack of open) giveBack()
      open.clear()
    },
  }
}
