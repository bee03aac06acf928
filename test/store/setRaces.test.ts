import { expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { keptTogether } from '../../src/approvals/sets/keptTogether.ts'
import { ask, click, submission, testWorld } from '../support/world.ts'
import { opened } from './opened.ts'

const { action: rollback } = submission('table.drop')

async function twoReplicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  const there = {
    ...world,
    ports: { ...world.ports, store: keptTogether(second.store, world.ports) },
  }
  const states = async (id: string) => {
    const [one] = await second.store.rollbacksOf([id])
    return [(await first.store.request(id))?.state, one?.state]
  }
  return { world, there, states, store: second.store }
}

test('two-replicas: half-a-set: votes at both at once count for both members, and release both', async () => {
  const { world, there, states, store } = await twoReplicas()
  const { id } = await ask(world, 'db.export', { rollback })

  await Promise.all([click(world, id, 'U0BOB'), click(there, id, 'U0SAM'), click(world, id, 'U0GRACE')])

  expect(await states(id)).toEqual(['approved', 'approved'])
  const [one] = await store.rollbacksOf([id])
  expect(one?.decisions).toEqual((await store.request(id))?.decisions)
})

test('two-replicas: half-a-set: approved here and cancelled there, both members end alike', async () => {
  const { world, there, states } = await twoReplicas()
  const { id } = await ask(world, 'deploy.start', { rollback })

  await Promise.allSettled([
    click(world, id, 'U0GRACE'),
    cancel(there.ports, { request: id, agent: world.agent.agent, via: 'api' }),
  ])

  expect([
    ['approved', 'approved'],
    ['cancelled', 'cancelled'],
  ]).toContainEqual(await states(id))
})
