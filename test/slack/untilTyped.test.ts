import { describe, expect, test } from 'vitest'
import { momentTyped, sayMoment } from '../../src/slack/inbound/untilTyped.ts'

// A Tuesday, 15:00 in Berlin.
const now = Date.parse('2026-11-24T14:00:00Z')
const zone = 'Europe/Berlin'

const read = (typed: string, at = now, where = zone) => {
  const found = momentTyped(typed, { now: at, zone: where })
  return 'at' in found ? new Date(found.at).toISOString().replace(':00.000', '') : found.wrong
}

describe('a moment as people type it', () => {
  test.each([
    ['until friday', '2026-11-27T17:00Z'],
    ['until Fri', '2026-11-27T17:00Z'],
    ['until monday 9:30', '2026-11-30T08:30Z'],
    ['until friday at 6pm', '2026-11-27T17:00Z'],
    ['until friday, 6:30 pm', '2026-11-27T17:30Z'],
    ['till tomorrow', '2026-11-25T17:00Z'],
    ['until tomorrow 12:00', '2026-11-25T11:00Z'],
    ['until tomorrow 12 am', '2026-11-24T23:00Z'],
    ['until today 23:59', '2026-11-24T22:59Z'],
    ['until 16:00', '2026-11-24T15:00Z'],
    ['until 14:00', '2026-11-25T13:00Z'],
    ['until 2026-12-24', '2026-12-24T17:00Z'],
    ['until 2026-12-24 08:00', '2026-12-24T07:00Z'],
    ['until 24 Dec 14:00', '2026-12-24T13:00Z'],
    ['until 24. December', '2026-12-24T17:00Z'],
    ['until Dec 24th 2026', '2026-12-24T17:00Z'],
    ['until 2 jan', '2027-01-02T17:00Z'],
    ['for 3 days', '2026-11-27T14:00Z'],
    ['for 3d', '2026-11-27T14:00Z'],
    ['for a week', '2026-12-01T14:00Z'],
    ['for 36 hours', '2026-11-26T02:00Z'],
    // It has passed, which is said by whoever judges it.
    ['until today 9:00', '2026-11-24T08:00Z'],
    ['until 2020-01-01', '2020-01-01T17:00Z'],
  ])('%s', (typed, expected) => {
    expect(read(typed)).toBe(expected)
  })

  test('a day is one on the calendar, and a time is one that clocks show, where they change', () => {
    const before = Date.parse('2026-10-23T10:00:00Z')

    expect(read('for 3 days', before)).toBe('2026-10-26T11:00Z')
    expect(read('until monday', before)).toBe('2026-10-26T17:00Z')
    // 02:30 does not come on that day.
    expect(read('until 2027-03-28 02:30', Date.parse('2027-03-26T10:00:00Z'))).toBe('2027-03-28T01:00Z')
  })

  test('goes by the zone of whoever types', () => {
    expect(read('until friday', now, 'America/New_York')).toBe('2026-11-27T23:00Z')
    // There it is Wednesday already.
    expect(read('until tomorrow 9:00', Date.parse('2026-11-24T20:00:00Z'), 'Asia/Tokyo')).toBe(
      '2026-11-26T00:00Z',
    )
  })

  test('the name of today is not guessed at', () => {
    expect(read('until tuesday')).toBe(
      'Today is Tuesday: write `until today 18:00`, or the date of the one that you mean.',
    )
  })

  test.each([
    '',
    'friday',
    'until',
    'until fr',
    'until someday',
    'until friday or so',
    'until 25:00',
    'until friday 24:30',
    'until friday 13 pm',
    'until tomorrow 10:75',
    'for',
    'for ever',
    'for 0 days',
    'for 3',
    'for -1 days',
    'for 1.5 days',
    'until 24 Foo',
  ])('“%s” is none', (typed) => {
    expect(read(typed)).toMatch(/^Until when\? Write it like/)
  })

  test.each(['until 2026-02-30', 'until 31 Nov', 'until 2026-13-01'])('%s is no date', (typed) => {
    expect(read(typed)).toBe('There is no such date.')
  })

  test('is said in full', () => {
    expect(sayMoment(Date.parse('2026-12-04T17:00:00Z'), zone)).toBe(
      'Friday, 4 December 2026, 18:00 (Europe/Berlin)',
    )
  })
})
