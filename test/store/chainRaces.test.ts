import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { anotherAgent, throughAgents } from '../support/chainWorld.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Two replicas on one database, with a planner that is Bob's. `meanwhile` happens at the first before the second's first commit of a request. */
async function replicas(meanwhile: (here: World) => Promise<unknown>) {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const here = await testWorld({ store: first.store })
  await anotherAgent(here, 'planner', 'bob')
  let done = true
  const store = {
    ...second.store,
    async commit(change: Change) {
      if (change.request && !done) {
        done = true
        await meanwhile(here)
      }
      return second.store.commit(change)
    },
  }
  const there: World = { ...here, store, ports: { ...here.ports, store } }
  return { here, there, arm: () => (done = false), pool: first.pool }
}

const bob = { email: 'bob@acme.test' }
const run = throughAgents('planner')
const by = { kind: 'system', id: 'operator', via: 'cli' } as const

describe('asked-through', () => {
  test.each([
    [
      'revoked',
      'chain_revoked',
      ({ ports }: World) => revokeAgent(ports, { name: 'planner', by: bob, via: 'cli' }),
    ],
    [
      'stopped',
      'stopped',
      ({ ports }: World) =>
        makeStop(ports, { what: { kind: 'agent', agent: 'planner' }, reason: 'Enough', by }),
    ],
  ] as const)('two replicas: %s while it is asked through it', async (_, code, happens) => {
    const { here, there, arm } = await replicas(happens)
    arm()

    await expect(ask(there, 'repo.read', { run })).rejects.toMatchObject({ code })

    expect(await here.store.requests({ limit: 10 })).toEqual([])
  })

  test('two replicas: handed over to whoever approves while they do', async () => {
    const grace = { email: 'grace@acme.test' }
    const { there, arm } = await replicas(({ ports }) =>
      handOver(ports, { name: 'planner', to: grace, by: grace, via: 'cli' }),
    )
    const { id } = await ask(there, 'deploy.start', { run })
    arm()

    await expect(click(there, id, 'U0GRACE')).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(there, id, 'U0NOOR')).resolves.toMatchObject({ request: { state: 'approved' } })
  })
})

test('what was asked through an agent is found through an index of its own', async () => {
  const { pool } = await opened()
  const client = await pool.connect()

  await client.query('SET enable_seqscan = off')
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT id FROM action_requests
     WHERE state = 'pending' AND run::text LIKE '%"through":[%' ORDER BY id DESC LIMIT 100`,
  )
  client.release(true)

  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('action_requests_through_idx')
})
