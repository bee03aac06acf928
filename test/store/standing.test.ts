import { expect, test } from 'vitest'
import { openFindings } from '../../src/cli/openFindings.ts'
import { checkDatabase } from '../../src/store/doctor.ts'
import { openStore } from '../../src/store/open.ts'
import { readStanding } from '../../src/store/read/standing.ts'
import type { EndedStatement } from '../../src/store/watchedSession.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { ask, click, testWorld } from '../support/world.ts'
import { madeAgent, madeKey } from './made.ts'
import { opened, silent } from './opened.ts'

test('what waits is counted, with the age of the oldest and those past their deadline', async () => {
  const { store, pool, databaseUrl } = await opened()
  const world = await testWorld({ store })
  await ask(world, 'repo.read')
  const [first, second, third] = [
    await ask(world, 'db.export'),
    await ask(world, 'db.export'),
    await ask(world, 'db.export'),
  ]
  await click(world, third.id, 'U0BOB', { kind: 'deny' })
  await withClient(databaseUrl, async (client) => {
    await client.query('SET session_replication_role = replica') // past the triggers that guard what was requested
    const set = (id: string, column: string, age: string) =>
      client.query(
        `UPDATE action_requests SET ${column} = clock_timestamp() - interval '${age}' WHERE id = $1`,
        [id],
      )
    await set(first.id, 'created_at', '1 hour')
    await set(first.id, 'expires_at', '61 seconds')
    await set(second.id, 'expires_at', '30 seconds')
  })

  const standing = await readStanding(pool)

  expect(standing).toMatchObject({ waiting: 2, overdue: 1, policy: { files: world.ports.policy()?.digest } })
  expect(Math.floor(standing.oldestSeconds / 10)).toBeGreaterThanOrEqual(360)
})

test('keys that end within seven days are counted, and named for doctor with those that have ended', async () => {
  const { store, pool, databaseUrl } = await opened()
  const agents = ['ends-soon', 'ended', 'ended-and-rotated', 'ends-later'].map((name) => madeAgent({ name }))
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const key = (nth: number, days: number | null) =>
    madeKey(agents[nth]?.id ?? '', { expiresAt: days === null ? null : inDays(days) })
  const keys = [key(0, 2), key(1, -1), key(2, -1), key(2, null), key(3, 30)]
  await store.commit({
    agents: agents.map((next) => ({ expected: null, next })),
    keys: keys.map((next) => ({ expected: null, next })),
    entries: [],
  })

  expect(await readStanding(pool)).toMatchObject({ keysExpiring: 1 })
  const { expiring } = await checkDatabase(databaseUrl, silent)
  expect(expiring.map((what) => what.replace(/^key \w+ of /, '').replace(/ \d.*/, ''))).toEqual([
    'ended expired',
    'ends-soon expires',
  ])
  expect(openFindings({ stopped: [], unconfirmed: [], shadows: [], expiring })).toMatchObject([
    { name: 'keys of agents', ok: true, look: true },
  ])
})

test('where nothing was ever asked, everything is 0, and there is no policy', async () => {
  const { pool } = await opened()

  expect(await readStanding(pool)).toEqual({
    waiting: 0,
    overdue: 0,
    oldestSeconds: 0,
    stops: 0,
    keysExpiring: 0,
    ledger: { sealed: 0, waiting: 0 },
    policy: null,
  })
})

test('whoever times statements hears of each once, whether it was answered or failed', async () => {
  const heard: EndedStatement[] = []
  const open = await openStore({
    databaseUrl: await freshDatabase(),
    log: silent,
    statementEnded: (statement) => heard.push(statement),
  })
  heard.length = 0

  await open.pool.query('SELECT 1')
  await open.pool.query('SELECT nothing').catch(() => undefined)
  await open.store.agents()

  expect(heard.map(({ failed }) => failed)).toEqual([false, true, false])
  expect(heard.every(({ seconds }) => seconds > 0)).toBe(true)
  await open.close()
})
