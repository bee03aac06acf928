import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { agentWith, rollbackBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

test('half-a-set: a whole server moves an action and its declared rollback together', async () => {
  const workspace = await openWorkspace()
  const server = await serve({
    ...workspace.environment,
    COUNTERSIGN_SECRET: 'one-secret-for-both-replicas-of-this-test-00',
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: temporaryDirectory(),
  })
  const agent = agentWith(await registerAgent(server.config, 'nightly'))
  const { initiator: _, ...rollback } = { ...rollbackBody, params: { service: 'checkout', version: '1.2.4' } }

  const asked = await agent.ask(server.url, { ...rollbackBody, rollback })
  const rollbacks = asked.body.rollbacks as readonly { readonly id: string; readonly state: string }[] // of the API
  expect([asked.state, rollbacks.map(({ state }) => state)]).toEqual(['pending', ['pending']])
  await agent.cancel(server.url, asked.id)

  const other = await agent.wait(server.url, rollbacks[0]?.id ?? '', 0)
  expect(other.body).toMatchObject({
    state: 'cancelled',
    outcome_code: 'nothing_to_undo',
    rolls_back: asked.id,
  })
})
