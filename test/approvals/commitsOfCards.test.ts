import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import type { Change } from '../../src/approvals/change.ts'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { jobKey } from '../../src/approvals/job.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import { lost, refused, type TestChannel, testChannel } from '../support/channel.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

let store: MemoryStore
let world: World
let channel: TestChannel
/** What the verbs of cards commit, in order. */
let committed: Change[]
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  channel = testChannel()
  committed = []
})

/** The ports of a job: what it commits is counted. */
function ports() {
  const commit: typeof store.commit = (change) => {
    committed.push(change)
    return store.commit(change)
  }
  return { ...world.ports, store: { ...store, commit } }
}

async function announced(action: string) {
  const request = await ask(world, action)
  await announce(ports(), channel, request.id)
  channel.said.length = 0
  committed.length = 0
  return request.id
}
const card = async (id: string) => (await store.cards(id))[0]
const lines = () => channel.said.filter((call) => call.startsWith('tell'))
const takeBack = (id: string, user: string) => withdraw(world.ports, { ...attemptBy(id, user), reason: null })
const waits = (id: string) => store.jobs.has(jobKey({ task: 'refresh', request: id }))
/** An approval that says more than the card. */
const reason = 'I have looked at it.'
const notYet = new ChannelFault({ code: 'not_yet', message: 'later', unknown: false, retryAfterSeconds: 1 })

describe('a card that is refreshed', () => {
  test('is noted in one commit, however many lines its thread is told', async () => {
    const id = await announced('deploy.start')
    await click(world, id, 'U0GRACE', { reason })

    await refresh(ports(), channel, { request: id })

    expect(channel.said).toEqual(['update approved v2', 'tell decision.made, request.approved'])
    expect(committed).toHaveLength(1)
    expect(await card(id)).toMatchObject({ shown: 2, told: (await store.entries(id)).length })
  })

  test('costs no commit and no call when there is nothing that people need to hear', async () => {
    const id = await announced('deploy.start')
    await click(world, id, 'U0LEE').catch(() => undefined) // behind it: refused, and recorded
    expect((await store.entries(id)).map(({ type }) => type)).toContain('decision.refused')

    await refresh(ports(), channel, { request: id })

    expect([channel.said, committed]).toEqual([[], []])
  })

  test('is not noted as told before it is the turn of its lines, and is not changed again when it is', async () => {
    const id = await announced('deploy.start')
    await click(world, id, 'U0GRACE', { reason })
    const busy = { ...channel, mayTell: () => Promise.reject(notYet) }
    const first = refresh(ports(), busy, { request: id })

    await expect(first).rejects.toMatchObject({
      failures: new Map([['slack:C0APPROVALS', expect.objectContaining({ untold: true })]]),
    })
    expect(await card(id)).toMatchObject({ shown: 2, told: 2 })
    const tries = { 'slack:C0APPROVALS': { times: 1, failures: 0, untold: true } as const }
    await expect(refresh(ports(), busy, { request: id, tries })).rejects.toMatchObject({ code: 'not_yet' })
    expect(committed).toHaveLength(1)
    await refresh(ports(), channel, { request: id, tries })

    expect(channel.said).toEqual(['update approved v2', 'tell decision.made, request.approved'])
  })

  test('whose lines are refused tells them again', async () => {
    const id = await announced('deploy.start')
    await click(world, id, 'U0GRACE', { reason })
    channel.fail = (call) => (call.startsWith('tell') ? { fault: refused, tookEffect: false } : null)
    await expect(refresh(ports(), channel, { request: id })).rejects.toMatchObject({ code: refused.code })
    channel.fail = () => null

    await refresh(ports(), channel, { request: id })

    expect(lines()).toEqual(['tell decision.made, request.approved'])
  })

  test('with more lines than a message has room for tells them in two, and of these again only the one that was refused', async () => {
    const id = await announced('db.export')
    for (let n = 0; n < 5; n += 1) {
      await click(world, id, 'U0BOB')
      await takeBack(id, 'U0BOB')
    }
    channel.fail = (call) => (lines().length === 1 && call ? { fault: refused, tookEffect: false } : null)
    await expect(refresh(ports(), channel, { request: id })).rejects.toMatchObject({ code: refused.code })
    channel.fail = () => null

    await refresh(ports(), channel, { request: id })

    const both = Array(5).fill(['decision.made', 'decision.withdrawn']).flat()
    expect(lines()).toEqual([`tell ${both.slice(0, 8).join(', ')}`, `tell ${both.slice(8).join(', ')}`])
  })

  test('kill-anywhere: whose lines were noted when the process died is not told them twice', async () => {
    const id = await announced('deploy.start')
    await click(world, id, 'U0GRACE', { reason })
    channel.fail = (call) => (call.startsWith('tell') ? { fault: lost, tookEffect: true } : null)
    await refresh(ports(), channel, { request: id })
    channel.fail = () => null

    await refresh(ports(), channel, { request: id, again: true })

    expect(lines()).toEqual(['tell decision.made, request.approved'])
  })
})

describe('a card that was posted', () => {
  test('is not refreshed when nothing happened meanwhile', async () => {
    const { id } = await ask(world, 'deploy.start')
    await announce(ports(), channel, id)

    expect(waits(id)).toBe(false)
    expect(await card(id)).toMatchObject({ status: 'posted', shown: 1 })
  })

  /** The request moves on in the moment in which its card travels, and its refreshing run finds no card. */
  const whileItTravels = (move: (id: string) => Promise<unknown>): TestChannel => ({
    ...channel,
    post: async (one, view) => {
      await move(view.request.id)
      await refresh(world.ports, channel, { request: view.request.id })
      return channel.post(one, view)
    },
  })

  test('is refreshed when the request moved on between the view and the note', async () => {
    const { id } = await ask(world, 'db.export')
    await announce(
      ports(),
      whileItTravels((request) => click(world, request, 'U0BOB', { reason })),
      id,
    )

    expect(waits(id)).toBe(true)
    expect(await card(id)).toMatchObject({ status: 'posted', shown: 1 })
    await refresh(world.ports, channel, { request: id })
    expect(channel.said.at(-2)).toBe('update pending v2')
  })

  test('kill-anywhere: so it is when the process died before it looked; the next run looks', async () => {
    const { id } = await ask(world, 'db.export')
    const dying = {
      ...ports(),
      store: {
        ...store,
        commit: async (change: Change) => {
          if (change.entries.length === 0 && change.jobs?.some(({ task }) => task === 'refresh'))
            throw new Error('killed')
          return store.commit(change)
        },
      },
    }
    const moving = whileItTravels((request) => click(world, request, 'U0BOB'))
    await expect(announce(dying, moving, id)).rejects.toThrow('killed')
    await store.commit({ entries: [], dropJobs: [jobKey({ task: 'refresh', request: id })] })

    await announce(ports(), channel, id)

    expect(waits(id)).toBe(true)
  })

  test('and retired meanwhile, because the request was cancelled, says how it ended', async () => {
    const { id } = await ask(world, 'deploy.start')
    const shown: string[] = []
    const moving = whileItTravels((request) =>
      cancel(world.ports, { request, agent: world.agent.agent, via: 'api' }),
    )
    const update: typeof channel.update = async ({ status }, view) =>
      void shown.push(`${status} ${view.request.state}`)

    await announce(ports(), { ...moving, update }, id)

    expect(shown).toEqual(['posted cancelled'])
    expect((await card(id))?.status).toBe('replaced')
  })
})
