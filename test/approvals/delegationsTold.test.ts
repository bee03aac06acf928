import { beforeEach, describe, expect, test } from 'vitest'
import { cardViewOf } from '../../src/approvals/cards/lines.ts'
import { endOwnDelegation } from '../../src/approvals/delegations/end.ts'
import { rememberDelegations } from '../../src/approvals/delegations/remember.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { lost, refused, type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { agesOf } from '../support/testClock.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, testWorld, type World } from '../support/world.ts'
import { asking, goAway, heard } from './away.ts'

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

const comeBack = async (user: string) => endOwnDelegation(world.ports, await asking(world, user))

describe('direct messages because a conversation refuses', () => {
  beforeEach(() => {
    channel.fail = (call) =>
      call === 'post slack:C0APPROVALS' ? { fault: refused, tookEffect: false } : null
    world.directory.groups.set('S0PLATFORM', ['U0GRACE', 'U0NOOR'])
  })
  const posts = () => channel.said.filter((call) => call.startsWith('post '))

  test('go to the delegate, once, and the record says in whose place', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0GRACE', 'U0NOOR', 'U0SAM'])
    await goAway(world, 'U0GRACE', { to: 'U0NOOR' })
    const { id } = await ask(world, 'deploy.start')

    await jobs.pass(60)

    expect(posts()).toEqual(['U0NOOR', 'U0SAM'].map((user) => `post ${keyOf(user)}`))
    expect((await entriesOf(store, id, 'channel.failed'))[0]?.data).toMatchObject({
      people: ['U0NOOR', 'U0SAM'].map(keyOf),
      in_place_of: [keyOf('U0GRACE')],
    })
  })

  test('delegate: go past a delegate who is asked for another leg only', async () => {
    world.directory.groups.set('S0IAM', ['U0SAM', 'U0OMAR'])
    world.directory.groups.set('S0DATA', [])
    await goAway(world, 'U0OMAR', { to: 'U0SAM' })
    await ask(world, 'db.export')

    await jobs.pass(60)

    expect(posts().toSorted()).toEqual(['U0OMAR', 'U0PRIYA', 'U0SAM'].map((user) => `post ${keyOf(user)}`))
  })

  test.each<readonly [string, () => unknown]>([
    ['who has left the group', () => world.directory.groups.set('S0PLATFORM', ['U0GRACE'])],
    ['whom nobody needs any more', () => comeBack('U0GRACE')],
  ])('delegate: go past a delegate %s', async (_, change) => {
    await goAway(world, 'U0GRACE', { to: 'U0NOOR' })
    await change()
    await heard()
    world.directory.groups.set('S0PLATFORM', ['U0GRACE'])
    await ask(world, 'deploy.start')

    await jobs.pass(60)

    expect(posts()).toEqual([`post ${keyOf('U0GRACE')}`])
  })
})

describe('what the two hear', () => {
  const told = () => channel.said.filter((call) => call.startsWith('delegation '))

  test('the delegate hears that it began, and that it is over', async () => {
    await goAway(world, 'U0GRACE', { to: 'U0NOOR' })
    await jobs.runDue()
    expect(told()).toEqual([`delegation started ${keyOf('U0NOOR')}`])

    await comeBack('U0GRACE')
    await jobs.runDue()

    expect(told().slice(1)).toEqual([`delegation ended ${keyOf('U0NOOR')}`])
  })

  test('of one that is over before the message goes out only the end is told', async () => {
    await goAway(world, 'U0GRACE', { to: 'U0NOOR' })
    await comeBack('U0GRACE')

    await jobs.runDue()

    expect(told()).toEqual([`delegation ended ${keyOf('U0NOOR')}`])
  })

  test('whoever has left hears nothing', async () => {
    await goAway(world, 'U0GRACE', { to: 'U0NOOR' })
    world.directory.changeAccount('U0NOOR', { active: false })

    await jobs.runDue()

    expect(told()).toEqual([])
  })

  test('a message whose answer was lost is sent again, and after a day given up', async () => {
    channel.fail = (call) => (call.startsWith('delegation') ? { fault: lost, tookEffect: false } : null)
    await goAway(world, 'U0GRACE', { to: 'U0NOOR' })
    const job = [...store.jobs.values()].find(({ task }) => task === 'delegation')

    await jobs.runDue()
    expect([...store.jobs.values()].some(({ task }) => task === 'delegation')).toBe(true)
    channel.fail = () => null
    world.clock.advance(86_401)
    if (job) await store.commit({ entries: [], jobs: [job] })
    await jobs.runDue()

    expect(told()).toEqual([])
  })
})

describe('two replicas', () => {
  /** Another process on the same database, which hears as much as the test lets it. */
  function replica(hears: boolean): Ports {
    const watch: Ports['store']['watch'] = hears ? store.watch : () => () => undefined
    const delegations = rememberDelegations({ ...store, watch }, agesOf(world.clock), world.clock)
    return { ...world.ports, delegations }
  }

  const delegateOn = async (ports: Ports, id: string) => {
    const view = await cardViewOf(ports, (await store.request(id)) ?? expect.fail())
    return view.standIns?.map(({ delegate }) => view.people.get(delegate)?.account)
  }

  test('the other one hears of a beginning and of an end', async () => {
    const other = replica(true)
    const { id } = await ask(world, 'db.export')
    expect(await delegateOn(other, id)).toBeUndefined()

    await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    expect(await delegateOn(other, id)).toEqual([keyOf('U0BOB')])

    await comeBack('U0OMAR')
    await heard()
    expect(await delegateOn(other, id)).toBeUndefined()
  })

  test('one that hears nothing looks again ten seconds later, and of the time of one by itself', async () => {
    const deaf = replica(false)
    const { id } = await ask(world, 'db.export', { expiresInSeconds: null })
    expect(await delegateOn(deaf, id)).toBeUndefined()
    await goAway(world, 'U0OMAR', { to: 'U0BOB' })
    expect(await delegateOn(deaf, id)).toBeUndefined()

    world.clock.advance(10)
    expect(await delegateOn(deaf, id)).toEqual([keyOf('U0BOB')])
    world.clock.advance(3 * 86_400 - 11)
    expect(await delegateOn(deaf, id)).toEqual([keyOf('U0BOB')])
    world.clock.advance(1)
    expect(await delegateOn(deaf, id)).toBeUndefined()
  })

  test('of two that begin one for the same person at once, one is written and the other refused', async () => {
    const ways = await Promise.allSettled([
      goAway(world, 'U0PRIYA', { to: 'U0BOB', ports: replica(true) }),
      goAway(world, 'U0PRIYA', { to: 'U0SAM', ports: replica(true) }),
    ])

    expect(ways.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(ways.find((way) => way.status === 'rejected')?.reason).toMatchObject({ code: 'busy' })
    expect(await store.standingDelegations(world.clock())).toHaveLength(1)
    expect(store.ledger.filter(({ type }) => type === 'delegation.started')).toHaveLength(1)
  })
})
