import { expect, test } from 'vitest'
import { surprisesIn } from '../../bench/load/atOnce.ts'
import { shareText } from '../../bench/machine/meter.ts'
import { percentiles } from '../../bench/samples.ts'
import { amount, sectionText } from '../../bench/table.ts'

test('a line shows what was measured, its ceiling, the ratio, what is to be reached and whether it was', () => {
  const text = sectionText({
    title: 'allowed',
    lines: [
      {
        what: 'throughput',
        unit: 'a second',
        measured: 1_200,
        ceiling: { is: 'bare route', value: 2_000 },
        target: { bound: 'at least', value: 0.5, of: 'ceiling' },
      },
      {
        what: 'at rest',
        unit: 'MB',
        measured: 251.4,
        target: { bound: 'under', value: 250, of: 'measured' },
      },
      { what: 'p50', unit: 'ms', measured: 4.25 },
    ],
    notes: ['surprise: the agent heard pending (2×)'],
  })

  expect(text).toBe(
    [
      'allowed',
      '                     measured                      ceiling   ratio        to reach',
      '  throughput   1,200 a second   2,000 a second, bare route   0.60×   at least 0.5×       reached',
      '  at rest              251 MB                                         under 250 MB   not reached',
      '  p50                 4.25 ms',
      '  surprise: the agent heard pending (2×)',
      '',
    ].join('\n'),
  )
})

test('what was not measured says why, in its place', () => {
  const text = sectionText({
    title: 'cycle',
    lines: [
      {
        what: 'throughput',
        unit: 'a second',
        measured: 90,
        ceiling: { is: 'Restate', value: 'no Restate here' },
        target: { bound: 'at least', value: 1, of: 'ceiling' },
      },
    ],
    notes: [],
  })

  expect(text).toContain('no Restate here, Restate')
  expect(text).toContain('not known')
})

test.each([
  [0.1234, 'ms', '0.12 ms'],
  [12.34, 'ms', '12.3 ms'],
  [1_234_567, 'a second', '1,234,567 a second'],
  [1, 'times', '1'],
  [Number.NaN, 'ms', 'not known'],
  ['no /proc here', 'MB', 'no /proc here'],
] as const)('%s %s is written as %s', (value, unit, written) => {
  expect(amount(value, unit)).toBe(written)
})

const spent = { wall: 1_000, processor: new Map(), ours: 1_500, busy: 1_600, all: 2_000 }

test('how much of the machine was ours is said, and a warning where others took a tenth', () => {
  expect(shareText('product', spent, 2)).toBe(
    "product: of 2 processors 1.50 were ours, 0.10 others', 0.40 idle",
  )
  expect(shareText('product', { ...spent, busy: 1_800 }, 2)).toContain('measure again')
  expect(shareText('product', { ...spent, busy: Number.NaN }, 2)).toContain('is not known')
})

test('surprises are told with how often, the most frequent first', () => {
  expect(
    surprisesIn(
      new Map([
        ['the agent heard pending', 1],
        ['no card stood there in time', 3],
      ]),
    ),
  ).toEqual(['surprise: no card stood there in time (3×)', 'surprise: the agent heard pending (1×)'])
})

test('percentiles are samples, and not known without any', () => {
  expect(percentiles([3, 1, 2])).toEqual({ count: 3, p50: 2, p99: 3, worst: 3 })
  expect(percentiles([])).toEqual({ count: 0, p50: Number.NaN, p99: Number.NaN, worst: Number.NaN })
})
