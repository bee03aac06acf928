import { expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { submit } from '../../src/approvals/submit.ts'
import { runFiles } from '../support/runFiles.ts'
import { testBundle } from '../support/testBundle.ts'
import { envelope, submission, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Two replicas on one database; the second hears of nothing. */
async function replicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const here = await testWorld({ store: first.store, policy: testBundle(runFiles) })
  const store = { ...second.store, watch: () => () => {} }
  const there: World = { ...here, store, ports: { ...here.ports, store } }
  return { here, there, pool: first.pool }
}

test('two-replicas: a read that was committed at one is seen by what is sent at the other at once', async () => {
  const { here, there } = await replicas()
  for (let nth = 0; nth < 6; nth += 1) {
    const { agent, key } = await addAgent(here.ports, {
      name: `agent-${nth}`,
      owner: { email: 'lee@acme.test' },
      by: { email: 'lee@acme.test' },
      via: 'test',
    })
    const asks = async (world: World, action: string) =>
      (await submit(world.ports, envelope(world, { agent, key }), submission(action))).request
    const [reading, sending] = nth % 2 ? [here, there] : [there, here]

    expect((await asks(sending, 'mail.send')).state).toBe('approved')
    await asks(reading, 'repo.read')
    expect((await asks(sending, 'mail.send')).state).toBe('pending')
  }
})

test('what was read is found by its indexes, however much an agent has asked', async () => {
  const { here, pool } = await replicas()
  await submit(here.ports, envelope(here), submission('repo.read'))
  const client = await pool.connect()
  try {
    await client.query('SET enable_seqscan = off')
    const plan = async (expires: string) => {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT id FROM action_requests WHERE agent_id = 'agt_1' AND effect = 'read'
         AND state NOT IN ('pending', 'denied') AND expires_at ${expires} AND settled_at >= '2026-01-01' ORDER BY settled_at DESC LIMIT 9`,
      )
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    }

    expect(await plan('IS NULL')).toMatch(/Index Scan Backward using action_requests_reads_idx/)
    expect(await plan('IS NOT NULL')).toMatch(/Index Scan Backward using action_requests_asked_reads_idx/)
  } finally {
    client.release(true)
  }
})
