import { availableParallelism } from 'node:os'
import type { Pool } from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { openStore } from '../../src/store/open.ts'
import { madeLine } from '../store/made.ts'
import { sealed } from '../store/sealingWorld.ts'
import { byIndex } from '../store/verified.ts'
import { runCli } from '../support/cliProcess.ts'
import { withClient } from '../support/database.ts'
import { temporaryDataDir } from '../support/serverProcess.ts'

/** Enough pages for threads, and a last one that is not whole. */
const size = 33 * 512 + 7

/** So many copies of one entry, each with an id of its own, beside the product. */
async function copied(client: Pick<Pool, 'query'>, count: number): Promise<void> {
  await client.query(
    `INSERT INTO entries (id, ts, type, subject_kind, subject_id, request_id, text)
     SELECT 'ent_copy' || n, ts, type, subject_kind, subject_id, request_id, replace(text, id, 'ent_copy' || n)
     FROM entries, generate_series(1, $1::integer) AS n`,
    [count],
  )
}

/** How many sessions the database has had; one more each time that this is asked. */
async function sessions(url: string): Promise<number> {
  const { rows } = await withClient(url, (client) =>
    client.query('SELECT sessions FROM pg_stat_database WHERE datname = current_database()'),
  )
  return Number(rows[0]?.sessions)
}

async function large() {
  const data = temporaryDataDir()
  const log = pino({ level: 'silent' })
  const database = await startEmbedded({ dataDir: data.path, log })
  const { url: databaseUrl, migrateUrl } = database
  const open = await openStore({ databaseUrl, migrateUrl, log })
  onTestFinished(async () => {
    await open.close()
    await database.stop()
    data.remove()
  })
  await open.store.commit({ entries: [madeLine()] })
  await withClient(migrateUrl, (client) => copied(client, size - 1))
  await sealed(open)
  return { migrateUrl, verify: () => runCli({ DATABASE_URL: databaseUrl, NO_COLOR: '1' }, 'audit', 'verify') }
}

test('a ledger of many pages is verified by several threads, and the first of three wrong entries is found', async () => {
  const { migrateUrl, verify } = await large()
  const before = await sessions(migrateUrl)

  const sound = await verify()

  expect(sound).toMatchObject({ code: 0, out: expect.stringContaining('16903 entries') })
  // One that sees the moment first, and two of each thread; without threads there would be three.
  const least = 1 + 2 * Math.min(availableParallelism(), 4)
  await expect.poll(() => sessions(migrateUrl)).toBeGreaterThanOrEqual(before + least)

  await withClient(migrateUrl, async (client) => {
    await client.query('SET session_replication_role = replica')
    for (const index of [9_001, 9_600, 16_900])
      await client.query(
        `UPDATE entries SET text = replace(text, 'agt_1', 'agt_2') WHERE id = ${byIndex(index)}`,
      )
  })
  const wrong = await verify()

  expect(wrong.code).toBe(2)
  expect(`${wrong.out}${wrong.err}`).toContain('An entry is not what was sealed.')
  expect(`${wrong.out}${wrong.err}`).toMatch(/\b9001\b/)
})
