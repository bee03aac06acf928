import type { Pool } from 'pg'
import type { Anchor } from '../../src/approvals/ledger/anchors/anchor.ts'

/** A process that dies at one step of what it does, and does nothing from then on: not even what it had meant to do in any case. */
export interface Dying {
  /** Statements and calls at an anchor so far. */
  readonly steps: () => number
  readonly pool: (pool: Pool) => Pool
  readonly anchor: (anchor: Anchor) => Anchor
}

export class Killed extends Error {}

/** @param when whether the step took effect: `after` it was done, and nobody heard of it */
export function dyingAt(nth: number, when: 'before' | 'after'): Dying {
  let done = 0
  const step = async <T>(work: () => Promise<T>, die: () => Promise<void>): Promise<T> => {
    done += 1
    if (done > nth) throw new Killed('dead')
    if (done < nth) return work()
    if (when === 'after') await work()
    await die()
    throw new Killed('killed')
  }
  const nothing = async () => undefined
  return {
    steps: () => done,
    pool: (pool) =>
      new Proxy(pool, {
        get(target, name) {
          const member = Reflect.get(target, name)
          if (name === 'query')
            return (...asked: unknown[]) => step(() => Reflect.apply(target.query, target, asked), nothing)
          if (name === 'connect') return () => connected(target, step)
          return typeof member === 'function' ? member.bind(target) : member
        },
      }),
    anchor: (anchor) => {
      const { newest } = anchor
      return {
        ...anchor,
        put: (...asked) => step(() => anchor.put(...asked), nothing),
        newest: newest && ((...asked) => step(() => newest(...asked), nothing)),
      }
    },
  }
}

async function connected(
  pool: Pool,
  step: <T>(work: () => Promise<T>, die: () => Promise<void>) => Promise<T>,
) {
  const client = await pool.connect()
  // As when the process is gone: its connection is, too.
  const die = async () =>
    void (await pool.query('SELECT pg_terminate_backend($1, 5000)', [Reflect.get(client, 'processID')]))
  // The client itself stays as it is: the pool lends it to others, and its own queries end by a callback.
  return new Proxy(client, {
    get(target, name) {
      if (name === 'query')
        return (...asked: unknown[]) => step(() => Reflect.apply(target.query, target, asked), die)
      const member = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
