import { beforeEach, expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { refused, type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, elsewhere, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
let channel: TestChannel
let jobs: JobsAtWork
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  channel = testChannel()
  // The conversation refuses all the time; people are reached.
  channel.fail = (call) => (call === 'post slack:C0APPROVALS' ? { fault: refused, tookEffect: false } : null)
  jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
})

const posts = () => channel.said.filter((call) => call.startsWith('post '))

/** Two requests of which only the first was sent to Grace: the second is held for the next minute. */
async function heldForGrace(): Promise<void> {
  world.directory.groups.set('S0PLATFORM', ['U0GRACE'])
  const ids = [
    (await ask(world, 'deploy.start')).id,
    (await ask(world, 'deploy.start', elsewhere('deploy.start'))).id,
  ]
  await jobs.runDue()
  await jobs.pass(50)
  expect(posts()).toHaveLength(1)
  for (const id of ids)
    expect((await entriesOf(store, id, 'channel.failed'))[0]?.data.people).toEqual(['slack:T0ACME:U0GRACE'])
}

test.each<readonly [string, () => unknown]>([
  [
    'turned out to be behind the action',
    () =>
      linkAccounts(world.ports, {
        account: { email: 'alice@acme.test' },
        other: { email: 'grace@acme.test' },
        via: 'test',
      }),
  ],
  ['left the group', () => world.directory.groups.set('S0PLATFORM', [])],
  ['was deactivated', () => world.directory.changeAccount('U0GRACE', { active: false })],
])(
  'own-request, left-the-group: whoever was chosen and %s before being written to is not',
  async (_, change) => {
    await heldForGrace()

    await change()
    await jobs.pass(120)

    expect(posts()).toHaveLength(1)
  },
)

test('control: whoever was chosen and may still decide is written to in the next minute', async () => {
  await heldForGrace()

  await jobs.pass(120)

  expect(posts()).toHaveLength(2)
})
