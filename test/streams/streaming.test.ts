import { expect, test } from 'vitest'
import { sendOn } from '../../src/approvals/streams/sendOn.ts'
import type { StreamFeed } from '../../src/approvals/streams/streamFeed.ts'
import { SinkFault } from '../../src/approvals/streams/streamSink.ts'
import { withClient } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { firsts, heard, quick, receiver, streaming, streamWorld, upTo } from './streamWorld.ts'

test('what is sealed is sent on in the order of the ledger, and what is sealed later follows', async () => {
  const world = await streamWorld()
  await world.grow(5)
  const siem = receiver()
  streaming(world.feed, [siem])

  await eventually(() => expect(siem.got).toEqual(upTo(5)))
  await world.grow(4)

  await eventually(() => expect(siem.got).toEqual(upTo(9)))
  await eventually(async () => expect(await world.cursor('siem')).toBe(9))
})

test('a stream that begins now is told nothing of before, and one that is back goes on where it was', async () => {
  const world = await streamWorld()
  await world.grow(3)
  const siem = receiver('siem', { begins: 'now' })
  const stop = streaming(world.feed, [siem])
  await eventually(async () => expect(await world.cursor('siem')).toBe(3))

  await stop()
  await world.grow(2)
  streaming(world.feed, [siem])

  await eventually(() => expect(siem.got).toEqual([3, 4]))
})

test.each(['before', 'after'] as const)(
  'a receiver that fails just %s it has taken something gets all, in order',
  async (when) => {
    const world = await streamWorld()
    await world.grow(7)
    const siem = receiver()
    siem.fails = [when, when]
    streaming(world.feed, [siem])

    await eventually(async () => expect(await world.cursor('siem')).toBe(7))

    expect(firsts(siem.got)).toEqual(upTo(7))
    // What came twice came whole, from where the cursor stood.
    expect(siem.got.slice(-7)).toEqual(upTo(7))
  },
)

test('of two streams of which one refuses, the other goes on; it is said which, and that it is over', async () => {
  const world = await streamWorld()
  await world.grow(4)
  const [good, bad] = [receiver('good'), receiver('bad')]
  let isBroken = true
  let tried = 0
  const take = bad.take
  const broken = {
    ...bad,
    async take(...words: Parameters<typeof take>) {
      tried += 1
      if (isBroken) throw new SinkFault('it answered 503')
      await take(...words)
    },
  }
  const { options, later, raised, codes } = heard()
  streaming(world.feed, [good, broken], options)

  await eventually(() => expect(good.got).toEqual(upTo(4)))
  await eventually(() => expect(tried).toBeGreaterThan(0))
  expect(codes()).toEqual([])
  later(61_000)
  await eventually(() => expect(codes()).toEqual(['stream_behind']))
  expect(raised.map(({ detail }) => detail)).toContain('bad: it answered 503.')
  await world.grow(1)
  await eventually(() => expect(good.got).toEqual(upTo(5)))
  isBroken = false

  await eventually(() => expect(bad.got).toEqual(upTo(5)))
  await eventually(() => expect(codes()).toEqual([]))
})

test('a receiver that is deaf holds up no end, and nothing counts as taken', async () => {
  const world = await streamWorld()
  await world.grow(2)
  const siem = receiver()
  siem.fails = ['deaf']
  const stop = streaming(world.feed, [siem])
  await eventually(() => expect(siem.fails).toEqual([]))

  await stop()

  expect(siem.got).toEqual([])
  expect(await world.cursor('siem')).toBe(0)
})

test('a receiver that takes less at once gets less', async () => {
  const world = await streamWorld()
  await world.grow(9)
  const sizes: number[] = []
  const siem = receiver('siem', {
    atOnce: 8,
    async take(batch) {
      if (batch.length > 2) throw new SinkFault('it answered 413', { isTooMuch: true })
      sizes.push(batch.length)
    },
  })
  streaming(world.feed, [siem])

  await eventually(async () => expect(await world.cursor('siem')).toBe(9))
  expect(Math.max(...sizes)).toBe(2)
})

const { patience } = quick

/** The feed, of which one call fails: before it did anything, or after. */
function failing(feed: StreamFeed, call: number, when: 'before' | 'after'): StreamFeed {
  let calls = 0
  const guard =
    <A extends unknown[], R>(work: (...words: A) => Promise<R>) =>
    async (...words: A): Promise<R> => {
      calls += 1
      const fails = calls === call
      if (fails && when === 'before') throw new Error('killed')
      const result = await work(...words)
      if (fails) throw new Error('killed')
      return result
    }
  return { ...feed, take: guard(feed.take), advance: guard(feed.advance), release: guard(feed.release) }
}

test.each(['before', 'after'] as const)(
  'killed just %s any call: at least once, in order, no gap',
  async (when) => {
    const world = await streamWorld()
    await world.grow(7)
    for (const call of [1, 2, 3, 4]) {
      const siem = receiver(`siem-${call}`)
      await world.feed.begin(siem.name, 'first')
      const of = {
        sink: siem,
        signal: new AbortController().signal,
        atOnce: () => 3,
        patience,
        taken: () => undefined,
      }

      // It dies without a word, and another comes when its turn is over.
      const dead = sendOn({ ...of, feed: failing(world.feed, call, when), holder: 'rep_dead' })
      await expect(dead).rejects.toThrow('killed')
      await expire(world.databaseUrl)
      await sendOn({ ...of, feed: world.feed, holder: 'rep_next' })

      expect(firsts(siem.got)).toEqual(upTo(7))
      expect(await world.cursor(siem.name)).toBe(7)
    }
  },
)

function expire(databaseUrl: string) {
  return withClient(databaseUrl, (client) =>
    client.query(
      "UPDATE stream_cursors SET held_until = clock_timestamp() - interval '1 second' WHERE holder IS NOT NULL",
    ),
  )
}

test('of two replicas one sends at a time, and all is sent once', async () => {
  const world = await streamWorld()
  const other = await streamWorld(world.databaseUrl)
  let atIt = 0
  let most = 0
  const siem = receiver()
  const take = siem.take
  const shared = {
    ...siem,
    async take(...words: Parameters<typeof take>) {
      atIt += 1
      most = Math.max(most, atIt)
      await take(...words)
      await world.cursor('siem') // something that takes its time
      atIt -= 1
    },
  }
  streaming(world.feed, [shared])
  streaming(other.feed, [shared])
  for (const count of [4, 1, 6]) await world.grow(count)

  await eventually(async () => expect(await world.cursor('siem')).toBe(11))

  expect(siem.got).toEqual(upTo(11))
  expect(most).toBe(1)
})

test('while somebody has the turn nobody else sends; what one that died had is free when its time is over', async () => {
  const world = await streamWorld()
  await world.grow(2)
  await world.feed.begin('siem', 'first')
  await world.feed.take('siem', 'rep_dead')
  const siem = receiver()
  const of = {
    sink: siem,
    signal: new AbortController().signal,
    atOnce: () => 3,
    patience,
    taken: () => undefined,
  }

  expect(await sendOn({ ...of, feed: world.feed, holder: 'rep_next' })).toBe('elsewhere')
  expect(siem.got).toEqual([])
  await expire(world.databaseUrl)

  expect(await sendOn({ ...of, feed: world.feed, holder: 'rep_next' })).toBe('all')
  expect(siem.got).toEqual([0, 1])
  expect(await world.feed.advance('siem', { holder: 'rep_dead', from: 0, to: 2 })).toBe(false)
})

test('while the database is away nothing is sent, and afterwards it goes on', async () => {
  const world = await streamWorld()
  await world.grow(3)
  const siem = receiver()
  let isAway = true
  const feed: StreamFeed = {
    ...world.feed,
    standing: (stream) => (isAway ? Promise.reject(new Error('away')) : world.feed.standing(stream)),
  }
  const { options, later, codes } = heard()
  streaming(feed, [siem], options)
  later(61_000)
  await eventually(() => expect(codes()).toEqual(['stream_behind']))
  isAway = false

  await eventually(() => expect(siem.got).toEqual(upTo(3)))
  await eventually(() => expect(codes()).toEqual([]))
})
