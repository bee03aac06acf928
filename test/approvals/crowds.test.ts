import { beforeEach, describe, expect, test } from 'vitest'
import { bringOut } from '../../src/approvals/crowds/bringOut.ts'
import { mostCards } from '../../src/approvals/crowds/heldBack.ts'
import { escalate } from '../../src/approvals/escalate.ts'
import { outcomeOf } from '../../src/core/outcome.ts'
import { lost, refused, type TestChannel, testChannel } from '../support/channel.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask, attemptBy, click, submission, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
let channel: TestChannel
let jobs: JobsAtWork
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  world.setPolicy(bundleWithDefaults('max_pending: 100'))
  await world.ports.renewPolicy()
  channel = testChannel()
  jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
})

const here = 'slack:C0APPROVALS'
const asked = async (times: number, action = 'deploy.start') => {
  const ids: string[] = []
  for (let nth = 0; nth < times; nth += 1) {
    // What is asked again would share one card.
    const { action: asks } = submission(action, { params: { rows: 10 + nth } })
    ids.push((await ask(world, action, { action: asks })).id)
  }
  return ids
}
const posts = () => channel.said.filter((call) => call === `post ${here}`).length
const crowds = () => channel.said.filter((call) => /crowd/.test(call))
const hasCard = async (id: string) => (await store.cards(id)).some(({ status }) => status === 'posted')
const without = async (ids: readonly string[]) => {
  const found = await Promise.all(ids.map(hasCard))
  return ids.filter((_, nth) => !found[nth])
}

describe('flood: more ask in one conversation than people read', () => {
  test('control: as many as that have a card each, and nothing stands for any', async () => {
    const ids = await asked(mostCards)
    await jobs.pass(30)
    expect(await without(ids)).toEqual([])
    expect(crowds()).toEqual([])
  })

  test('sixty: the most urgent have their cards, one card stands for the rest, and says so for each', async () => {
    const ids = await asked(60)

    await jobs.pass(15)

    expect(posts()).toBe(mostCards)
    expect(crowds()).toEqual([`post crowd ${here} 50`])
    const held = await without(ids)
    expect(held).toHaveLength(50)
    for (const id of held)
      expect(await entriesOf(store, id, 'card.listed')).toMatchObject([
        { data: { conversation: here, message: (await store.crowdCard(here))?.message } },
      ])
    await jobs.pass(120)
    expect(crowds()).toHaveLength(1)
  })

  test('it is changed as it changes, and says that it is over when nothing waits there any more', async () => {
    const ids = await asked(14)
    await jobs.pass(15)
    const [first, ...others] = await without(ids)

    await click(world, first ?? '', 'U0GRACE')
    await jobs.pass(11)
    expect(crowds().at(-1)).toMatch(/^show crowd ts-\d+ 3$/)

    for (const id of others) await click(world, id, 'U0GRACE', { kind: 'deny' })
    await jobs.pass(11)
    expect(crowds().at(-1)).toMatch(/^show crowd ts-\d+ over$/)
    await jobs.pass(620)
    expect(await store.crowdCard(here)).toBeNull()
    expect([...store.jobs.values()].filter(({ task }) => task === 'crowd')).toEqual([])
  })

  test('as cards are decided, or get old, the next ones have theirs, the most urgent first', async () => {
    const ids = await asked(13)
    await jobs.pass(15)
    const held = await without(ids)
    expect(held).toEqual(ids.slice(10))

    await click(world, ids[0] ?? '', 'U0GRACE')
    await jobs.pass(15)
    expect(await without(ids)).toEqual(ids.slice(11))

    await jobs.pass(700)
    expect(await without(ids)).toEqual([])
    await jobs.pass(620)
    expect(await store.crowdCard(here)).toBeNull()
  })

  test('what is escalated has a card of its own at once', async () => {
    const ids = await asked(12, 'node.drain')
    await jobs.pass(15)
    const [held = ''] = await without(ids)
    await escalate(world.ports, { ...attemptBy(held, 'U0NOOR'), reason: 'It cannot wait.' })

    await jobs.pass(2)

    expect(await hasCard(held)).toBe(true)
  })

  test('so has what somebody opens; control: opening what has one posts nothing', async () => {
    const ids = await asked(12)
    await jobs.pass(15)
    const [held = ''] = await without(ids)
    const before = posts()

    await bringOut(world.ports, ids[0] ?? '')
    await jobs.pass(2)
    expect(posts()).toBe(before)

    await bringOut(world.ports, held)
    await jobs.pass(2)
    expect(await hasCard(held)).toBe(true)
    expect(posts()).toBe(before + 1)
  })
})

describe('what one card stands for', () => {
  test('four-endings: counts as announced: it timed out, and was not out of reach', async () => {
    const ids = await asked(12)
    await jobs.pass(15)
    const [held = ''] = await without(ids)

    world.clock.advance(3_700)
    await jobs.runDue()

    const request = await store.request(held)
    expect(request && outcomeOf(request)).toBe('timed_out')
  })

  test('reminds once for all of them', async () => {
    await asked(60)
    await jobs.pass(890)
    expect(crowds().filter((call) => call.startsWith('remind'))).toEqual([])

    await jobs.pass(600)

    expect(crowds().filter((call) => call.startsWith('remind'))).toHaveLength(1)
  })
})

describe('a conversation that does not take it', () => {
  test('is to refuse the cards themselves, so that people are told directly', async () => {
    channel.fail = (call) => (call.includes(here) ? { fault: refused, tookEffect: false } : null)
    const ids = await asked(12)

    await jobs.pass(240)

    const failed = await Promise.all(ids.map((id) => entriesOf(store, id, 'channel.failed')))
    expect(failed.filter((entries) => entries.length > 0)).toHaveLength(12)
  })

  test('control: without a crowd it does the same', async () => {
    channel.fail = (call) => (call.includes(here) ? { fault: refused, tookEffect: false } : null)
    const ids = await asked(3)
    await jobs.pass(240)
    const failed = await Promise.all(ids.map((id) => entriesOf(store, id, 'channel.failed')))
    expect(failed.filter((entries) => entries.length > 0)).toHaveLength(3)
  })

  test('where its answer is lost, it is posted again, and the other one is put right by a click', async () => {
    let once = true
    channel.fail = (call) => {
      if (!call.startsWith('post crowd') || !once) return null
      once = false
      return { fault: lost, tookEffect: true }
    }
    await asked(12)
    await jobs.pass(30)

    expect(crowds().filter((call) => call.startsWith('post crowd'))).toHaveLength(2)
    await store.commit({
      entries: [],
      jobs: [{ task: 'strayCrowd', conversation: here, message: 'ts-stray' }],
    })
    await jobs.runDue()
    expect(crowds().at(-1)).toBe('show crowd ts-stray over')
    const message = (await store.crowdCard(here))?.message ?? ''
    await store.commit({ entries: [], jobs: [{ task: 'strayCrowd', conversation: here, message }] })
    await jobs.runDue()
    expect(crowds().at(-1)).toBe('show crowd ts-stray over')
  })
})
