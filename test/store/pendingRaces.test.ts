import { expect, test } from 'vitest'
import { ask, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Two replicas on one database. */
async function replicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const here = await testWorld({ store: first.store })
  const there: World = { ...here, store: second.store, ports: { ...here.ports, store: second.store } }
  return { here, there, pool: first.pool }
}

test('two-replicas: of fifty that are asked at both at once, exactly as many wait as may', async () => {
  const { here, there } = await replicas()

  const asked = await Promise.allSettled(
    Array.from({ length: 50 }, (_, nth) => ask(nth % 2 ? here : there, 'deploy.start')),
  )

  const refused = asked.filter((one) => one.status === 'rejected')
  expect(refused.map(({ reason }) => reason.code)).toEqual(Array(30).fill('too_many_pending'))
  expect(await here.store.requests({ states: ['pending'], limit: 100 })).toHaveLength(20)
  expect(await here.store.requests({ limit: 100 })).toHaveLength(20)
})

test('two-replicas: and the ledger says so once', async () => {
  const { here, there, pool } = await replicas()

  await Promise.allSettled(
    Array.from({ length: 50 }, (_, nth) => ask(nth % 2 ? here : there, 'deploy.start')),
  )

  const { rows } = await pool.query("SELECT 1 FROM entries WHERE type = 'agent.limited'")
  expect(rows).toHaveLength(1)
})

test('what waits is counted through its own index, however much the agent has ever asked', async () => {
  const { pool } = await opened().then(({ pool }) => ({ pool }))

  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT FROM action_requests a WHERE a.agent_id = 'agt_1' AND a.state = 'pending' LIMIT 20`,
  )

  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('action_requests_pending_by_agent_idx')
})
