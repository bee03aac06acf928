import { expect, test } from 'vitest'
import { createRateLimit, RateLimited } from '../../src/http/limits.ts'

function limitAt(start: number) {
  const now = { ms: start }
  const limit = createRateLimit({ perSecond: 2, burst: 3 }, () => now.ms)
  const allowed = (agent: string, calls: number) =>
    Array.from({ length: calls }, () => {
      try {
        limit(agent)
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
  const slow = createRateLimit({ perSecond: 0.1, burst: 1 }, () => 0)
  slow('a')

  expect(() => slow('a')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 10 }))
})

test('a clock that jumps back neither gives nor takes for longer than the jump shows', () => {
  const { now, allowed } = limitAt(1_000_000)
  allowed('a', 3)

  now.ms -= 500_000
  expect(allowed('a', 5)).toBe(0)
  now.ms += 1_000
  expect(allowed('a', 5)).toBe(2)
})
