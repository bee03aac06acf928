import { type WebAPICallError, WebAPIRateLimitedError } from '@slack/web-api'
import { beforeEach, describe, expect, test } from 'vitest'
import { createPace, type Pace, type Turn } from '../../src/slack/outbound/pace.ts'

let now: number
let pace: Pace
beforeEach(() => {
  now = 0
  pace = createPace(() => now)
})

const tooFast = (seconds: number) => (): Promise<never> => {
  const error: WebAPICallError = new WebAPIRateLimitedError(seconds)
  return Promise.reject(error)
}
const toPost = (conversation: string, who: string, urgency = 1): Turn => ({
  method: 'chat.postMessage',
  conversation,
  who,
  urgency,
})
/** What became of a turn: sent, or how many seconds it was told to wait. */
const take = (turn: Turn, call: () => Promise<unknown> = async () => {}) =>
  pace.take(turn, call).then(
    () => 'sent',
    (fault) => fault.retryAfterSeconds ?? fault.retryAfter,
  )

describe('a conversation', () => {
  test('that Slack says nothing about is as fast as it may be', async () => {
    const all = Array.from({ length: 50 }, (_, nth) => take(toPost('slack:C1', `r${nth}`)))
    expect(new Set(await Promise.all(all))).toEqual(new Set(['sent']))
  })

  test('that was too fast rests until Slack said, for everybody who posts there, and for nobody else', async () => {
    await take(toPost('slack:C1', 'a'), tooFast(9))
    now += 8_000
    expect(await take(toPost('slack:C1', 'b'))).toBe(1)
    expect(await take(toPost('slack:C2', 'c'))).toBe('sent')
    now += 1_000
    expect(await take(toPost('slack:C1', 'b'))).toBe('sent')
  })

  test('lets the most urgent go first, and keeps the places of those who wait', async () => {
    await take(toPost('slack:C1', 'a', 30), tooFast(1))
    expect(await take(toPost('slack:C1', 'a', 30))).toBe(1)
    expect(await take(toPost('slack:C1', 'b', 20))).toBe(1)
    expect(await take(toPost('slack:C1', 'c', 10))).toBe(1)
    now += 1_000
    expect(await take(toPost('slack:C1', 'a', 30))).toBe(2)
    expect(await take(toPost('slack:C1', 'c', 10))).toBe('sent')
    now += 1_000
    expect(await take(toPost('slack:C1', 'a', 30))).toBe(1)
    expect(await take(toPost('slack:C1', 'b', 20))).toBe('sent')
  })

  test('lets those who are equally urgent go in the order in which they came, however many they are', async () => {
    const lines = Array.from({ length: 12 }, (_, nth) => toPost('slack:C1', `tell ${nth}`, 7))
    await take(toPost('slack:C1', 'a'), tooFast(1))
    for (const line of lines) await take(line)

    const sent: string[] = []
    for (let second = 0; second < 20; second += 1) {
      now += 1_000
      // Whoever was told when to come may come in any order.
      for (const line of lines.filter(({ who }) => !sent.includes(who)).toReversed())
        if ((await take(line)) === 'sent') sent.push(line.who)
    }

    expect(sent).toEqual(lines.map(({ who }) => who))
  })

  test('does not keep the place of somebody who never comes again', async () => {
    await take(toPost('slack:C1', 'x', 1), tooFast(1))
    await take(toPost('slack:C1', 'gone', 1))
    now += 20_000
    expect(await take(toPost('slack:C1', 'b', 2))).toBe('sent')
  })
})

describe('the workspace', () => {
  test('rests as a whole when two conversations are told to wait at once', async () => {
    await take(toPost('slack:C1', 'a'), tooFast(10))
    await take(toPost('slack:C2', 'b'), tooFast(10))
    expect(await take(toPost('slack:C3', 'c'))).toBe(10)
    now += 10_000
    expect(await take(toPost('slack:C3', 'c'))).toBe('sent')
  })

  test('a method that has no conversation rests for itself', async () => {
    const update = { method: 'chat.update', conversation: null, who: 'a', urgency: 1 }
    await take(update, tooFast(5))
    expect(await take({ ...update, who: 'b' })).toBe(5)
    expect(await take(toPost('slack:C1', 'c'))).toBe('sent')
  })
})
