import { describe, expect, test } from 'vitest'
import { calendarOf, type Window } from '../../src/policy/time.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const all = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const windows = new Map<string, Window>([
  ['night', { kind: 'weekly', weekdays: all, from: '22:00', to: '06:00' }],
  ['friday-night', { kind: 'weekly', weekdays: ['fri'], from: '22:00', to: '06:00' }],
  ['office', { kind: 'weekly', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }],
  ['freeze', { kind: 'dated', start: '2026-12-18T00:00', end: '2027-01-04T08:00' }],
  ['two', { kind: 'weekly', weekdays: all, from: '02:00', to: '03:00' }],
])
const berlin = calendarOf('Europe/Berlin', windows)

describe.each(['UTC', 'America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Kiritimati'])(
  'on a machine in %s',
  (zone) => {
    test.each([
      ['2026-11-24T13:30:00Z', 14, 'tue', '2026-11-24', ['office']],
      ['2026-07-01T13:30:00Z', 15, 'wed', '2026-07-01', ['office']],
      ['2026-11-24T15:59:59.999Z', 16, 'tue', '2026-11-24', ['office']],
      ['2026-11-24T16:00:00Z', 17, 'tue', '2026-11-24', []],
      ['2026-11-24T08:00:00Z', 9, 'tue', '2026-11-24', ['office']],
      ['2026-11-24T20:59:59Z', 21, 'tue', '2026-11-24', []],
      ['2026-11-24T21:00:00Z', 22, 'tue', '2026-11-24', ['night']],
      ['2026-11-24T23:30:00Z', 0, 'wed', '2026-11-25', ['night']],
      ['2026-11-28T04:59:59Z', 5, 'sat', '2026-11-28', ['friday-night', 'night']],
      ['2026-11-28T05:00:00Z', 6, 'sat', '2026-11-28', []],
      ['2026-11-27T04:30:00Z', 5, 'fri', '2026-11-27', ['night']],
      ['2026-12-17T22:59:00Z', 23, 'thu', '2026-12-17', ['night']],
      ['2026-12-17T23:00:00Z', 0, 'fri', '2026-12-18', ['freeze', 'night']],
      ['2027-01-04T06:59:00Z', 7, 'mon', '2027-01-04', ['freeze']],
      ['2027-01-04T07:00:00Z', 8, 'mon', '2027-01-04', []],
      // Spring 2026: at 02:00 it becomes 03:00, so there is no hour of two.
      ['2026-03-29T00:59:00Z', 1, 'sun', '2026-03-29', ['night']],
      ['2026-03-29T01:00:00Z', 3, 'sun', '2026-03-29', ['night']],
      // Autumn 2026: the hour of two comes twice.
      ['2026-10-25T00:30:00Z', 2, 'sun', '2026-10-25', ['night', 'two']],
      ['2026-10-25T01:30:00Z', 2, 'sun', '2026-10-25', ['night', 'two']],
      ['2026-10-25T02:00:00Z', 3, 'sun', '2026-10-25', ['night']],
      ['2028-02-29T12:00:00+05:30', 7, 'tue', '2028-02-29', []],
    ])('%s is %d o’clock, %s %s', (now, hour, weekday, date, within) => {
      const before = process.env.TZ
      process.env.TZ = zone
      try {
        expect(berlin(now)).toEqual({ now, hour, weekday, date, windows: within })
      } finally {
        if (before === undefined) delete process.env.TZ
        else process.env.TZ = before
      }
    })
  },
)

test('the answer does not depend on what was asked before', () => {
  const instants = [
    '2026-11-24T21:00:00Z',
    '2026-11-24T13:30:00Z',
    '2026-11-24T21:00:30Z',
    '2026-11-24T20:59:59Z',
  ]
  const alone = instants.map((instant) => calendarOf('Europe/Berlin', windows)(instant))

  expect(instants.map(berlin)).toEqual(alone)
})

test.each(['soon', '2026-11-24', '2026-11-24T14:00:00', '24 Nov 2026 14:00', '2026-13-24T14:00:00Z'])(
  'the text %s is no instant, so it has no facts on any machine',
  (written) => {
    expect(berlin(written)).toBeNull()
  },
)

test.each([
  ['{weekdays: [sat, sun]}', { kind: 'weekly', weekdays: ['sat', 'sun'], from: '00:00', to: '24:00' }],
  ['{from: "20:00", to: "24:00"}', { kind: 'weekly', weekdays: all, from: '20:00', to: '24:00' }],
  ['{from: "00:00", to: "24:00"}', { kind: 'weekly', weekdays: all, from: '00:00', to: '24:00' }],
  ['{from: "22:00", to: "06:00"}', { kind: 'weekly', weekdays: all, from: '22:00', to: '06:00' }],
  [
    '{start: 2026-12-18T00:00, end: 2027-01-04T08:00}',
    { kind: 'dated', start: '2026-12-18T00:00', end: '2027-01-04T08:00' },
  ],
])('a window is written %s', (written, window) => {
  expect(
    loaded(bundleFiles({ 'bundle.yaml': `${bundleYaml}windows: {w: ${written}}\n` })).windows.get('w'),
  ).toEqual(window)
})

test.each([
  ['{}', /both from and to/],
  ['{from: "22:00"}', /both from and to/],
  ['{from: "22:00", to: "22:00"}', /weekdays only/],
  ['{from: "24:00", to: "06:00"}', /"22:00"/],
  ['{from: "22:00", to: "24:01"}', /"24:00"/],
  ['{from: "22:00", to: 24}', /text, not a number/],
  ['{start: 2026-12-18T00:00}', /either start and end/],
  ['{start: 2026-12-18T00:00, end: 2026-12-17T00:00}', /end after/],
  ['{start: 2026-02-30T00:00, end: 2026-03-17T00:00}', /date that exists/],
  ['{start: 0026-12-18T00:00, end: 2027-01-04T08:00}', /1970 or later/],
  ['{start: 2026-12-18T00:00, end: 2026-12-19T00:00, from: "22:00"}', /either start and end/],
  ['{start: 2026-12-18T00:00Z, end: 2026-12-19T00:00}', /without a zone/],
  ['{weekdays: []}', /empty list/],
  ['{weekdays: [friday]}', /mon or tue/],
])('the window %s is refused', (written, says) => {
  const problems = refused(bundleFiles({ 'bundle.yaml': `${bundleYaml}windows: {w: ${written}}\n` }))

  expect(problems.map(({ message }) => message).join()).toMatch(says)
})
