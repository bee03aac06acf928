import { expect, test } from 'vitest'
import { judge, type Line, ratioOf } from '../../bench/line.ts'

const line = (change: Partial<Line>): Line => ({ what: 'it', unit: 'ms', measured: 10, ...change })
const beside = (value: number | string) => ({ is: 'bare route', value })

test.each([
  ['at least', 0.5, 50, 100, 'reached'],
  ['at least', 0.5, 49.9, 100, 'not reached'],
  ['at most', 2, 2, 1, 'reached'],
  ['at most', 2, 2.001, 1, 'not reached'],
] as const)('%s %d times the ceiling: %d beside %d is %s', (bound, value, measured, ceiling, judgement) => {
  const judged = line({ measured, ceiling: beside(ceiling), target: { bound, value, of: 'ceiling' } })

  expect(judge(judged)).toBe(judgement)
})

test.each([
  ['at most', 10, 'reached'],
  ['under', 10, 'not reached'],
  ['under', 10.1, 'reached'],
  ['at least', 10.1, 'not reached'],
] as const)('10 is %s %d: %s, whatever the ceiling', (bound, value, judgement) => {
  expect(judge(line({ ceiling: beside(1), target: { bound, value, of: 'measured' } }))).toBe(judgement)
})

test('a line without a target is not judged', () => {
  expect(judge(line({ ceiling: beside(1) }))).toBe('')
})

test.each([
  ['nothing was measured', line({ measured: 'no card was posted', ceiling: beside(1) })],
  ['there was no ceiling', line({})],
  ['the ceiling was not measured', line({ ceiling: beside('no Restate here') })],
  ['the ceiling is nothing', line({ ceiling: beside(0) })],
  ['nothing went as it should', line({ measured: Number.NaN, ceiling: beside(1) })],
])('%s: that is not known, and not reached', (_, unknown) => {
  expect(ratioOf(unknown)).toBeNull()
  expect(judge({ ...unknown, target: { bound: 'at most', value: 2, of: 'ceiling' } })).toBe('not known')
  expect(judge({ ...unknown, target: { bound: 'at least', value: 0, of: 'ceiling' } })).toBe('not known')
})
