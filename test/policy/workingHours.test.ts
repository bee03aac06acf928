import { describe, expect, test } from 'vitest'
import { remindersUntil } from '../../src/core/reminders.ts'
import { demandAt } from '../../src/policy/demandAt.ts'
import type { WorkingHours } from '../../src/policy/time.ts'
import { clockSeconds } from '../../src/policy/workingHours.ts'
import { looserDemand } from '../../src/policyTools/difference/demandEdits.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const office: WorkingHours = {
  weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  to: '17:00',
  holidays: ['2026-12-25'],
}

/** When so many working hours are over, in UTC. */
function overAt(
  now: string,
  hours: number,
  change: Partial<WorkingHours> = {},
  timezone = 'Europe/Berlin',
): string {
  const seconds = clockSeconds({ workingHours: { ...office, ...change }, timezone }, hours * 3_600, now)
  return new Date(Date.parse(now) + seconds * 1_000).toISOString().slice(0, 16)
}

describe('working hours, by clocks in Berlin', () => {
  test.each([
    ['within a day', '2026-12-02T09:00:00+01:00', 4, '2026-12-02T12:00'],
    ['up to its very end', '2026-12-02T13:00:00+01:00', 4, '2026-12-02T16:00'],
    ['over a night', '2026-12-02T15:00:00+01:00', 4, '2026-12-03T10:00'],
    ['asked at night', '2026-12-02T03:00:00+01:00', 4, '2026-12-02T12:00'],
    ['asked in the evening', '2026-12-02T20:00:00+01:00', 1, '2026-12-03T09:00'],
    ['over a weekend', '2026-12-04T16:00:00+01:00', 4, '2026-12-07T11:00'],
    ['over a holiday and a weekend', '2026-12-24T16:00:00+01:00', 2, '2026-12-28T09:00'],
    ['several days', '2026-12-01T09:00:00+01:00', 20, '2026-12-03T12:00'],
    ['over the night when clocks go forward', '2026-03-27T16:00:00+01:00', 2, '2026-03-30T08:00'],
    ['over the night when clocks go back', '2026-10-23T16:00:00+02:00', 2, '2026-10-26T09:00'],
  ])('%s', (_, now, hours, over) => {
    expect(overAt(now, hours)).toBe(over)
  })

  test('a day on which clocks change is as long as it is', () => {
    const always: Partial<WorkingHours> = {
      weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      from: '00:00',
      to: '24:00',
    }
    expect(overAt('2026-03-29T00:00:00+01:00', 24, always)).toBe('2026-03-29T23:00')
    expect(overAt('2026-10-25T00:00:00+02:00', 25, always)).toBe('2026-10-25T23:00')
    // The hour that is skipped is no hour of work.
    expect(overAt('2026-03-29T01:00:00+01:00', 1, { ...always, from: '01:00', to: '03:00' })).toBe(
      '2026-03-29T01:00',
    )
  })

  test('never longer than 30 days', () => {
    expect(overAt('2026-12-01T09:00:00Z', 100, { weekdays: ['mon'], to: '10:00' }, 'UTC')).toBe(
      '2026-12-31T09:00',
    )
  })
})

const hours = 'working_hours: {weekdays: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}\n'
const rule = (expiresIn: string) => `- id: slow
  description: Somebody looks at it in working hours.
  match: {actions: [db.export]}
  verdict: require_approval
  require: {expires_in: ${expiresIn}}
  notify: {warn: 30m, remind: [1h]}
`
const files = (expiresIn: string, calendar = hours) =>
  bundleFiles({
    'bundle.yaml': `${bundleYaml.replace('max_expires_in: 24h', 'max_expires_in: 7d')}${calendar}`,
    'rules/slow.yaml': rule(expiresIn),
  })

describe('a deadline that counts working hours', () => {
  const asked = (expiresIn: string, at: string) => {
    const bundle = loaded(files(expiresIn))
    const [slow] = bundle.rules
    return demandAt(bundle, slow?.demand ?? expect.fail(), at).expiresInSeconds
  }

  test('depends on when something is asked', () => {
    expect(asked('4 working hours', '2026-12-02T09:00:00+01:00')).toBe(4 * 3_600)
    expect(asked('4 working hours', '2026-12-04T16:00:00+01:00')).toBe(68 * 3_600)
    expect(asked('4h', '2026-12-04T16:00:00+01:00')).toBe(4 * 3_600)
  })

  test.each([
    ['without a calendar', files('4 working hours', ''), 'schema/missing'],
    [
      'with a calendar that has no hours',
      files('4 working hours', hours.replace('17:00', '09:00')),
      'schema/value',
    ],
    [
      'with a calendar that has no days',
      files('4 working hours', hours.replace(/\[.*\]/, '[]')),
      'schema/value',
    ],
    ['of no hours', files('0 working hours'), 'schema/value'],
    ['of more than 200', files('201 working hours'), 'schema/value'],
    [
      'on a day that does not exist',
      files('4h', hours.replace('}', ', holidays: ["2026-02-30"]}')),
      'schema/value',
    ],
  ])('%s is refused', (_, wrong, code) => {
    expect(refused(wrong)).toMatchObject([{ code }])
  })
})

describe('the warning before the end', () => {
  const warned = { expiresInSeconds: 3_600, notify: { remindAfterSeconds: [900], warnBeforeSeconds: 600 } }

  test('is a reminder so long before it, and moves when the end does', () => {
    expect(remindersUntil(3_600, [warned])).toEqual({
      remindAfterSeconds: [900, 3_000],
      warnBeforeSeconds: 600,
    })
    const [first] = [{ expiresInSeconds: 3_600, notify: remindersUntil(3_600, [warned]) }]
    expect(remindersUntil(1_800, [first])).toEqual({
      remindAfterSeconds: [900, 1_200],
      warnBeforeSeconds: 600,
    })
    expect(remindersUntil(600, [first])).toEqual({ remindAfterSeconds: [], warnBeforeSeconds: 600 })
  })

  test('where several are decided together the earliest warning holds', () => {
    const other = {
      expiresInSeconds: 7_200,
      notify: { remindAfterSeconds: [6_000], warnBeforeSeconds: 1_200 },
    }

    expect(remindersUntil(3_600, [warned, other])).toEqual({
      remindAfterSeconds: [900, 2_400],
      warnBeforeSeconds: 1_200,
    })
  })
})

test.each([
  ['4h', '4 working hours', true],
  ['4 working hours', '4h', false],
  ['4 working hours', '5h', true],
  ['4 working hours', '5 working hours', true],
  ['4 working hours', '3 working hours', false],
  ['5h', '4 working hours', true],
])('from %s to %s is an edit that can weaken: %s', (before, after, canWeaken) => {
  const [old, now] = [before, after].map(
    (written) => loaded(files(written)).rules[0]?.demand ?? expect.fail(),
  )

  expect(old && now && looserDemand(old, now).some((text) => text.includes('waits longer'))).toBe(canWeaken)
})
