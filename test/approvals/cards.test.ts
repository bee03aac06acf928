import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { remind } from '../../src/approvals/cards/remind.ts'
import { standCard } from '../../src/approvals/cards/standCard.ts'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import type { Card } from '../../src/approvals/records.ts'
import { lost, refused, type TestChannel, testChannel } from '../support/channel.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
let channel: TestChannel
beforeEach(async () => {
  world = await testWorld()
  channel = testChannel()
})

const reason = 'I have looked at it.'
const statuses = async (id: string) => (await world.store.cards(id)).map((card) => card.status)

describe('announcing', () => {
  test('posts one card, however often the job runs', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    await announce(world.ports, channel, request.id)
    expect(channel.said).toEqual(['post slack:C0APPROVALS'])
    expect(await statuses(request.id)).toEqual(['posted'])
  })

  test('nothing is posted for what is settled already', async () => {
    const request = await ask(world, 'deploy.start')
    await click(world, request.id, 'U0GRACE')
    await announce(world.ports, channel, request.id)
    expect(channel.said).toEqual([])
  })

  test('double-post: when the answer was lost, the first card is retired before another is posted', async () => {
    const request = await ask(world, 'db.export')
    channel.fail = () => ({ fault: lost, tookEffect: true })
    await expect(announce(world.ports, channel, request.id)).rejects.toMatchObject({ code: lost.code })
    channel.fail = () => null

    await announce(world.ports, channel, request.id)

    expect(channel.said).toHaveLength(2)
    expect((await statuses(request.id)).sort()).toEqual(['posted', 'replaced'])
    const replaced = (await world.store.cards(request.id)).find((card) => card.status === 'replaced')
    await expect(click(world, request.id, 'U0BOB', { card: replaced?.id ?? null })).rejects.toMatchObject({
      code: 'foreign_payload',
    })
  })

  test('double-post: two runs of one job post the same card at once, and only the recorded message asks', async () => {
    const request = await ask(world, 'db.export')
    channel.fail = () => ({ fault: refused, tookEffect: false })
    await expect(announce(world.ports, channel, request.id)).rejects.toMatchObject({ code: refused.code })
    channel.fail = () => null
    const [unsent] = await world.store.cards(request.id)
    const updated: Pick<Card, 'status' | 'message'>[] = []
    const update: typeof channel.update = async ({ status, message }) =>
      void updated.push({ status, message })
    const known = await world.store.toldRequest(request.id)
    if (!known) throw new Error('the request is not there')
    const placing = { known, conversation: 'slack:C0APPROVALS', unsent: unsent?.id }
    const place = () => standCard(world.ports, { ...channel, update }, placing)

    await Promise.all([place(), place()])

    expect(channel.said).toHaveLength(2)
    const [card, ...more] = await world.store.cards(request.id)
    expect([card?.status, more]).toEqual(['posted', []])
    const other = ['ts-1', 'ts-2'].find((message) => message !== card?.message)
    expect(updated).toEqual([{ status: 'replaced', message: other }])
  })

  test('two-replicas: two runs that see no card at the same moment post one, and the other looks again', async () => {
    const request = await ask(world, 'db.export')
    const run = () => announce(world.ports, channel, request.id)

    const runs = await Promise.allSettled([run(), run()])

    expect(runs.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(runs.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'card_moved' } })
    expect(channel.said).toHaveLength(1)
    await run()
    expect(await statuses(request.id)).toEqual(['posted'])
    expect(channel.said).toHaveLength(1)
  })

  test('control: one whose run died before it was sent is posted by the next', async () => {
    const request = await ask(world, 'db.export')
    channel.fail = () => ({ fault: lost, tookEffect: false })
    await expect(announce(world.ports, channel, request.id)).rejects.toMatchObject({ code: lost.code })
    channel.fail = () => null

    const runs = await Promise.allSettled([1, 2].map(() => announce(world.ports, channel, request.id)))

    expect(runs.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await statuses(request.id)).sort()).toEqual(['posted', 'replaced'])
  })

  test('slack-down: a refusal leaves the request pending and is thrown, so that the job comes again', async () => {
    const request = await ask(world, 'db.export')
    channel.fail = () => ({ fault: refused, tookEffect: false })
    await expect(announce(world.ports, channel, request.id)).rejects.toMatchObject({ code: refused.code })
    expect(await world.store.request(request.id)).toMatchObject({ state: 'pending' })
    channel.fail = () => null
    await announce(world.ports, channel, request.id)
    expect((await statuses(request.id)).filter((status) => status === 'posted')).toHaveLength(1)
  })
})

describe('refreshing', () => {
  test('the card follows the request, and the thread tells each event once', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    channel.said.length = 0

    await click(world, request.id, 'U0BOB', { reason })
    await refresh(world.ports, channel, { request: request.id })
    await click(world, request.id, 'U0SAM')
    await refresh(world.ports, channel, { request: request.id })
    await refresh(world.ports, channel, { request: request.id })

    expect(channel.said).toEqual([
      'update pending v2',
      'tell decision.made',
      'update approved v3',
      'tell decision.made, request.approved',
    ])
  })

  test('who approved stands on the card: a thread in which nothing was said is not begun for that', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    channel.said.length = 0

    for (const who of ['U0BOB', 'U0SAM']) {
      await click(world, request.id, who)
      await refresh(world.ports, channel, { request: request.id })
    }

    expect(channel.said).toEqual(['update pending v2', 'update approved v3'])
  })

  test('and comes with the next line that says more', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    await click(world, request.id, 'U0BOB')
    await refresh(world.ports, channel, { request: request.id })
    channel.said.length = 0

    await click(world, request.id, 'U0SAM', { kind: 'deny' })
    await refresh(world.ports, channel, { request: request.id })

    expect(channel.said).toEqual(['update denied v3', 'tell decision.made, decision.made, request.denied'])
  })

  test.each<readonly [string, (request: string) => Promise<unknown>]>([
    ['was reminded in', (request) => remind(world.ports, channel, { request, nth: 0 })],
    ['was approved in by words', (request) => click(world, request, 'U0BOB', { way: 'thread' })],
    ['has the reason of an approval', (request) => click(world, request, 'U0BOB', { reason })],
  ])('a thread that somebody %s hears at once who approved', async (_, begin) => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    await begin(request.id)
    await refresh(world.ports, channel, { request: request.id })

    await click(world, request.id, 'U0SAM')
    await refresh(world.ports, channel, { request: request.id })

    expect(channel.said.at(-1)).toContain('tell decision.made')
  })

  test('a thread line whose answer was lost is not told twice', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    await click(world, request.id, 'U0BOB', { reason })
    channel.fail = (call) => (call === 'tell decision.made' ? { fault: lost, tookEffect: true } : null)
    await refresh(world.ports, channel, { request: request.id })
    channel.fail = () => null
    await refresh(world.ports, channel, { request: request.id })
    expect(channel.said.filter((call) => call === 'tell decision.made')).toHaveLength(1)
  })

  test('a refused line is told when the channel is back', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    await click(world, request.id, 'U0BOB', { reason })
    channel.fail = (call) => (call === 'tell decision.made' ? { fault: refused, tookEffect: false } : null)
    await expect(refresh(world.ports, channel, { request: request.id })).rejects.toMatchObject({
      code: refused.code,
    })
    channel.fail = () => null
    await refresh(world.ports, channel, { request: request.id })
    expect(channel.said.filter((call) => call === 'tell decision.made')).toHaveLength(1)
  })
})

describe('a card that somebody deleted', () => {
  const deleted = new ChannelFault({
    code: 'message_not_found',
    message: 'deleted',
    unknown: false,
    gone: true,
  })

  test('is retired, and another is posted while the request waits', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    await click(world, request.id, 'U0BOB')
    channel.fail = (call) => (call.startsWith('update') ? { fault: deleted, tookEffect: false } : null)
    await refresh(world.ports, channel, { request: request.id })
    channel.fail = () => null

    await announce(world.ports, channel, request.id)

    expect((await statuses(request.id)).sort()).toEqual(['posted', 'replaced'])
    expect(channel.said.filter((call) => call.startsWith('post '))).toHaveLength(2)
  })

  test('control: a card that is only out of reach keeps its place', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    await click(world, request.id, 'U0BOB')
    channel.fail = (call) => (call.startsWith('update') ? { fault: refused, tookEffect: false } : null)
    await expect(refresh(world.ports, channel, { request: request.id })).rejects.toMatchObject({
      code: refused.code,
    })
    expect(await statuses(request.id)).toEqual(['posted'])
  })
})

describe('reminding', () => {
  test('once for each reminder while it waits, recorded with the legs that are open', async () => {
    const request = await ask(world, 'db.export')
    await announce(world.ports, channel, request.id)
    await click(world, request.id, 'U0BOB')
    await remind(world.ports, channel, { request: request.id, nth: 0 })
    expect(channel.said.filter((call) => call === 'remind')).toHaveLength(1)
    const sent = (await world.store.entries(request.id)).find((entry) => entry.type === 'reminder.sent')
    expect(sent?.data).toEqual({
      nth: 0,
      conversation: 'slack:C0APPROVALS',
      by: 'line',
      legs: ['security'],
    })
  })

  test('never after it is settled', async () => {
    const request = await ask(world, 'deploy.start')
    await announce(world.ports, channel, request.id)
    await click(world, request.id, 'U0GRACE')
    await remind(world.ports, channel, { request: request.id, nth: 0 })
    expect(channel.said).not.toContain('remind')
  })
})
