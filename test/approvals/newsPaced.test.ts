import { beforeEach, describe, expect, test } from 'vitest'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { tellNews } from '../../src/approvals/news/tellNews.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import { lost, refused } from '../support/channel.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { alice, type NewsWorld, newsWorld } from '../support/newsWorld.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, click, type World } from '../support/world.ts'

let { world, store, channel, jobs, news, waiting, approved }: NewsWorld = await newsWorld()
beforeEach(async () => {
  ;({ world, store, channel, jobs, news, waiting, approved } = await newsWorld())
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

  test('two-replicas: a run that takes longer than the minute tells nothing that another has told', async () => {
    await approved()
    world.clock.advance(10)
    const [job] = waiting()
    if (job?.task !== 'news') throw new Error('it was put down')
    const { requestsOf } = world.ports.store
    let others: (() => Promise<void>) | null = async () => {
      await jobs.runDue()
      world.clock.advance(60)
    }
    const slow = async (ids: readonly string[]) => {
      const read = await requestsOf(ids)
      const first = others
      others = null
      await first?.()
      return read
    }

    await tellNews({ ...world.ports, store: { ...world.ports.store, requestsOf: slow } }, channel, job)

    expect(news()).toHaveLength(1)
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
