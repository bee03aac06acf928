import { expect, test } from 'vitest'
import { createRateLimit, defaultLimits, RateLimited } from '../../src/http/limits.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { openHouse, readBody } from './house.ts'

const anybody = (id: string) => ({ id, limits: null })
const usual = { submissions: { perSecond: 2, burst: 3 }, otherCalls: { perSecond: 2, burst: 3 }, waiting: 1 }

function limitAt(start: number) {
  const now = { ms: start }
  const limit = createRateLimit('submissions', { usual, elapsed: () => now.ms })
  const allowed = (agent: string, calls: number) =>
    Array.from({ length: calls }, () => {
      try {
        limit(anybody(agent))
        return true
      } catch (refusal) {
        if (refusal instanceof RateLimited) return false
        throw refusal
      }
    }).filter(Boolean).length
  return { now, limit, allowed }
}

test('a burst is allowed and then the pace', () => {
  const { now, allowed } = limitAt(1_000_000)

  expect(allowed('a', 5)).toBe(3)
  now.ms += 1_000
  expect(allowed('a', 5)).toBe(2)
  now.ms += 3_600_000
  expect(allowed('a', 5)).toBe(3)
})

test('one agent does not spend what another has', () => {
  const { allowed } = limitAt(1_000_000)

  expect(allowed('a', 9)).toBe(3)
  expect(allowed('b', 9)).toBe(3)
})

test('the refusal says after how many whole seconds a call is allowed', () => {
  const slow = createRateLimit('submissions', {
    usual: { ...usual, submissions: { perSecond: 0.1, burst: 1 } },
    elapsed: () => 0,
  })
  slow(anybody('a'))

  expect(() => slow(anybody('a'))).toThrow(
    expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 10 }),
  )
})

test('a clock that jumps back neither gives nor takes for longer than the jump shows', () => {
  const { now, allowed } = limitAt(1_000_000)
  allowed('a', 3)

  now.ms -= 500_000
  expect(allowed('a', 5)).toBe(0)
  now.ms += 1_000
  expect(allowed('a', 5)).toBe(2)
})

test('what asks nobody counts a fifth: five of those for each that asks people', () => {
  const limit = createRateLimit('submissions', { usual: defaultLimits, elapsed: () => 0 })
  const { burst } = defaultLimits.submissions

  let allowed = 0
  try {
    for (; allowed < 1_000; allowed += 1) limit(anybody('a')).lighten(1)
  } catch (refusal) {
    if (!(refusal instanceof RateLimited)) throw refusal
  }

  // The last four would have fitted, but what a call counts is known when it is answered.
  expect(allowed).toBeGreaterThanOrEqual(5 * (burst - 1) + 1)
  expect(allowed).toBeLessThanOrEqual(5 * burst)
})

test('an agent with limits of its own has those, and others go on as before', () => {
  const limit = createRateLimit('otherCalls', { usual, elapsed: () => 0 })
  const own = { id: 'a', limits: { perSecond: 1, burst: 2, waiting: 0 } }

  expect(limit(own).headers).toEqual({
    'ratelimit-policy': '"other-calls";q=10;w=2',
    ratelimit: '"other-calls";r=9;t=1',
  })
  expect(limit(anybody('b')).headers).toEqual({
    'ratelimit-policy': '"other-calls";q=3;w=2',
    ratelimit: '"other-calls";r=2;t=1',
  })
})

test('limits that are lowered count for what is left already', () => {
  const limit = createRateLimit('submissions', { usual: defaultLimits, elapsed: () => 0 })
  limit(anybody('a'))
  const lowered = { id: 'a', limits: { perSecond: 0.1, burst: 1, waiting: 0 } }

  limit(lowered)

  expect(() => limit(lowered)).toThrow(expect.objectContaining({ retryAfterSeconds: 10 }))
})

test('flood, rate limits: an agent that goes on is put down for its owner to hear, once in ten minutes; one that waits is not', async () => {
  const store = memoryStore()
  const house = await openHouse({ store, submissions: { perSecond: 0.001, burst: 2 } })
  const troubles = () => [...store.jobs.values()].filter(({ task }) => task === 'trouble')
  const calls = async (times: number) => {
    for (let nth = 0; nth < times; nth += 1) await house.submit(readBody)
  }

  await calls(2 + 19)
  expect(troubles()).toEqual([])

  await calls(100)
  expect(troubles()).toMatchObject([{ agent: house.agent.agent.id, trouble: 'paced' }])
})
