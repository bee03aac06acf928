import { describe, expect, test } from 'vitest'
import { slowConditions } from '../../../src/policy/conditions/gate.ts'
import { conditionLimits } from '../../../src/policy/conditions/limits.ts'
import { processorTime } from '../../../src/processorTime.ts'
import { bundleFiles, loaded } from '../files.ts'

const actions = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  pay: {effect: write, params: {tags: {list: string}, more: {list: string}, to: string}}
  call: {effect: write, params: open}
`
const bundle = (when: string, action = 'pay') =>
  loaded(
    bundleFiles({
      'actions.yaml': actions,
      'rules/a.yaml': `- id: a\n  description: d\n  match: {actions: [${action}]}\n  when: |\n    ${when}\n  verdict: deny\n`,
    }),
  )
/** A clock that moves on by so much each time it is asked. */
const ticking = (milliseconds: number) => {
  let now = 0
  return () => (now += milliseconds)
}
const codes = (when: string, action: string) =>
  slowConditions(bundle(when, action), processorTime).map(({ code }) => code)
const loop = bundle('params.tags.exists(x, x == "b")')

test('a condition that takes too long on the largest request is told, at its place', () => {
  expect(slowConditions(loop, ticking(conditionLimits.milliseconds + 1))).toMatchObject([
    {
      file: 'rules/a.yaml',
      line: 5,
      column: 5,
      rule: 'a',
      code: 'cel/slow',
      message: expect.stringContaining('51 ms'),
    },
  ])
})

test('control: one that keeps to it is not', () => {
  expect(slowConditions(loop, ticking(conditionLimits.milliseconds))).toEqual([])
})

test('one slow run of three refuses nothing: the machine was busy', () => {
  let asked = 0
  const busyOnce = () => (asked++ % 6 === 1 ? asked * 1_000 : 0)

  expect(slowConditions(loop, busyOnce)).toEqual([])
})

test('a condition without loops and patterns is not measured', () => {
  expect(slowConditions(bundle('params.to == "b"'), ticking(1_000))).toEqual([])
})

describe('a text that is counted again for every item', () => {
  test('is refused where the parameters are open', () => {
    const open = 'has(params.a) && has(params.b) && params.a.exists(x, size(params.b) == 5)'
    expect(codes(open, 'call')).toEqual(['cel/slow'])
  })

  test('is refused behind a part that made-up requests do not pass', () => {
    const hidden = 'environment == "prod" && params.to == "x" && params.tags.exists(x, size(params.to) == 5)'
    expect(codes(hidden, 'pay')).toEqual(['cel/slow'])
  })

  test.each([
    ['params.tags.exists(x, size(x) == 5)', 'pay'],
    ['has(params.a) && has(params.b) && params.a.exists(x, size(x) == 5) && size(params.b) != 5', 'call'],
  ])('control: %s, where each text is counted once, is not', (when, action) => {
    expect(codes(when, action)).toEqual([])
  })
})

test.each([
  'params.to.matches("https?:.*(?:x{1,30}){1,30}$")',
  'params.tags.exists(x, x.matches("a[ab]{200}c"))',
])('a pattern of many repetitions spends the budget of searches before it is slow: %s', (when) => {
  expect(codes(when, 'pay')).toEqual([])
})

test.each([
  `params.tags.exists(x, ${Array.from({ length: 24 }, (_, n) => `x == "${n}"`).join(' || ')})`,
  'params.tags.exists(x, x.matches("(a|b|c)*d")) || params.more.exists(x, x.matches("(a+)+$"))',
  'params.to.matches("(a*)*b") || params.to.matches("(a|a)*c") || params.to.matches("(.*a){20}d") || params.to.matches("a.*b.*c")',
  'size(params.tags.map(x, x + x).filter(x, x != "b")) > 5 && params.to.split("a").all(x, x != "b")',
])('the heaviest that the static limits let through stays within the time: %s', (when) => {
  expect(codes(when, 'pay')).toEqual([])
})
