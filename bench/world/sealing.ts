import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'

/** Milliseconds between two looks. */
const pace = 10

/** The sealer of a running server, from beside it. */
export interface Sealing {
  /** Takes the row of the head, as another replica would: the server seals nothing until the answer is called. */
  hold(): Promise<() => Promise<void>>
  /** Resolves when nothing waits any more. @throws Error when that does not come about in time */
  drained(withinMs: number): Promise<void>
  /** How many entries are sealed now. */
  size(): Promise<number>
  close(): Promise<void>
}

export async function watchSealing(databaseUrl: string): Promise<Sealing> {
  const holder = new Client({ connectionString: databaseUrl })
  const looker = new Client({ connectionString: databaseUrl })
  await Promise.all([holder.connect(), looker.connect()])
  return {
    async hold() {
      await holder.query('BEGIN; SELECT FROM ledger_head FOR UPDATE')
      return async () => {
        await holder.query('COMMIT')
      }
    },
    async drained(withinMs) {
      const until = performance.now() + withinMs
      for (;;) {
        const { rows } = await looker.query<{ waits: boolean }>(
          'SELECT EXISTS (SELECT FROM unsealed_entries) AS waits',
        )
        if (rows[0]?.waits === false) return
        if (performance.now() > until) throw new Error('entries were not sealed in time')
        await delay(pace)
      }
    },
    async size() {
      const { rows } = await looker.query<{ size: string }>('SELECT size FROM ledger_head')
      return Number(rows[0]?.size)
    },
    async close() {
      await Promise.all([holder.end(), looker.end()])
    },
  }
}
