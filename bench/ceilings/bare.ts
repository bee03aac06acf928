import { Pool } from 'undici'
import type { Closers } from '../../src/lifetime/closers.ts'
import type { Work } from '../load/atOnce.ts'
import { programOf, startChild } from '../world/child.ts'

/** The bare route, running. */
export interface Bare {
  readonly pid: number
  /** One call with this body, to its durable answer. */
  readonly insert: (body: string) => Work
}

/** Beside the product, in its database. It ends with the bench. */
export async function startBare(closers: Closers, databaseUrl: string): Promise<Bare> {
  const child = startChild({
    command: process.execPath,
    args: [programOf('bareServer')],
    env: { BARE_DATABASE_URL: databaseUrl },
  })
  closers.add('the bare route', () => child.stop())
  const [, url = ''] = await child.says(/ready at (\S+)/)
  const pool = new Pool(url, { connections: 256 })
  closers.add('connections', () => pool.destroy())
  return {
    pid: child.pid,
    insert: (body) => async () => {
      const answer = await pool.request({
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/json' },
        body,
      })
      await answer.body.dump()
      return answer.statusCode === 201 ? undefined : `the bare route answered ${answer.statusCode}`
    },
  }
}
