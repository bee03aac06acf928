import { describe, expect, test } from 'vitest'
import { mostSteps, slowConditions } from '../../../src/policy/conditions/gate.ts'
import { conditionLimits } from '../../../src/policy/conditions/limits.ts'
import { bundleFiles, loaded } from '../files.ts'

const actions = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  pay: {effect: write, params: {tags: {list: string}, more: {list: string}, to: string}}
  tell: {effect: write, params: {tags: string, more: string, to: string}}
  call: {effect: write, params: open}
`
const bundle = (when: string, action = 'pay') =>
  loaded(
    bundleFiles({
      'actions.yaml': actions,
      'rules/a.yaml': `- id: a\n  description: d\n  match: {actions: [${action}]}\n  when: |\n    ${when}\n  verdict: deny\n`,
    }),
  )
const codes = (when: string, action = 'pay') => slowConditions(bundle(when, action)).map(({ code }) => code)
const stepsOf = (when: string, action = 'pay') =>
  Math.max(...[...mostSteps(bundle(when, action)).values()].map(({ steps }) => steps))

/** What an agent may send, made large in every way that is slow. */
const slow = 'params.tags.exists(x, size(params.to) == 5)'

test('a condition that can take too many steps is told, at its place', () => {
  expect(slowConditions(bundle(slow))).toMatchObject([
    {
      file: 'rules/a.yaml',
      line: 5,
      column: 5,
      rule: 'a',
      code: 'cel/slow',
      message: expect.stringMatching(/^This can take [\d.]+ million steps .*; at most 5 million are allowed/),
    },
  ])
})

test('control: where the long text is counted once, it is not', () => {
  expect(codes('params.tags.exists(x, size(x) == 5) && size(params.to) == 5')).toEqual([])
})

test('the same condition has the same steps each time, in whatever bundle', () => {
  const first = stepsOf(slow)

  expect(Array.from({ length: 5 }, () => stepsOf(slow))).toEqual(Array(5).fill(first))
  expect(first).toBeGreaterThan(conditionLimits.steps)
})

test('the action that makes a condition take the most counts', () => {
  const when = 'size(params.tags) == 5'
  const [onText, onList] = [stepsOf(when, 'tell'), stepsOf(when, 'pay')]

  expect(onText).toBeGreaterThan(100 * onList)
  expect(stepsOf(when, 'pay, tell')).toBe(onText)
  expect(stepsOf(when, 'tell, pay')).toBe(onText)
})

describe('is refused:', () => {
  test.each([
    ['a text that is counted for every item', 'params.tags.exists(x, size(params.to) == 5)', 'pay'],
    [
      'the same where the parameters are open',
      'has(params.a) && has(params.b) && params.a.exists(x, size(params.b) == 5)',
      'call',
    ],
    [
      'the same behind a part that is false for most requests',
      'environment == "prod" && params.to == "x" && params.tags.exists(x, size(params.to) == 5)',
      'pay',
    ],
    [
      'the same after ? and :',
      'params.to == "x" ? false : params.tags.exists(x, size(params.to) == 5)',
      'pay',
    ],
    ['a text that is taken apart for every item', 'params.tags.exists(x, x in params.to.split(","))', 'pay'],
    [
      'a text in which every item is looked for, since parts can be made to be hard to find',
      'params.tags.exists(x, params.to.contains(x))',
      'pay',
    ],
    ['a text that is lowered for every item', 'params.tags.exists(x, params.to.lowerAscii() == x)', 'pay'],
    ['lists that are gone through for every item, twice', two('x in params.more'), 'pay'],
    [
      'open lists of open items: each may hold many',
      'has(params.a) && has(params.b) && params.a.exists(x, x in params.b)',
      'call',
    ],
    [
      'open values that are compared for every item',
      'has(params.a) && has(params.b) && has(params.c) && params.a.exists(x, params.b == params.c)',
      'call',
    ],
    [
      'lists of lists of lists, where each item is found through all',
      'size(params.tags.map(x, x).filter(x, x != "a").map(x, x + "b").filter(x, x != "c")) > 1',
      'pay',
    ],
    ['what fails for every item, many times over', failing(16), 'call'],
  ])('%s', (_, when, action) => {
    expect(codes(when, action)).toEqual(['cel/slow'])
  })

  function two(part: string): string {
    return `params.tags.exists(x, ${part} || ${part.replace('more', 'tags')})`
  }

  function failing(times: number): string {
    const parts = Array.from({ length: times }, (_, n) => `x < "${n}"`)
    return `has(params.a) && params.a.exists(x, ${parts.join(' || ')})`
  }
})

describe('is accepted:', () => {
  test.each([
    ['each text counted once', 'params.tags.exists(x, size(x) == 5)', 'pay'],
    [
      'the same where the parameters are open',
      'has(params.a) && has(params.b) && params.a.exists(x, size(x) == 5) && size(params.b) != 5',
      'call',
    ],
    ['a list in another', 'params.tags.all(x, x in params.more)', 'pay'],
    ['the groups of a person', 'has(agent.owner.groups) && params.tags.all(x, x == params.to)', 'pay'],
    [
      'the same kind of comparison of an open list, four times over',
      'has(params.a) && params.a.exists(x, x.startsWith("/etc") || x.startsWith("/root") || x.startsWith("/var") || x.endsWith(".pem"))',
      'call',
    ],
    ['two open values compared', 'has(params.a) && has(params.b) && params.a == params.b', 'call'],
    ['a path of an open value', '"a-b" in params && params["a-b"].startsWith("c")', 'call'],
  ])('%s', (_, when, action) => {
    expect(codes(when, action)).toEqual([])
  })

  test.each([
    'params.to.matches("https?:.*(?:x{1,30}){1,30}$")',
    'params.tags.exists(x, x.matches("a[ab]{200}c"))',
  ])('%s, since patterns spend the budget of searches', (when) => {
    expect(codes(when)).toEqual([])
  })

  test.each([
    `params.tags.exists(x, ${Array.from({ length: 24 }, (_, n) => `x == "${n}"`).join(' || ')})`,
    'params.tags.exists(x, x.matches("(a|b|c)*d")) || params.more.exists(x, x.matches("(a+)+$"))',
    'params.to.matches("(a*)*b") || params.to.matches("(a|a)*c") || params.to.matches("(.*a){20}d") || params.to.matches("a.*b.*c")',
    'size(params.tags.map(x, x + x).filter(x, x != "b")) > 5 && params.to.split("a").all(x, x != "b")',
  ])('%s, the heaviest that the limits of form let through', (when) => {
    expect(codes(when)).toEqual([])
  })
})

test('a condition without a loop is far below', () => {
  expect(stepsOf('params.to == "b" && params.to.lowerAscii() != "c"')).toBeLessThan(
    conditionLimits.steps / 10,
  )
})
