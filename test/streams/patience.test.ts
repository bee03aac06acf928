import { expect, test } from 'vitest'
import { SinkFault } from '../../src/approvals/streams/streamSink.ts'
import { eventually } from '../support/eventually.ts'
import { heard, quick, receiver, streaming, streamWorld, upTo } from './streamWorld.ts'

/** Resolves when it is told to. */
function told() {
  let tell = (): void => undefined
  const done = new Promise<void>((resolve) => {
    tell = resolve
  })
  return { done, tell }
}

test('a receiver that never answers is said while it is waited for, and holds up no end', async () => {
  const world = await streamWorld()
  await world.grow(2)
  let asked = 0
  const deaf = receiver('deaf', {
    take: () => {
      asked += 1
      return new Promise(() => undefined)
    },
  })
  const { options, later, raised, codes } = heard()
  const stop = streaming(world.feed, [deaf], options)
  await eventually(() => expect(asked).toBe(1))
  expect(codes(), 'control: not before its time').toEqual([])

  later(61_000)

  await eventually(() => expect(codes()).toEqual(['stream_behind']))
  expect(raised[0]?.detail).toBe('deaf: it does not answer.')
  expect(asked).toBe(1)
  await stop()
})

test('a receiver is waited for no longer than it may take, and asked again', async () => {
  const world = await streamWorld()
  await world.grow(2)
  let asked = 0
  const slow = receiver('slow')
  const { take } = slow
  const waking = {
    ...slow,
    take: (...words: Parameters<typeof take>) => {
      asked += 1
      return asked < 3 ? new Promise<void>(() => undefined) : take(...words)
    },
  }
  const paces = { ...quick, patience: { longest: 20, last: 20 } }

  streaming(world.feed, [waking], { paces })

  await eventually(() => expect(slow.got).toEqual([0, 1]))
  await eventually(async () => expect(await world.cursor('slow')).toBe(2))
})

test('whoever loses the turn in the middle of a batch sends no other part of it; control: whoever keeps it sends all', async () => {
  const world = await streamWorld()
  await world.grow(4)
  const got: string[] = []
  const [atSecond, goesOn] = [told(), told()]
  const inParts = (who: string, at: number) =>
    receiver('siem', {
      atOnce: 4,
      async take(batch, _signal, between) {
        for (const [nth, { index }] of batch.entries()) {
          if (nth > 0) await between?.()
          got.push(`${who}${index}`)
          if (nth !== at) continue
          atSecond.tell()
          await goesOn.done
        }
      },
    })
  streaming(world.feed, [inParts('a', 1)])
  await atSecond.done
  await world.pool.query("UPDATE stream_cursors SET held_until = clock_timestamp() - interval '1 second'")

  const other = streaming(world.feed, [inParts('b', -1)])
  await eventually(async () => expect(await world.cursor('siem')).toBe(4))
  goesOn.tell()
  await other()

  expect(got.filter((one) => one.startsWith('b'))).toEqual(upTo(4).map((index) => `b${index}`))
  expect(got.filter((one) => one.startsWith('a'))).toEqual(['a0', 'a1'])
})

test('each message makes the turn longer, and each is something that was taken', async () => {
  const world = await streamWorld()
  await world.grow(3)
  const writings: string[] = []
  const { options, later, raised } = heard()
  const siem = receiver('siem', {
    async take(batch, _signal, between) {
      for (const nth of batch.keys()) {
        if (nth > 0) await between?.()
        later(50_000)
        const { rows } = await world.pool.query('SELECT xmin::text FROM stream_cursors')
        writings.push(rows[0].xmin)
      }
    },
  })
  streaming(world.feed, [siem], options)

  await eventually(async () => expect(await world.cursor('siem')).toBe(3))
  expect(writings).toHaveLength(3)
  expect(new Set(writings).size, 'the turn was written anew for each').toBe(3)
  expect(raised).toEqual([])
})

test('a file that is filled up asks for the turn before each batch, too', async () => {
  const world = await streamWorld()
  await world.grow(6)
  await world.feed.begin('siem', 'first')
  await world.feed.take('siem', 'rep_before')
  await world.feed.advance('siem', { holder: 'rep_before', from: 0, to: 6 })
  await world.feed.release('siem', 'rep_before')
  await world.grow(1)
  const got: number[] = []
  const first = (await world.feed.entryAt(0)) ?? ''
  const file = receiver('siem', {
    atOnce: 2,
    end: async () => ({ index: 0, entry: first }),
    async take(batch) {
      got.push(...batch.map(({ index }) => index))
      await world.pool.query("UPDATE stream_cursors SET holder = 'rep_other', held_until = 'infinity'")
    },
  })

  const stop = streaming(world.feed, [file])
  await eventually(() => expect(got).toEqual([1, 2]))
  await eventually(async () => expect(await world.feed.take('siem', 'rep_other')).not.toBeNull())
  await stop()

  expect(got).toEqual([1, 2])
})

test('a receiver that once took less is offered more again, and less as soon as it is too much', async () => {
  const world = await streamWorld()
  const sizes: number[] = []
  let most = 1
  const siem = receiver('siem', {
    atOnce: 8,
    async take(batch) {
      if (batch.length > most) throw new SinkFault('it answered 413', { isTooMuch: true })
      sizes.push(batch.length)
    },
  })
  streaming(world.feed, [siem])
  await world.grow(20)
  await eventually(async () => expect(await world.cursor('siem')).toBe(20))
  expect(Math.max(...sizes)).toBe(1)

  most = 8
  await world.grow(150)

  await eventually(async () => expect(await world.cursor('siem')).toBe(170))
  expect(Math.max(...sizes)).toBe(8)
})
