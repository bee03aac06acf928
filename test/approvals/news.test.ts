import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { type Report, report } from '../../src/approvals/executions/report.ts'
import { expire } from '../../src/approvals/expire.ts'
import { noteTrouble } from '../../src/approvals/news/trouble.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import type { News } from '../../src/card/news.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { lost, refused, type TestChannel, testChannel } from '../support/channel.ts'
import { moved } from '../support/executing.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { said } from '../support/reportingWorld.ts'
import { done, ends, runs, undoApproved } from '../support/rollbackWorld.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
let channel: TestChannel
let jobs: JobsAtWork
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store, tells: true })
  channel = testChannel()
  jobs = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
})

const news = () => channel.said.filter((call) => call.startsWith('news '))
const waiting = () => [...store.jobs.values()].filter(({ task }) => task === 'news')
const alice = keyOf('U0ALICE')
const lee = keyOf('U0LEE')
/** By Alice, and approved by Grace. */
const approved = async () => {
  const { id } = await ask(world, 'deploy.start')
  await click(world, id, 'U0GRACE')
  return id
}

describe('whoever an agent asks for is told directly', () => {
  test.each<readonly [string, string, (id: string) => unknown]>([
    ['approved', 'approved', (id) => click(world, id, 'U0GRACE')],
    ['denied', 'denied', (id) => click(world, id, 'U0GRACE', { kind: 'deny', reason: 'Not on a Friday.' })],
    [
      'cancelled by its agent',
      'cancelled',
      (id) => cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' }),
    ],
    [
      'expired',
      'expired',
      async (id) => {
        world.clock.advance(3_601)
        await expire(world.ports, id)
      },
    ],
  ])('when it is %s, within seconds and once', async (_, state, settle) => {
    const { id } = await ask(world, 'deploy.start')
    await settle(id)
    expect(news()).toEqual([])

    await jobs.pass(15)

    expect(news()).toEqual([`news ${alice} ${id} ${state}`])
    await jobs.pass(180)
    expect(news()).toHaveLength(1)
  })

  test('and of nothing that policy settles by itself: the agent has the answer in hand', async () => {
    await ask(world, 'repo.read')
    await ask(world, 'audit.delete')

    await jobs.pass(45)

    expect(news().filter((call) => call.includes(alice))).toEqual([])
  })

  test('an agent that works for its owner tells them what needs them, and not each approval', async () => {
    const mine = { initiator: null }
    const { id } = await ask(world, 'deploy.start', mine)
    await click(world, id, 'U0GRACE')
    await jobs.pass(90)
    expect(news()).toEqual([])

    const { id: no } = await ask(world, 'table.drop', mine)
    await click(world, no, 'U0GRACE', { kind: 'deny', reason: 'No.' })
    await jobs.pass(90)

    expect(news()).toEqual([`news ${lee} ${no} denied`])
  })
})

describe('what became of an approval', () => {
  const reports = (
    request: ActionRequest,
    change: Partial<Report> = {},
    state: 'succeeded' | 'failed' = 'succeeded',
  ) =>
    report(world.ports, {
      ...{ request: request.id, report: said(state, change) },
      by: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
    })

  test('approved and done within seconds is one line: how it stands', async () => {
    const running = await moved(store, await approved(), 'redeem')
    await reports(running)

    await jobs.pass(90)

    expect(news()).toEqual([`news ${alice} ${running.id} succeeded`])
  })

  test.each(['succeeded', 'failed'] as const)('%s later is told then', async (state) => {
    const id = await approved()
    await jobs.pass(30)
    await reports(await moved(store, id, 'redeem'), {}, state)
    await jobs.pass(90)
    expect(news()).toEqual([`news ${alice} ${id} approved`, `news ${alice} ${id} ${state}`])
  })

  test('not done as approved: the initiator hears of it, and whoever an alarm tells does not hear it twice', async () => {
    const request = await moved(store, await approved(), 'redeem')
    const own = await ask(world, 'deploy.start', { initiator: { email: 'lee@acme.test' } })
    await click(world, own.id, 'U0GRACE')
    const other = await moved(store, own.id, 'redeem')
    for (const one of [request, other])
      await reports(one, { action: { ...one.action, params: { rows: 99 } } })

    await jobs.pass(300)

    expect(news()).toEqual([`news ${alice} ${request.id} succeeded`])
    expect(channel.said.filter((call) => call === `alarm deviated ${lee}`)).toHaveLength(2)
  })

  test('done without approval, where nobody was asked: told all the same', async () => {
    const request = await ask(world, 'audit.delete')
    await reports(request)
    await jobs.pass(90)
    expect(news().filter((call) => call.includes(alice))).toEqual([`news ${alice} ${request.id} denied`])
  })

  test('rolled back: whoever had asked for it hears that it is undone', async () => {
    const first = await done(world)
    await jobs.pass(180)
    channel.said.length = 0
    const rollback = await undoApproved(world, first, { initiator: { email: 'omar@acme.test' } })
    await runs(world, rollback)
    await ends(world, rollback, 'succeeded')

    await jobs.pass(180)

    expect(news().sort()).toEqual([
      `news ${alice} ${rollback.id} succeeded`,
      `news ${keyOf('U0OMAR')} ${rollback.id} succeeded`,
    ])
  })
})

describe('one message in a minute', () => {
  test('several of it stand in one, each as it is by then; two people have one each', async () => {
    const ids = [await approved(), await approved(), await approved()]
    const { id } = await ask(world, 'deploy.start', { initiator: { email: 'omar@acme.test' } })
    await click(world, id, 'U0GRACE')

    await jobs.pass(15)

    const [first, second, ...more] = news().sort()
    expect(more).toEqual([])
    for (const one of ids) expect(first).toContain(`${one} approved`)
    expect(second).toBe(`news ${keyOf('U0OMAR')} ${id} approved`)
  })

  test('what comes after it waits for the next one, all together', async () => {
    const first = await approved()
    await jobs.pass(12)
    const later = [await approved(), await approved()]

    await jobs.pass(30)
    expect(news()).toEqual([`news ${alice} ${first} approved`])

    await jobs.pass(60)
    expect(news()).toHaveLength(2)
    for (const one of later) expect(news()[1]).toContain(one)
    expect(waiting()).toEqual([])
  })

  test('flood: fifteen are one message that counts those it has no room for', async () => {
    const ids: string[] = []
    for (let nth = 0; nth < 15; nth += 1) ids.push(await approved())

    await jobs.pass(15)

    expect(news()).toHaveLength(1)
    expect(news()[0]).toMatch(/ and 7$/)
    await jobs.pass(120)
    expect(news()).toHaveLength(1)
  })

  test('a direct message of another kind takes the minute, too', async () => {
    await store.commit({
      entries: [],
      delivery: `direct:${alice}:${new Date(world.clock().getTime() + 10_000).toISOString().slice(0, 16)}`,
    })
    const id = await approved()

    await jobs.pass(15)
    expect(news()).toEqual([])
    await jobs.pass(60)

    expect(news()).toEqual([`news ${alice} ${id} approved`])
  })

  test('what moves on while it is told is told again; nothing is lost and nothing stands there twice', async () => {
    const id = await approved()
    const during = world.ports.store.requestsOf
    const racing: World = {
      ...world,
      ports: {
        ...world.ports,
        store: {
          ...world.ports.store,
          requestsOf: async (ids) => {
            const read = await during(ids)
            if (ids.includes(id) && read[0]?.version === 2) await takenBack(id)
            return read
          },
        },
      },
    }
    const slow = jobsAtWork({ ports: racing.ports, store, channel, clock: world.clock })

    await slow.pass(15)
    expect(news()).toEqual([`news ${alice} ${id} approved`])

    await slow.pass(60)
    expect(news()).toEqual([`news ${alice} ${id} approved`, `news ${alice} ${id} revoked`])
    await slow.pass(120)
    expect(news()).toHaveLength(2)
  })
})

/** Taken back after it was approved. */
async function takenBack(id: string): Promise<void> {
  await withdraw(world.ports, { ...attemptBy(id, 'U0GRACE'), reason: 'I was wrong.' })
}

describe('a channel that refuses somebody', () => {
  const away = (code: string) => new ChannelFault({ code, message: code, unknown: false })

  test.each(['cannot_dm_bot', 'user_disabled'])(
    'with %s keeps nobody else from theirs, and is tried ever less often, for a day',
    async (code) => {
      let tries = 0
      channel.fail = (call) => {
        if (!call.startsWith(`news ${alice}`)) return null
        tries += 1
        return { fault: away(code), tookEffect: false }
      }
      await approved()
      const { id } = await ask(world, 'deploy.start', { initiator: { email: 'omar@acme.test' } })
      await click(world, id, 'U0GRACE')

      await jobs.pass(15)
      expect(news()).toEqual([`news ${keyOf('U0OMAR')} ${id} approved`])
      await jobs.pass(600)
      expect(tries).toBeLessThanOrEqual(5)
      for (let hour = 0; hour < 30; hour += 1) {
        world.clock.advance(3_500)
        await jobs.pass(100)
      }

      expect(waiting()).toEqual([])
      expect(tries).toBeLessThan(40)
    },
  )

  test('once has what it certainly did not take told with the next try', async () => {
    let once = true
    channel.fail = (call) => {
      if (!call.startsWith('news ') || !once) return null
      once = false
      return { fault: refused, tookEffect: false }
    }
    const ids = [await approved(), await approved()]

    await jobs.pass(15)
    expect(news()).toEqual([])
    await jobs.pass(130)

    expect(news()).toHaveLength(1)
    for (const id of ids) expect(news()[0]).toContain(id)
  })

  test('and whose answer is lost has told it: nobody is told twice', async () => {
    channel.fail = (call) => (call.startsWith('news ') ? { fault: lost, tookEffect: true } : null)
    await approved()

    await jobs.pass(300)

    expect(news()).toHaveLength(1)
    expect(waiting()).toEqual([])
  })
})

test.each<readonly [string, () => void]>([
  ['was deactivated', () => world.directory.changeAccount('U0ALICE', { active: false })],
  [
    'turned out to be of another organisation',
    () => world.directory.changeAccount('U0ALICE', { external: true }),
  ],
])('whoever %s is told nothing', async (_, change) => {
  await approved()
  change()

  await jobs.pass(300)

  expect(news()).toEqual([])
  expect(waiting()).toEqual([])
})

describe('the owner of an agent that is refused', () => {
  test('is told once for all denials of an hour, and again in the next when it goes on', async () => {
    for (let nth = 0; nth < 12; nth += 1) await ask(world, 'audit.delete')
    await jobs.pass(80)
    expect(news()).toEqual([`news ${lee} billing-agent denied 12`])

    for (let nth = 0; nth < 30; nth += 1) {
      await ask(world, 'audit.delete')
      await jobs.pass(60)
    }
    expect(news()).toHaveLength(1)
    for (let minute = 0; minute < 60; minute += 1) await jobs.pass(60)

    expect(news()).toHaveLength(2)
    expect(waiting()).toEqual([])
  })

  test('cool-down, rate limits: and the line says how many were denied again, and what else was refused', async () => {
    const { id } = await ask(world, 'deploy.start')
    await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'No.' })
    for (let nth = 0; nth < 3; nth += 1) await ask(world, 'deploy.start')
    const told: News[] = []
    channel.tellNews = async (_, news) => void told.push(news)

    await jobs.pass(80)

    const items = told.flatMap(({ items }) => items).filter(({ about }) => about === 'agent')
    expect(items).toMatchObject([
      { refused: { count: 3, cooling: 3, actions: [{ action: 'deploy.start', count: 3 }] } },
    ])
  })

  test('control: one whose agent is denied nothing hears nothing', async () => {
    await ask(world, 'repo.read')
    await jobs.pass(300)
    expect(news()).toEqual([])
  })

  test('is whoever it is by then', async () => {
    await ask(world, 'audit.delete')
    await handOver(world.ports, {
      ...{ name: 'billing-agent', via: 'cli' },
      to: { email: 'omar@acme.test' },
      by: { email: 'grace@acme.test' },
    })
    await jobs.pass(80)
    expect(news()).toEqual([`news ${keyOf('U0OMAR')} billing-agent denied 1`])
  })

  test('of several kinds hears each', async () => {
    const agent = world.agent.agent.id
    await noteTrouble(world.ports, { agent, trouble: 'pending' })
    await noteTrouble(world.ports, { agent, trouble: 'paced' })
    await noteTrouble(world.ports, { agent, trouble: 'paced' })

    await jobs.pass(5)

    expect(news()).toEqual([`news ${lee} billing-agent pending , billing-agent paced `])
  })
})
