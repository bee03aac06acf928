import { type WebAPICallError, WebAPIRateLimitedError } from '@slack/web-api'
import { beforeEach, describe, expect, test } from 'vitest'
import { createPace, type Pace, type Turn } from '../../src/channels/pace.ts'
import { slackLimits } from '../../src/slack/outbound/pace.ts'

let now: number
let pace: Pace
beforeEach(() => {
  now = 0
  pace = createPace(() => now, slackLimits)
})

const tooFast = (seconds: number) => (): Promise<never> => {
  const error: WebAPICallError = new WebAPIRateLimitedError(seconds)
  return Promise.reject(error)
}
type Coming = Turn & { readonly who: string }
const toPost = (conversation: string, who: string, urgency = 1): Coming => ({
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

const post = (nth: number) => take(toPost('slack:C1', `r${nth}`))
const update = (conversation: string, who: string, urgency = 1): Coming => ({
  method: 'chat.update',
  conversation,
  who,
  urgency,
})

describe('a conversation', () => {
  test('takes a few messages at once and then one a second; another notices nothing', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, (_, nth) => post(nth)))
    expect(all).toEqual(['sent', 'sent', 'sent', 'sent', 1, 2])
    expect(await take(toPost('slack:C2', 'a'))).toBe('sent')

    now += 1_000
    expect(await Promise.all([post(4), post(5)])).toEqual(['sent', 1])
    now += 1_000
    expect(await post(5)).toBe('sent')
  })

  test('takes as many changes of what stands there as Slack does', async () => {
    const all = Array.from({ length: 50 }, (_, nth) => take(update('slack:C1', `r${nth}`)))
    expect(new Set(await Promise.all(all))).toEqual(new Set(['sent']))
  })

  test('that was too fast rests until Slack said, to the second, for everybody who posts there, and for nobody else', async () => {
    await take(toPost('slack:C1', 'a'), tooFast(9))
    now += 8_999
    expect(await take(toPost('slack:C1', 'b'))).toBe(1)
    expect(await take(toPost('slack:C2', 'c'))).toBe('sent')
    now += 1
    expect(await take(toPost('slack:C1', 'b'))).toBe('sent')
  })

  test('that has to rest for long is looked at every half minute, and not posted to before', async () => {
    await take(toPost('slack:C1', 'a'), tooFast(40))
    expect(await take(toPost('slack:C1', 'a'))).toBe(25)
    now += 25_000
    expect(await take(toPost('slack:C1', 'a'))).toBe(15)
    now += 15_000
    expect(await take(toPost('slack:C1', 'a'))).toBe('sent')
  })

  test('tells whoever only looks the same, and sends nothing', async () => {
    for (let nth = 0; nth < 4; nth += 1) await post(nth)
    const look = () => pace.look(toPost('slack:C1', 'line'))
    expect(look).toThrow(expect.objectContaining({ code: 'not_yet', retryAfterSeconds: 1 }))
    now += 1_000
    expect(look).not.toThrow()
    expect(look).not.toThrow()
    expect(await take(toPost('slack:C1', 'line'))).toBe('sent')
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

  test('is one, whether it is named by somebody’s account or by their id', async () => {
    for (let nth = 0; nth < 4; nth += 1) await take(toPost('slack:T0ACME:U0BOB', `r${nth}`))
    expect(await take(toPost('slack:U0BOB', 'an alarm'))).toBe(1)
    expect(await take(toPost('slack:U0SAM', 'an alarm'))).toBe('sent')
  })

  test('keeps no place for somebody who says that they do not come again', async () => {
    await take(toPost('slack:C1', 'x'), tooFast(1))
    const passing = { ...toPost('slack:C1', ''), who: null }
    for (let nth = 0; nth < 20; nth += 1) expect(await take(passing)).toBe(1)
    now += 1_000
    expect(await take(toPost('slack:C1', 'card'))).toBe('sent')
  })

  test('does not keep the place of somebody who never comes again', async () => {
    await take(toPost('slack:C1', 'x', 1), tooFast(1))
    await take(toPost('slack:C1', 'gone', 1))
    now += 20_000
    expect(await take(toPost('slack:C1', 'b', 2))).toBe('sent')
  })
})

describe('two replicas, each with a pace of its own, in one conversation that takes one message a second', () => {
  test('post all of sixty in about a minute: whoever was too fast waits as long as Slack said', async () => {
    let tokens = 5
    let last = 0
    const slack = async () => {
      tokens = Math.min(5, tokens + (now - last) / 1_000)
      last = now
      if (tokens < 1) return tooFast(1)()
      tokens -= 1
    }
    const replicas = [pace, createPace(() => now, slackLimits)]
    const waiting = Array.from({ length: 60 }, (_, nth) => toPost('slack:C1', `card ${nth}`, nth))
    const sent = new Set<string>()
    while (sent.size < 60 && now < 90_000) {
      for (const [nth, turn] of waiting.entries())
        if (!sent.has(turn.who))
          await replicas[(nth + now / 1_000) % 2]?.take(turn, slack).then(
            () => sent.add(turn.who),
            () => undefined,
          )
      now += 1_000
    }
    expect(sent.size).toBe(60)
    expect(now).toBeLessThanOrEqual(66_000)
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

  test('does not rest when the two were busy: others post there as well, and a third conversation notices nothing', async () => {
    for (const conversation of ['slack:C1', 'slack:C2']) {
      await take(toPost(conversation, 'a'))
      await take(toPost(conversation, 'b'), tooFast(10))
    }
    expect(await take(toPost('slack:C3', 'c'))).toBe('sent')
  })

  test('a method that Slack limits rests for itself', async () => {
    await take(update('slack:C1', 'a'), tooFast(5))
    expect(await take(update('slack:C2', 'b'))).toBe(5)
    expect(await take(toPost('slack:C1', 'c'))).toBe('sent')
  })

  test('starves no conversation for another: they take turns, whatever is more urgent in one of them', async () => {
    await take(update('slack:C1', 'first'), tooFast(1))
    const busy = Array.from({ length: 20 }, (_, nth) => update('slack:C1', `busy ${nth}`, nth))
    const quiet = update('slack:C2', 'quiet', Number.MAX_SAFE_INTEGER)
    const sent: string[] = []
    for (let second = 0; second < 8; second += 1) {
      for (const turn of [...busy, quiet].filter(({ who }) => !sent.includes(who)))
        if ((await take(turn)) === 'sent') sent.push(turn.who)
      now += 1_000
    }
    expect(sent.slice(0, 3)).toContain('quiet')
    expect(sent.filter((who) => who !== 'quiet')).toEqual(
      busy.slice(0, sent.length - 1).map(({ who }) => who),
    )
  })
})
