import { expect, test } from 'vitest'
import { askTogether, clickAll, statesIn } from '../support/setWorld.ts'
import { testWorld } from '../support/world.ts'
import { opened } from './opened.ts'

async function twoReplicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  const there = { ...world, store: second.store, ports: { ...world.ports, store: second.store } }
  return { world, there }
}

test('two-replicas: two people decide the same lines at once, and each line has both votes and one end', async () => {
  const { world, there } = await twoReplicas()
  const set = await askTogether(world, ['host.reboot', 'host.reboot', 'host.reboot'])

  await Promise.all([clickAll(world, set, 'U0SAM'), clickAll(there, set, 'U0PRIYA')])

  expect(await statesIn(there, set)).toEqual(['approved', 'approved', 'approved'])
  for (const { id } of set.requests) {
    const types = (await there.store.entries(id)).map(({ type }) => type)
    expect(types).toEqual(['request.submitted', 'decision.made', 'decision.made', 'request.approved'])
  }
})

test('two-replicas: one approves all while another denies all: each line has one end, and it is the same in its entries', async () => {
  const { world, there } = await twoReplicas()
  const set = await askTogether(world, ['deploy.start', 'table.drop', 'node.drain', 'deploy.start'])

  const clicks = await Promise.allSettled([
    clickAll(world, set, 'U0GRACE', { lines: [0, 1, 2, 3] }),
    clickAll(there, set, 'U0NOOR', { lines: [3, 2, 1, 0], kind: 'deny', reason: 'Not today.' }),
  ])

  expect(clicks.some(({ status }) => status === 'fulfilled')).toBe(true)
  const states = await statesIn(there, set)
  expect([
    ['approved', 'approved', 'approved', 'approved'],
    ['denied', 'denied', 'denied', 'denied'],
  ]).toContainEqual(states)
})

test('retry-storm: twenty calls under one key at two replicas make one set', async () => {
  const { world, there } = await twoReplicas()
  const by = { idempotencyKey: 'storm', bodyDigest: 'sha256:same' } as const

  const sets = await Promise.all(
    Array.from({ length: 20 }, (_, nth) =>
      askTogether(nth % 2 ? world : there, ['deploy.start', 'table.drop', 'repo.read'], { by }),
    ),
  )

  expect(new Set(sets.map(({ id }) => id)).size).toBe(1)
  expect(sets.filter(({ created }) => created)).toHaveLength(1)
  expect(await there.store.requests({ limit: 10 })).toHaveLength(3)
})
