import { expect } from 'vitest'
import { withClient } from '../support/database.ts'

/** What is written down in a database, read past the server. */
export function recordOf(database: string) {
  const column = async (sql: string): Promise<readonly string[]> => {
    const { rows } = await withClient(database, (client) => client.query<{ value: string }>(sql))
    return rows.map((row) => row.value)
  }
  const cards = () => column('SELECT status AS value FROM cards ORDER BY id')
  const entries = () =>
    column('SELECT type AS value FROM entries WHERE request_id IS NOT NULL ORDER BY position')
  return {
    /** Accounts of the people whose decision was counted or refused, one for each entry. */
    deciders: () =>
      column(`SELECT text::jsonb -> 'actor' ->> 'account' AS value FROM entries
        WHERE type IN ('decision.made', 'decision.refused') ORDER BY position`),
    /** Status of every card, oldest first. */
    cards,
    /** Types of the entries about requests, in order. */
    entries,
    count: async (type: string) => (await entries()).filter((one) => one === type).length,
    /** Keys of the jobs that wait; one that is asked for again while it runs gives up its key. */
    jobs: () => column('SELECT key AS value FROM graphile_worker.jobs WHERE key IS NOT NULL ORDER BY key'),
    /** The same, and those without a key; reminders and escalations, which only wait for their time, are left out. */
    allJobs: () =>
      column(`SELECT coalesce(key, 'no key') AS value FROM graphile_worker.jobs
        WHERE key IS NULL OR key NOT LIKE 'remind%' AND key NOT LIKE 'escalate%' ORDER BY key`),
    /**
     * Waits until that many cards are known to stand in their channels. One that only became visible does not count
     * for decisions yet.
     */
    cardsStand: (count: number) =>
      expect.poll(async () => (await cards()).filter((status) => status === 'posted').length).toBe(count),
    /** Puts every waiting job forward to now, and those that failed to their next attempt. */
    hurry: () =>
      withClient(database, async (client) => {
        await client.query(
          `UPDATE graphile_worker._private_jobs SET run_at = now() WHERE key NOT LIKE 'expire%' AND key NOT LIKE 'remind%'`,
        )
        await client.query(`SELECT pg_notify('jobs:insert', '{"r":"1","count":1}')`)
      }),
  }
}

export type Record = ReturnType<typeof recordOf>
