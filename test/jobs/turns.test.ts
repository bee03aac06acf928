import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { cardsChangedBy } from '../../src/approvals/job.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { createTurns, type Turns } from '../../src/jobs/turns.ts'
import { testChannel } from '../support/channel.ts'
import { firstAttempt } from '../support/firstAttempt.ts'
import { ask, click, testWorld } from '../support/world.ts'

let turns: Turns
let done: string[]
beforeEach(() => {
  turns = createTurns()
  done = []
})

/** Work that goes on until it is let go. */
function held() {
  let letGo = () => {}
  const until = new Promise<void>((resolve) => {
    letGo = resolve
  })
  return { until, letGo }
}
const note =
  (what: string, until: Promise<void> = Promise.resolve()) =>
  async () => {
    await until
    done.push(what)
  }
const every = (name: string) => ({ name, same: null })
const anyOf = (name: string) => ({ name, same: 'refresh' })

describe('work under one name', () => {
  test('is done one after the other, in the order in which it came', async () => {
    const first = held()
    const all = [
      turns.take(every('a'), note('1', first.until)),
      turns.take(every('a'), note('2')),
      turns.take(every('a'), note('3')),
    ]
    await new Promise(setImmediate)
    expect(done).toEqual([])

    first.letGo()
    await Promise.all(all)

    expect(done).toEqual(['1', '2', '3'])
  })

  test('does not wait for what is done under another', async () => {
    const first = held()
    const waiting = turns.take(every('a'), note('a', first.until))

    await turns.take(every('b'), note('b'))

    expect(done).toEqual(['b'])
    first.letGo()
    await waiting
  })

  test('that fails is not in the way of the next', async () => {
    const failing = turns.take(every('a'), () => Promise.reject(new Error('failed')))
    const next = turns.take(every('a'), note('next'))

    await expect(failing).rejects.toThrow('failed')
    await next
    expect(done).toEqual(['next'])
  })

  test('of several that wait to do the same only the last does it, in the place of the first, and all have ended', async () => {
    const first = held()
    const all = [
      turns.take(anyOf('a'), note('in hand', first.until)),
      turns.take(anyOf('a'), note('spared')),
      turns.take(every('a'), note('a reminder')),
      turns.take(anyOf('a'), note('the newest')),
    ]
    first.letGo()
    await Promise.all(all)

    expect(done).toEqual(['in hand', 'the newest', 'a reminder'])
  })
})

test('what changes the cards of a request has one name; what decides never waits behind a card', () => {
  const request = 'req_1'
  const at = '2026-11-24T14:00:00.000Z'
  expect(cardsChangedBy({ task: 'announce', request })).toBe(request)
  expect(cardsChangedBy({ task: 'refresh', request })).toBe(request)
  expect(cardsChangedBy({ task: 'remind', request, nth: 0, at })).toBe(request)
  expect(cardsChangedBy({ task: 'expire', request, at })).toBeNull()
  expect(cardsChangedBy({ task: 'alarm', request, why: 'broken' })).toBeNull()
})

test('two clicks while the channel is slow: the card is changed once for each look, in order, and never shows less than before', async () => {
  const world = await testWorld()
  const channel = testChannel()
  const { id } = await ask(world, 'db.export')
  await announce(world.ports, channel, id)
  const slow = held()
  const update: typeof channel.update = async (...about) => {
    await slow.until
    await channel.update(...about)
  }
  const tasks = tasksFor(world.ports, { ...channel, update }, pino({ level: 'silent' }))
  const refresh = async () => tasks.refresh?.({ request: id }, firstAttempt)

  await click(world, id, 'U0BOB')
  const first = refresh()
  await click(world, id, 'U0SAM')
  const more = [refresh(), refresh(), refresh()]
  slow.letGo()
  await Promise.all([first, ...more])

  const updates = channel.said.filter((call) => call.startsWith('update'))
  expect(updates.at(-1)).toBe('update approved v3')
  expect(updates).toEqual([...new Set(updates)].sort((a, b) => (a.slice(-2) < b.slice(-2) ? -1 : 1)))
})
