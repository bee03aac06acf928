import { beforeEach, describe, expect, test } from 'vitest'
import { alarm } from '../../src/approvals/cards/alarm.ts'
import { ownAttempts } from '../../src/approvals/cards/ownAttempts.ts'
import { story } from '../../src/approvals/inspect.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { refused, type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'
import { smash } from './emergency.ts'

let world: World
let store: MemoryStore
let channel: TestChannel
let jobs: JobsAtWork
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  channel = testChannel()
  jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
})

type Change = Parameters<typeof click>[3]

/** Somebody tries to approve, and is refused; what follows is done. */
async function tries(request: string, user: string, change: Change = {}): Promise<unknown> {
  const refusal = await click(world, request, user, change).catch((fault: unknown) => fault)
  await jobs.runDue()
  return refusal
}

const alarms = () => channel.said.filter((call) => call.startsWith('alarm own_attempts'))
const raised = (request: string) => entriesOf(store, request, 'attempts.alarmed')
const personOf = async (user: string) => (await store.account(keyOf(user)))?.person

describe('own-request: somebody behind the action tries again and again to approve it', () => {
  test('the third attempt on one request raises an alarm, once, and the owner of the agent hears it', async () => {
    const { id } = await ask(world, 'db.export')

    await tries(id, 'U0ALICE')
    await tries(id, 'U0ALICE')
    expect(await raised(id)).toEqual([])
    await tries(id, 'U0ALICE')
    await tries(id, 'U0ALICE')

    expect(alarms()).toEqual([`alarm own_attempts ${keyOf('U0LEE')}`])
    expect((await raised(id)).map(({ data }) => data)).toEqual([
      { over: 'request', tried: [{ person: await personOf('U0ALICE'), times: 3 }], to: [keyOf('U0LEE')] },
    ])
    expect(await store.request(id)).toMatchObject({ state: 'pending', version: 1, decisions: [] })
  })

  test('attempts of several people behind it count together', async () => {
    const { id } = await ask(world, 'db.export', { involved: [{ email: 'sam@acme.test' }] })

    for (const user of ['U0ALICE', 'U0SAM', 'U0ALICE']) await tries(id, user)

    expect((await raised(id))[0]?.data.tried).toEqual([
      { person: await personOf('U0ALICE'), times: 2 },
      { person: await personOf('U0SAM'), times: 1 },
    ])
  })

  test('whom the emergency path names hears it too', async () => {
    const { id } = await ask(world, 'host.reboot')

    for (const nth of [1, 2, 3]) await tries(id, 'U0ALICE', { delivery: `own ${nth}` })

    expect(alarms()).toEqual(
      ['slack:C0ALERTS', 'slack:S0SECURITY', keyOf('U0LEE')].map((to) => `alarm own_attempts ${to}`),
    )
    expect((await entriesOf(store, id, 'alarm.sent')).map(({ data }) => data.why)).toEqual(
      Array(3).fill('own_attempts'),
    )
  })

  test('when it is the owner who tries, people who can decide hear it, and the owner does not', async () => {
    const { id } = await ask(world, 'db.export')

    for (const nth of [1, 2, 3]) await tries(id, 'U0LEE', { delivery: `own ${nth}` })

    expect(new Set(alarms())).toEqual(
      new Set(['U0OMAR', 'U0PRIYA', 'U0BOB', 'U0SAM'].map((user) => `alarm own_attempts ${keyOf(user)}`)),
    )
  })

  test('twin-accounts: nor when the owner tries with a second account that nobody has linked', async () => {
    const lee = await world.directory.account('slack:U0LEE')
    const twin = { ...lee, key: keyOf('U0LEE2'), email: 'lee+admin@acme.test' }
    world.directory.accounts.set('U0LEE2', twin)
    world.directory.groups.set('S0SECURITY', ['U0LEE2', 'U0PRIYA'])
    const { id } = await ask(world, 'db.export')

    for (const nth of [1, 2, 3]) await tries(id, 'U0LEE2', { delivery: `own ${nth}` })

    expect(alarms()).not.toEqual([])
    expect(alarms().join()).not.toContain('U0LEE')
  })

  test('breaking the glass counts like approving', async () => {
    world.directory.groups.set('S0INCIDENT', ['U0ALICE', 'U0OMAR'])
    const { id } = await ask(world, 'host.reboot')

    for (const _ of [1, 2, 3])
      await expect(smash(world, id, 'U0ALICE')).rejects.toMatchObject({ code: 'own_request' })
    await jobs.runDue()

    expect(await raised(id)).toHaveLength(1)
  })

  test('control: denying what they are behind harms nobody, and neither does what others are refused', async () => {
    const { id } = await ask(world, 'db.export')

    for (const nth of [1, 2, 3, 4, 5, 6]) {
      await tries(id, 'U0ALICE', { kind: 'deny', reason: 'No.', delivery: `deny ${nth}` })
      await tries(id, 'U0NOOR', { delivery: `outsider ${nth}` })
    }

    expect(await entriesOf(store, id, 'decision.refused')).toHaveLength(12)
    expect(await raised(id)).toEqual([])
    expect(alarms()).toEqual([])
  })
})

describe('own-request: one person tries over several requests', () => {
  const requests = (count: number) =>
    Promise.all(Array.from({ length: count }, () => ask(world, 'db.export')))

  test('the fifth attempt within an hour raises an alarm on the request it was made on', async () => {
    const asked = await requests(5)

    for (const { id } of asked) {
      expect(alarms()).toEqual([])
      await tries(id, 'U0ALICE')
      world.clock.advance(899)
    }

    expect(alarms()).toHaveLength(1)
    const [entry] = await raised(asked[4]?.id ?? '')
    expect(entry?.data).toMatchObject({ over: 'hour', tried: [{ times: 5 }] })
  })

  test('control: five within more than an hour raise none', async () => {
    for (const { id } of await requests(5)) {
      await tries(id, 'U0ALICE')
      world.clock.advance(901)
    }
    expect(alarms()).toEqual([])
  })

  test('control: five of five people raise none', async () => {
    const involved = ['sam', 'grace', 'noor'].map((name) => ({ email: `${name}@acme.test` }))
    const asked = await Promise.all([1, 2, 3, 4, 5].map(() => ask(world, 'db.export', { involved })))

    for (const [nth, user] of ['U0ALICE', 'U0LEE', 'U0SAM', 'U0GRACE', 'U0NOOR'].entries())
      await tries(asked[nth]?.id ?? '', user)

    expect(alarms()).toEqual([])
  })

  test('counts whoever turned out to be one person as one', async () => {
    const asked = await Promise.all(
      [1, 2, 3, 4, 5].map(() => ask(world, 'db.export', { involved: [{ email: 'sam@acme.test' }] })),
    )
    for (const { id } of asked.slice(0, 4)) await tries(id, 'U0SAM')
    const [account, other] = [{ email: 'alice@acme.test' }, { email: 'sam@acme.test' }]
    await linkAccounts(world.ports, { account, other, via: 'cli' })

    await tries(asked[4]?.id ?? '', 'U0ALICE')

    expect(alarms()).toHaveLength(1)
  })

  test('an attempt that the job sees late counts by its own time', async () => {
    const asked = await requests(5)
    for (const { id } of asked)
      await expect(click(world, id, 'U0ALICE')).rejects.toMatchObject({ code: 'own_request' })
    world.clock.advance(5 * 3_600)

    await ownAttempts(world.ports, asked[4]?.id ?? '')

    expect(await raised(asked[4]?.id ?? '')).toHaveLength(1)
  })
})

describe('whoever tries learns nothing of the alarm', () => {
  test('each attempt is answered alike, before and after it', async () => {
    const { id } = await ask(world, 'db.export')

    const answers = []
    for (const nth of [1, 2, 3, 4]) answers.push(await tries(id, 'U0ALICE', { delivery: `own ${nth}` }))

    expect(alarms()).toHaveLength(1)
    expect(new Set(answers.map((one) => JSON.stringify(one) + String(one)))).toHaveProperty('size', 1)
  })

  test('their story of the request does not have it; that of others does', async () => {
    const { id } = await ask(world, 'host.reboot')
    for (const nth of [1, 2, 3]) await tries(id, 'U0ALICE', { delivery: `own ${nth}` })
    const typesFor = async (user: string) =>
      (await story(world.ports, id, await world.directory.account(`slack:${user}`))).entries.map(
        ({ type }) => type,
      )

    expect(await typesFor('U0ALICE')).not.toContain('attempts.alarmed')
    expect(await typesFor('U0ALICE')).not.toContain('alarm.sent')
    expect(await typesFor('U0SAM')).toContain('attempts.alarmed')
  })

  test('whoever hears it may read what it is about; control: without an alarm they may not', async () => {
    world.directory.groups.set('S0SECURITY', ['U0PRIYA', 'U0SAM'])
    const [heard, quiet] = [await ask(world, 'freeze.deploy'), await ask(world, 'freeze.deploy')]
    world.directory.groups.set('S0INCIDENT', ['U0ALICE', 'U0OMAR'])
    for (const _ of [1, 2, 3])
      await expect(smash(world, heard.id, 'U0ALICE')).rejects.toMatchObject({ code: 'own_request' })
    await jobs.runDue()
    const readBy = async (request: string) =>
      story(world.ports, request, await world.directory.account('slack:U0SAM'))

    await expect(readBy(heard.id)).resolves.toBeDefined()
    await expect(readBy(quiet.id)).rejects.toMatchObject({ code: 'unknown_request' })
  })
})

describe('the alarm is said once', () => {
  const thrice = async () => {
    const { id } = await ask(world, 'host.reboot')
    for (const _ of [1, 2, 3]) await click(world, id, 'U0ALICE').catch(() => {})
    return id
  }

  test('two-replicas: by whichever looks first', async () => {
    const id = await thrice()

    await Promise.all([ownAttempts(world.ports, id), ownAttempts(world.ports, id)])
    await ownAttempts(world.ports, id)

    expect(await raised(id)).toHaveLength(1)
  })

  test('slack-down: one address that refuses does not keep the others from it, and is tried again', async () => {
    const id = await thrice()
    await ownAttempts(world.ports, id)
    const sound = () => alarm(world.ports, channel, { request: id, why: 'own_attempts' })
    channel.fail = (call) => (call.endsWith('C0ALERTS') ? { fault: refused, tookEffect: false } : null)
    await expect(sound()).rejects.toMatchObject({ code: refused.code })

    channel.fail = () => null
    await sound()
    await sound()

    expect(alarms()).toHaveLength(3)
  })

  test('waits while nobody can say whether the owner is whoever tried', async () => {
    const id = await thrice()
    world.directory.down = true
    await expect(ownAttempts(world.ports, id)).rejects.toMatchObject({ code: 'directory_unavailable' })
    expect(await raised(id)).toEqual([])

    world.directory.down = false
    await ownAttempts(world.ports, id)

    expect(await raised(id)).toHaveLength(1)
  })
})
