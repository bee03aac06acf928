import { expect, test } from 'vitest'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { refusalsOf } from '../support/recorded.ts'
import { ask, click, testWorld } from '../support/world.ts'

/** Grace may decide, and while it is looked up who she is, something happens once. */
async function meanwhile(happens: 'she is given the agent' | 'nothing') {
  const store = memoryStore()
  const world = await testWorld({ store })
  const { id } = await ask(world, 'deploy.start')
  const { account } = world.directory
  let done = happens === 'nothing'
  const directory = {
    ...world.directory,
    account: async (address: string) => {
      const found = await account(address)
      if (!done) {
        done = true
        const by = { email: 'grace@acme.test' }
        await handOver(world.ports, { name: 'billing-agent', to: by, by, via: 'cli' })
      }
      return found
    },
  }
  const vote = click({ ...world, ports: { ...world.ports, directory } }, id, 'U0GRACE')
  return { store, id, vote }
}

test('own-request: an agent that is handed over to whoever approves, in that moment, is not approved by its owner', async () => {
  const { store, id, vote } = await meanwhile('she is given the agent')

  await expect(vote).rejects.toMatchObject({ code: 'own_request' })

  expect((await store.request(id))?.state).toBe('pending')
  expect(await refusalsOf(store, id)).toEqual(['own_request'])
})

test('control: nothing happens, and her vote releases it', async () => {
  const { vote } = await meanwhile('nothing')

  expect((await vote).request.state).toBe('approved')
})
