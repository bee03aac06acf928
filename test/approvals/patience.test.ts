import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { lost, refused, type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

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

const card = 'post slack:C0APPROVALS'
const posts = () => channel.said.filter((call) => call.startsWith('post '))
const failing = (prefix: string, fault: ChannelFault) => {
  channel.fail = (call) => (call.startsWith(prefix) ? { fault, tookEffect: false } : null)
}
const slowDown = (seconds: number) =>
  new ChannelFault({ code: 'rate_limited', message: 'later', unknown: false, retryAfterSeconds: seconds })
const notYet = (seconds: number) =>
  new ChannelFault({ code: 'not_yet', message: 'others first', unknown: false, retryAfterSeconds: seconds })
const statuses = async (id: string) => (await store.cards(id)).map(({ status }) => status)

describe('bad-hour: a conversation refuses for a while', () => {
  test('what has a deadline is tried again at least every thirty seconds, to the end', async () => {
    const { id } = await ask(world, 'deploy.start')
    failing('', refused)
    await jobs.runDue()

    const gaps: number[] = []
    while ((await store.request(id))?.state === 'pending') {
      const next = jobs.next('announce') ?? Number.POSITIVE_INFINITY
      gaps.push(next)
      await jobs.pass(next)
    }

    expect(Math.max(...gaps)).toBeLessThanOrEqual(30)
    expect(gaps.length).toBeGreaterThan(100)
    expect(jobs.next('announce')).toBeNull()
  })

  test('when the channel asks to wait, it is asked again when it said, and not before', async () => {
    await ask(world, 'deploy.start')
    failing('', slowDown(70))
    await jobs.runDue()
    expect(jobs.next('announce')).toBe(70)
  })

  test('however often it is tried, one card is written down for it, and that one is posted', async () => {
    const { id } = await ask(world, 'deploy.start')
    failing(card, refused)
    await jobs.runDue()
    await jobs.pass(600)
    const inChannel = async () =>
      (await store.cards(id)).filter((one) => one.conversation === 'slack:C0APPROVALS')
    expect((await inChannel()).map(({ status }) => status)).toEqual(['posting'])

    channel.fail = () => null
    await jobs.pass(30)

    expect((await inChannel()).map(({ status }) => status)).toEqual(['posted'])
  })

  test('a change is tried at once although an earlier one waits for its next try', async () => {
    const { id } = await ask(world, 'db.export')
    await jobs.runDue()
    failing('update', refused)
    await click(world, id, 'U0BOB')
    await jobs.runDue()
    await jobs.pass(60)
    channel.fail = () => null

    await click(world, id, 'U0SAM')
    await jobs.runDue()

    expect(channel.said).toContain('update approved v3')
  })
})

describe('after three failures in one conversation', () => {
  test('people of every open leg who can decide are written to, once, and the card comes all the same', async () => {
    const { id } = await ask(world, 'db.export')
    failing(card, refused)
    await jobs.runDue()
    await jobs.pass(2)
    expect(posts()).toEqual([])
    await jobs.pass(5)

    // Omar owns the table; of Security and the data owners whoever is first, none of them behind the action.
    const direct = ['U0OMAR', 'U0PRIYA', 'U0SAM', 'U0BOB'].map((user) => `post slack:T0ACME:${user}`)
    expect(posts().sort()).toEqual(direct.sort())
    await jobs.pass(600)
    expect(posts()).toHaveLength(4)
    const [failed, ...more] = await entriesOf(store, id, 'channel.failed')
    expect(more).toEqual([])
    expect(failed?.data).toMatchObject({ conversation: 'slack:C0APPROVALS', code: 'not_in_channel' })
    expect(failed?.data.people).toHaveLength(4)

    channel.fail = () => null
    await jobs.pass(30)
    expect(posts()).toContain(card)
  })

  test('control: with two failures nobody is written to', async () => {
    await ask(world, 'db.export')
    failing(card, refused)
    await jobs.runDue()
    await jobs.pass(2)
    channel.fail = () => null
    await jobs.pass(600)
    expect(posts()).toEqual([card])
  })

  test.each([slowDown(2), notYet(2), notYet(25)])('waiting for a turn is no failure', async (fault) => {
    await ask(world, 'db.export')
    failing(card, fault)
    await jobs.runDue()
    await jobs.pass(120)
    expect(posts()).toEqual([])
  })

  test('at most five, and nobody behind the action, inactive, a guest, or who has decided', async () => {
    for (let nth = 1; nth <= 8; nth += 1) {
      const user = `U0MEMBER${nth}`
      const account = await world.directory.account('slack:U0GRACE')
      world.directory.accounts.set(user, {
        ...account,
        key: `slack:T0ACME:${user}`,
        email: `${user}@acme.test`,
      })
    }
    const members = Array.from({ length: 8 }, (_, nth) => `U0MEMBER${nth + 1}`)
    world.directory.groups.set('S0PLATFORM', ['U0LEE', 'U0ALICE', ...members])
    world.directory.changeAccount('U0MEMBER1', { active: false })
    world.directory.changeAccount('U0MEMBER2', { guest: true })
    await ask(world, 'deploy.start')
    failing(card, refused)
    await jobs.runDue()
    await jobs.pass(60)
    expect(posts()).toEqual([3, 4, 5, 6, 7].map((nth) => `post slack:T0ACME:U0MEMBER${nth}`))
  })

  test('nobody gets more than one such message in a minute, whatever fails', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0GRACE'])
    for (let nth = 0; nth < 10; nth += 1) await ask(world, 'deploy.start')
    failing(card, refused)
    await jobs.runDue()
    await jobs.pass(50)
    expect(posts()).toEqual(['post slack:T0ACME:U0GRACE'])
  })

  test('nobody is written to about a denial that can only be lifted', async () => {
    await ask(world, 'freeze.deploy')
    failing(card, refused)
    await jobs.runDue()
    await jobs.pass(60)
    expect(posts()).toEqual([])
  })

  test('whoever was written to sees what becomes of it, and gets no further message', async () => {
    const { id } = await ask(world, 'deploy.start')
    failing(card, refused)
    await jobs.runDue()
    await jobs.pass(10)
    const direct = (await store.cards(id)).find(({ conversation }) => conversation.endsWith('U0GRACE'))
    channel.said.length = 0

    await click(world, id, 'U0GRACE', { card: direct?.id ?? '' })
    await jobs.runDue()

    expect(channel.said).toEqual(['update approved v2', 'update approved v2'])
  })

  test('a card that stands but cannot be changed any more counts as well', async () => {
    const { id } = await ask(world, 'db.export')
    await jobs.runDue()
    failing('update', refused)
    await click(world, id, 'U0BOB')
    await jobs.runDue()
    await jobs.pass(60)
    // Bob has decided for the data owners: only Security is still needed.
    expect(posts()).toEqual([card, 'post slack:T0ACME:U0PRIYA', 'post slack:T0ACME:U0SAM'])
  })

  test('an escalation turns to the people whom it brings in', async () => {
    await ask(world, 'node.drain')
    failing(card, refused)
    await jobs.runDue()
    await jobs.pass(60)
    expect(posts()).toEqual(['U0GRACE', 'U0NOOR'].map((user) => `post slack:T0ACME:${user}`))

    world.clock.advance(540)
    await jobs.pass(60)

    expect(posts().slice(2)).toEqual(['U0PRIYA', 'U0SAM'].map((user) => `post slack:T0ACME:${user}`))
  })
})

describe('a card that somebody deleted', () => {
  const deleted = new ChannelFault({
    code: 'message_not_found',
    message: 'deleted',
    unknown: false,
    gone: true,
  })

  test('is found by the next reminder, and the new card is the reminder', async () => {
    const { id } = await ask(world, 'db.export')
    await jobs.runDue()
    await click(world, id, 'U0BOB')
    await jobs.runDue()
    channel.said.length = 0
    let gone = true
    channel.fail = (call) => {
      if (call.startsWith('post')) gone = false
      return gone && call.startsWith('update') ? { fault: deleted, tookEffect: false } : null
    }

    world.clock.advance(900)
    await jobs.runDue()

    expect(channel.said).not.toContain('remind')
    expect(posts()).toEqual([card])
    expect(await statuses(id)).toEqual(['replaced', 'posted'])
    // What was decided before stands on the new card and is not told again in its thread.
    expect(channel.said).not.toContain('tell decision.made')
    expect((await entriesOf(store, id, 'reminder.sent')).map(({ data }) => data.by)).toEqual(['new card'])
  })
})

describe('double-post: a posting whose answer was lost', () => {
  test('is retired when the request is settled meanwhile, so that it cannot decide', async () => {
    const { id } = await ask(world, 'db.export')
    channel.fail = () => ({ fault: lost, tookEffect: true })
    await jobs.runDue()
    channel.fail = () => null
    await click(world, id, 'U0BOB', { kind: 'deny' })

    await refresh(world.ports, channel, { request: id })

    expect(await statuses(id)).toEqual(['replaced'])
  })

  test('that only lost its own record is recorded, and not posted twice', async () => {
    const { id } = await ask(world, 'db.export')
    let blip = true
    const stumbling = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        if (blip && change.entries.some(({ entry }) => entry.type === 'card.posted'))
          throw new Error('a blip')
        return store.commit(change)
      },
    }
    const remembering = new Map<string, string>()
    const post: typeof channel.post = async (one, view) => {
      const message = await channel.post(one, view)
      remembering.set(one.id, message)
      return message
    }
    const sure = {
      ...channel,
      post,
      postedAt: async (one: { id: string }) => remembering.get(one.id) ?? null,
    }
    const ports = { ...world.ports, store: stumbling }
    await expect(announce(ports, sure, id)).rejects.toThrow('a blip')
    blip = false

    await announce(ports, sure, id)

    expect(posts()).toEqual([card])
    expect(await statuses(id)).toEqual(['posted'])
  })
})
