import { expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Two replicas on one database. What the first commits about a request waits until `meanwhile` is through, once. */
async function replicas(meanwhile: (there: World) => Promise<unknown>) {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  const there: World = { ...world, store: second.store, ports: { ...world.ports, store: second.store } }
  let armed = false
  const store: Store = {
    ...first.store,
    async commit(change) {
      if (armed && change.request) {
        armed = false
        await meanwhile(there)
      }
      return first.store.commit(change)
    },
  }
  const here: World = { ...world, store, ports: { ...world.ports, store } }
  const arm = () => {
    armed = true
  }
  return { here, arm }
}

const link =
  (account: string, other: string) =>
  (world: World): Promise<unknown> =>
    linkAccounts(world.ports, {
      account: { email: `${account}@acme.test` },
      other: { email: `${other}@acme.test` },
      via: 'cli',
    })

test('two-replicas: an approver who is linked to the initiator at the other replica, between judgement and commit, releases nothing', async () => {
  const { here, arm } = await replicas(link('alice', 'bob'))
  const { id } = await ask(here, 'db.export')
  await click(here, id, 'U0BOB')
  arm()

  const { request } = await click(here, id, 'U0SAM')

  expect(request.state).toBe('pending')
  expect(request.decisions[0]?.ended).toMatchObject({ how: 'lapsed', why: { cause: 'behind' } })
  expect(await entriesOf(here.store, id, 'decision.lapsed')).toHaveLength(1)
})

test('two-replicas: nor does whoever decides, when it is they who are linked', async () => {
  const { here, arm } = await replicas(link('sam', 'alice'))
  const { id } = await ask(here, 'db.export')
  await click(here, id, 'U0BOB')
  arm()

  await expect(click(here, id, 'U0SAM')).rejects.toMatchObject({ code: 'own_request' })
  expect((await here.store.request(id))?.state).toBe('pending')
})

test('control: two others who are linked meanwhile stop nothing', async () => {
  const { here, arm } = await replicas(link('grace', 'noor'))
  const { id } = await ask(here, 'db.export')
  await click(here, id, 'U0BOB')
  arm()

  expect((await click(here, id, 'U0SAM')).request.state).toBe('approved')
})
