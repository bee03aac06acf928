import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { weekdays as all, calendarOf, type Weekday, type Window } from '../../src/policy/time.ts'
import { cases } from '../support/cases.ts'

/** When a window is open between two moments, looked at every minute: the beginning and the end of each stretch. */
function stretches(zone: string, window: Window, [from, until]: readonly [string, string]): string[] {
  const calendar = calendarOf(zone, new Map([['w', window]]))
  const edges: string[] = []
  let open = false
  for (let at = Date.parse(from); at <= Date.parse(until); at += 60_000) {
    const instant = new Date(at).toISOString()
    if (calendar(instant)?.windows.includes('w') === open) continue
    open = !open
    edges.push(instant.slice(0, 16))
  }
  return edges
}
const weekly = (from: string, to: string, days: readonly Weekday[] = all): Window => ({
  kind: 'weekly',
  weekdays: days,
  from,
  to,
})
const dated = (start: string, end: string): Window => ({ kind: 'dated', start, end })

describe.each<{
  readonly zone: string
  readonly night: string
  readonly between: readonly [string, string]
  readonly cases: readonly (readonly [what: string, window: Window, open: readonly string[]])[]
}>([
  {
    zone: 'Europe/Berlin',
    night: 'at 03:00 of 25 October 2026 it is 02:00 again',
    between: ['2026-10-24T12:00Z', '2026-10-25T12:00Z'],
    cases: [
      [
        'begins in the hour that comes twice',
        dated('2026-10-25T02:30', '2026-10-25T06:00'),
        ['2026-10-25T00:30', '2026-10-25T05:00'],
      ],
      ['ends in it', dated('2026-10-24T22:00', '2026-10-25T02:30'), ['2026-10-24T20:00', '2026-10-25T00:30']],
      ['begins in it, every day', weekly('02:30', '06:00'), ['2026-10-25T00:30', '2026-10-25T05:00']],
      ['ends in it, every day', weekly('22:00', '02:30'), ['2026-10-24T20:00', '2026-10-25T00:30']],
      ['is that hour', weekly('02:00', '03:00'), ['2026-10-25T00:00', '2026-10-25T02:00']],
      ['lies within it', weekly('02:10', '02:20'), ['2026-10-25T00:10', '2026-10-25T00:20']],
      ['is the hour after it', weekly('03:00', '04:00'), ['2026-10-25T02:00', '2026-10-25T03:00']],
    ],
  },
  {
    zone: 'Europe/Berlin',
    night: 'at 02:00 of 29 March 2026 it is 03:00',
    between: ['2026-03-28T12:00Z', '2026-03-29T12:00Z'],
    cases: [
      [
        'begins in the hour that is skipped',
        dated('2026-03-29T02:15', '2026-03-29T06:00'),
        ['2026-03-29T01:00', '2026-03-29T04:00'],
      ],
      ['ends in it', weekly('22:00', '02:30'), ['2026-03-28T21:00', '2026-03-29T01:00']],
      ['begins in it, every day', weekly('02:30', '06:00'), ['2026-03-29T01:00', '2026-03-29T04:00']],
      ['is that hour', weekly('02:00', '03:00'), []],
      ['lies within it', dated('2026-03-29T02:10', '2026-03-29T02:50'), []],
    ],
  },
  {
    zone: 'America/New_York',
    night: 'at 02:00 of 1 November 2026 it is 01:00 again',
    between: ['2026-10-31T18:00Z', '2026-11-01T18:00Z'],
    cases: [
      [
        'begins in the hour that comes twice',
        weekly('01:30', '05:00'),
        ['2026-11-01T05:30', '2026-11-01T10:00'],
      ],
      ['ends in it', weekly('22:00', '01:30', ['sat']), ['2026-11-01T02:00', '2026-11-01T05:30']],
    ],
  },
  {
    zone: 'Australia/Lord_Howe',
    night: 'at 02:00 of 5 April 2026 it is 01:30 again',
    between: ['2026-04-04T03:00Z', '2026-04-05T00:00Z'],
    cases: [
      [
        'begins in the half hour that comes twice',
        weekly('01:45', '03:00'),
        ['2026-04-04T14:45', '2026-04-04T16:30'],
      ],
      ['ends in it', dated('2026-04-05T00:00', '2026-04-05T01:45'), ['2026-04-04T13:00', '2026-04-04T14:45']],
    ],
  },
  {
    zone: 'Australia/Lord_Howe',
    night: 'at 02:00 of 4 October 2026 it is 02:30',
    between: ['2026-10-03T03:00Z', '2026-10-04T00:00Z'],
    cases: [
      [
        'begins in the half hour that is skipped',
        weekly('02:10', '03:00'),
        ['2026-10-03T15:30', '2026-10-03T16:00'],
      ],
      ['is that half hour', weekly('02:00', '02:30'), []],
    ],
  },
  {
    zone: 'Asia/Kathmandu',
    night: 'clocks never change',
    between: ['2026-10-24T12:00Z', '2026-10-25T12:00Z'],
    cases: [['is every night', weekly('22:00', '06:00'), ['2026-10-24T16:15', '2026-10-25T00:15']]],
  },
  {
    zone: 'Pacific/Apia',
    night: 'after 29 December 2011 it is 31 December',
    between: ['2011-12-29T00:00Z', '2011-12-31T12:00Z'],
    cases: [
      [
        'begins on the day that is skipped',
        dated('2011-12-30T12:00', '2011-12-31T12:00'),
        ['2011-12-30T10:00', '2011-12-30T22:00'],
      ],
      ['is that day', weekly('00:00', '24:00', ['fri']), []],
      ['ends on that day', weekly('22:00', '06:00', ['thu']), ['2011-12-30T08:00', '2011-12-30T10:00']],
      [
        'begins on that day and ends on the next',
        weekly('22:00', '06:00', ['fri']),
        ['2011-12-30T10:00', '2011-12-30T16:00'],
      ],
    ],
  },
  {
    zone: 'America/Sao_Paulo',
    night: 'the first hour of Sunday, 4 November 2018, is skipped',
    between: ['2018-11-03T12:00Z', '2018-11-04T12:00Z'],
    cases: [
      ['begins at midnight', weekly('00:00', '06:00', ['sun']), ['2018-11-04T03:00', '2018-11-04T08:00']],
      ['is the Saturday before', weekly('18:00', '00:30', ['sat']), ['2018-11-03T21:00', '2018-11-04T03:00']],
      [
        'begins at midnight of a date',
        dated('2018-11-04T00:00', '2018-11-04T02:00'),
        ['2018-11-04T03:00', '2018-11-04T04:00'],
      ],
    ],
  },
  {
    zone: 'America/Sao_Paulo',
    night: 'the last hour of Saturday, 17 February 2018, comes twice',
    between: ['2018-02-16T12:00Z', '2018-02-18T12:00Z'],
    cases: [
      ['is that day', weekly('00:00', '24:00', ['sat']), ['2018-02-17T02:00', '2018-02-18T03:00']],
      [
        'goes over that midnight',
        weekly('23:30', '00:30', ['sat']),
        ['2018-02-18T01:30', '2018-02-18T03:30'],
      ],
    ],
  },
  {
    zone: 'America/St_Johns',
    night: 'at 00:01 of Sunday, 7 November 2010, it is Saturday, 23:01, again',
    between: ['2010-11-06T12:00Z', '2010-11-08T12:00Z'],
    cases: [
      [
        'is the day that begins twice',
        weekly('00:00', '24:00', ['sun']),
        ['2010-11-07T02:30', '2010-11-08T03:30'],
      ],
      ['is the day before', weekly('20:00', '24:00', ['sat']), ['2010-11-06T22:30', '2010-11-07T02:30']],
    ],
  },
])('in $zone, where $night, a window that', ({ zone, between, cases }) => {
  test.each(cases)('%s', (_what, window, open) => {
    expect(stretches(zone, window, between)).toEqual(open)
  })
})

/** Instants at which clocks change, by zone, and one zone where they never do. */
const changes: readonly (readonly [zone: string, at: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Asia/Kathmandu', '2026-03-29T01:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/St_Johns', '2010-11-07T02:31Z'],
  ['Africa/Cairo', '2010-08-10T21:00Z'],
]
const change = fc.constantFrom(...changes)
const hoursAround = (at: string, hours: number): [string, string] => [
  new Date(Date.parse(at) - hours * 3_600_000).toISOString(),
  new Date(Date.parse(at) + hours * 3_600_000).toISOString(),
]
const minuteText = (at: number): string => new Date(at).toISOString().slice(0, 16)
/** What the clocks of a zone show, told by Intl alone. */
const clocks = (zone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return (at: number): string => format.format(at).replace(' ', 'T')
}

describe('around every change of the clocks', () => {
  test('what conditions see of the time is what clocks show', () => {
    fc.assert(
      fc.property(change, fc.integer({ min: -4_000, max: 4_000 }), ([zone, near], away) => {
        const at = Date.parse(near) + away * 60_000
        const shown = clocks(zone)(at)
        const facts = calendarOf(zone, new Map())(new Date(at).toISOString())

        expect(`${facts?.date}T${String(facts?.hour).padStart(2, '0')}`).toBe(shown.slice(0, 13))
        expect(facts?.weekday).toBe(all[(new Date(`${shown}Z`).getUTCDay() + 6) % 7])
      }),
      { numRuns: cases(500) },
    )
  })

  test('a dated window is one unbroken stretch, from its start up to its end', () => {
    const begin = fc.integer({ min: -300, max: 300 })
    fc.assert(
      fc.property(change, begin, fc.integer({ min: 1, max: 300 }), ([zone, near], by, length) => {
        const shown = Date.parse(`${clocks(zone)(Date.parse(near))}Z`)
        const [start, end] = [by, by + length].map((minutes) => minuteText(shown + minutes * 60_000))
        const edges = stretches(zone, dated(start ?? '', end ?? ''), hoursAround(near, 26))
        const [opens = start, closes = end, ...more] = edges.map((edge) =>
          clocks(zone)(Date.parse(`${edge}Z`)),
        )

        expect(more).toEqual([])
        expect([opens, closes].map((at, n) => (at ?? '') >= ([start, end][n] ?? ''))).toEqual([true, true])
      }),
      { numRuns: cases(100) },
    )
  })

  test('a weekly window comes at most once for each of its days, unbroken', () => {
    const clock = fc.integer({ min: 0, max: 1_439 }).map((at) => minuteText(at * 60_000).slice(11))
    fc.assert(
      fc.property(change, fc.constantFrom(-1, 0, 1), clock, clock, ([zone, near], away, from, to) => {
        fc.pre(from !== to)
        const shown = Date.parse(`${clocks(zone)(Date.parse(near))}Z`) + away * 86_400_000
        const on = all[(new Date(shown).getUTCDay() + 6) % 7] ?? 'mon'

        expect(stretches(zone, weekly(from, to, [on]), hoursAround(near, 60)).length).toBeLessThanOrEqual(2)
      }),
      { numRuns: cases(80) },
    )
  })

  test('two days away from it, a weekly window is what the clock says', () => {
    const clock = fc.constantFrom('00:00', '02:00', '02:30', '09:15', '22:00', '23:59')
    const away = fc.integer({ min: 2 * 1_440, max: 20 * 1_440 })
    fc.assert(
      fc.property(
        change,
        fc.uniqueArray(clock, { minLength: 2, maxLength: 2 }),
        away,
        ([zone, near], [from = '', to = ''], by) => {
          const at = Date.parse(near) + by * 60_000
          const now = clocks(zone)(at).slice(11)
          const open = from < to ? from <= now && now < to : from <= now || now < to

          const calendar = calendarOf(zone, new Map([['w', weekly(from, to)]]))
          expect(calendar(new Date(at).toISOString())?.windows).toEqual(open ? ['w'] : [])
        },
      ),
      { numRuns: cases(500) },
    )
  })
})
