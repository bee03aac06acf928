import fc from 'fast-check'
import { expect, test } from 'vitest'
import { durationPattern, formatDuration, secondsIn } from '../../src/core/duration.ts'

test.each([
  ['30s', 30],
  ['15m', 900],
  ['2h', 7_200],
  ['1d', 86_400],
])('%s is %i seconds', (text, seconds) => {
  expect(secondsIn(text)).toBe(seconds)
})

test.each(['', '0m', '1', 'm', '-1m', '1.5h', '1h30m', ' 1h', '1H', '12345678s'])(
  '%j is not a duration',
  (text) => {
    expect(durationPattern.test(text)).toBe(false)
    expect(() => secondsIn(text)).toThrow(RangeError)
  },
)

test('formatting keeps the seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_000_000 }), (seconds) => {
      expect(secondsIn(formatDuration(seconds))).toBe(seconds)
    }),
  )
})
