import { expect, onTestFinished, test } from 'vitest'
import { followPolicy } from '../../src/approvals/policy/activePolicy.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import { policyHouse } from '../approvals/policyHouse.ts'
import { nobodyHears } from '../support/health.ts'
import { bundleFiles } from '../support/testBundle.ts'
import { ask, click, type World } from '../support/world.ts'
import { opened } from './opened.ts'

const closed = {
  ...bundleFiles,
  'rules/closed.yaml':
    '- {id: closed, description: Closed., match: {actions: [deploy.start]}, verdict: deny}\n',
}

test('two-replicas: of many requests that are approved at both while a deny rule is activated, none is released after it', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const house = await policyHouse({ store: first.store })
  await house.propose(bundleFiles)
  const there = await deaf(house.world, second.store)
  const ids: string[] = []
  for (let nth = 0; nth < 16; nth += 1)
    ids.push((await ask(house.world, 'deploy.start', { reason: `nth ${nth}` })).id)

  await Promise.all([
    ...ids.map((id, nth) => click(nth % 2 ? house.world : there, id, 'U0GRACE')),
    house.propose(closed),
  ])

  // The order of entries is the order of commits.
  const { rows } = await first.pool.query<{ type: string; after: boolean }>(
    `SELECT type, position > (SELECT max(position) FROM entries WHERE type = 'policy.activated') AS after
     FROM entries WHERE type IN ('request.approved', 'request.denied')`,
  )
  expect(rows).toHaveLength(ids.length)
  for (const { type, after } of rows) expect(type).toBe(after ? 'request.denied' : 'request.approved')
})

/** The other replica, which hears of nothing and never looks by itself. */
async function deaf(world: World, store: Store): Promise<World> {
  const unheard = { ...store, watch: () => () => {} }
  const followed = await followPolicy({ store: unheard, ...nobodyHears, everyMs: 600_000 })
  onTestFinished(followed.stop)
  const ports: Ports = { ...world.ports, store, policy: followed.current, renewPolicy: followed.renew }
  return { ...world, store, ports }
}
