import { expect, test } from 'vitest'
import { dayName, elapsed, slackDate, tsToMs } from '../../../src/sandbox/page/clock.ts'

const noon = new Date(2026, 10, 22, 12, 0, 0).getTime()

test('a Slack timestamp is seconds with a fraction', () => {
  expect(tsToMs('1764000000.500100')).toBe(1_764_000_000_500)
})

test('days have names that people use', () => {
  expect(dayName(noon, noon)).toBe('Today')
  expect(dayName(noon - 13 * 3_600_000, noon)).toBe('Yesterday')
  expect(dayName(noon - 3 * 86_400_000, noon)).toMatch(/^Thursday,? 19 November$/)
})

test('waiting is told in tenths, seconds, then minutes', () => {
  expect(elapsed(420)).toBe('0.4 s')
  expect(elapsed(12_900)).toBe('12 s')
  expect(elapsed(185_000)).toBe('3 min 05 s')
})

test('a date token that Slack does not know shows the fallback, as Slack does', () => {
  expect(slackDate(noon, 'at {time}', 'later', noon)).toBe('at 12:00')
  expect(slackDate(noon, '{date_short_pretty} {time}', 'later', noon)).toBe('today 12:00')
  expect(slackDate(noon + 42 * 60_000, '{ago}', 'later', noon)).toBe('in 42 min')
  expect(slackDate(noon, 'at {teatime}', 'later', noon)).toBe('later')
  expect(slackDate(Number.NaN, 'at {time}', 'later', noon)).toBe('later')
})
