import { expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { carrierOf } from '../../src/core/set.ts'
import { testChannel } from '../support/channel.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask, elsewhere, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Two replicas on one database. */
async function replicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const here = await testWorld({ store: first.store })
  const there: World = { ...here, store: second.store, ports: { ...here.ports, store: second.store } }
  return { here, there, pool: first.pool }
}

test('two-replicas: of twenty that ask the same at both at once, one has a card, and the others stand on it', async () => {
  const { here, there } = await replicas()

  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, nth) => ask(nth % 2 ? here : there, 'deploy.start')),
  )

  const all = await here.store.requestsOf(asked.map(({ id }) => id))
  const carriers = new Set(all.map(carrierOf))
  expect(carriers.size).toBe(1)
  const lines = await there.store.alikeOn([...carriers][0] ?? '')
  expect(lines.map(({ alike }) => alike?.line)).toEqual(Array.from({ length: 19 }, (_, nth) => nth + 2))
  const channel = testChannel()
  for (const { id } of asked) await announce(here.ports, channel, id)
  expect(channel.said.filter((call) => call.startsWith('post'))).toEqual(['post slack:C0APPROVALS'])
})

test('two-replicas: nobody is called once too often by two cards that go out at the same moment', async () => {
  const { here, there } = await replicas()
  // One agent calls somebody twice a day.
  here.setPolicy(bundleWithDefaults('mentions_per_day: 6'))
  await here.ports.renewPolicy()
  const asked = await Promise.all([
    ask(here, 'deploy.start'),
    ask(here, 'deploy.start', elsewhere('deploy.start')),
    ask(here, 'table.drop'),
    ask(here, 'table.drop', elsewhere('table.drop')),
  ])
  const channel = testChannel()
  const post = async (world: World, id: string) => {
    for (;;) {
      const failed = await announce(world.ports, channel, id).then(
        () => false,
        () => true,
      )
      if (!failed) return
    }
  }

  await Promise.all(asked.map(({ id }, nth) => post(nth % 2 ? here : there, id)))

  const times = await here.store.mostCalled('2026-11-01T00:00:00.000Z', 10)
  expect(times).toEqual([
    { account: 'slack:U0GRACE', times: 2 },
    { account: 'slack:U0NOOR', times: 2 },
  ])
  const cards = (await Promise.all(asked.map(({ id }) => here.store.cards(id)))).flat()
  expect(cards.filter(({ spared }) => spared === undefined)).toHaveLength(2)
  expect(cards.map(({ status }) => status)).toEqual(['posted', 'posted', 'posted', 'posted'])
})

test('whether the same waits is looked up through its own index', async () => {
  const { pool } = await opened()

  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT FROM action_requests a WHERE a.agent_id = 'agt_1' AND a.ask = 'sha256:same'`,
  )

  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('action_requests_ask_idx')
})
