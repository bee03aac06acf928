import { describe, expect, test } from 'vitest'
import type { DiagnosticCode } from '../../../src/policy/conditions/engine.ts'
import { problemCodes } from '../../../src/policy/problem.ts'
import { accepted, codes, compile } from './compile.ts'

/** A condition, its code, the column of the caret, and words of the fix. */
const refused: readonly (readonly [source: string, code: DiagnosticCode, column: number, says: RegExp])[] = [
  ['params.cents >', 'cel/syntax', 14, /not CEL/],
  ['params.cents = 5', 'cel/syntax', 14, /not CEL/],
  ['params.note == null', 'cel/unsupported', 16, /has\(/],
  ['params.to == b"x"', 'cel/unsupported', 14, /without the b/],
  ['params.cents > 5u', 'cel/unsupported', 16, /leave out the u/],
  ['{"a": 1}.a == 1', 'cel/unsupported', 1, /one by one/],
  ['Foo{a: 1} == 1', 'cel/unsupported', 1, /one by one/],
  ['enviroment == "prod"', 'cel/unknown-identifier', 1, /Did you mean "environment"/],
  ['cents > 5', 'cel/unknown-identifier', 1, /Did you mean "params.cents"/],
  ['int == 5', 'cel/unknown-identifier', 1, /nothing called/],
  ['__proto__ == 5', 'cel/unknown-identifier', 1, /nothing called/],
  ['constructor == 5', 'cel/unknown-identifier', 1, /nothing called/],
  ['params.cent > 10', 'cel/unknown-field', 7, /Did you mean "cents"/],
  ['has(params.cent)', 'cel/unknown-field', 1, /Did you mean "cents"/],
  ['resource.owner.email == "a"', 'cel/unguarded-optional', 9, /has\(resource\.owner\)/],
  ['params.blob == "a"', 'cel/unknown-field', 7, /opaque/],
  ['params.to.trim() == "a"', 'cel/unknown-function', 10, /Known here/],
  ['params.to.startWith("a")', 'cel/unknown-function', 10, /Did you mean "startsWith"/],
  ['params.to.replace("a", "b") == "c"', 'cel/unknown-function', 10, /left out/],
  ['time.now.getHours("Europe/Berlin") > 5', 'cel/unknown-function', 9, /time\.hour/],
  ['dyn(params.cents) == 5', 'cel/unknown-function', 1, /remove it/],
  ['type(params.cents) == int', 'cel/unknown-function', 1, /remove it/],
  ['startsWith(params.to, "a")', 'cel/unknown-function', 1, /x\.startsWith/],
  ['resource.sensitivity == "restriced"', 'cel/unknown-value', 25, /restricted/],
  ['"nobody" != resource.sensitivity', 'cel/unknown-value', 1, /secret/],
  ['time.weekday in ["sat", "son"]', 'cel/unknown-value', 25, /sun/],
  ['initiator.kind == "robot"', 'cel/unknown-value', 19, /schedule/],
  ['has(initiator.groups) && "group:dta" in initiator.groups', 'cel/unknown-value', 26, /group:data/],
  ['has(agent.owner.groups) && "data" in agent.owner.groups', 'cel/unknown-value', 28, /group:data/],
  ['has(resource.owner) && resource.owner == "omar"', 'cel/unknown-value', 42, /user:omar/],
  ['"nite" in time.windows', 'cel/unknown-window', 1, /night/],
  ['time.windows.exists(w, w == "nite")', 'cel/unknown-window', 29, /night/],
  ['params.cents > "5"', 'cel/type-mismatch', 14, /Int cannot be ordered against string/],
  ['params.to == 5', 'cel/type-mismatch', 11, /compared/],
  ['params.tags == "a"', 'cel/type-mismatch', 13, /list of string/],
  ['params.cents in params.tags', 'cel/type-mismatch', 14, /looked for/],
  ['params.cents + params.rate > 5.0', 'cel/type-mismatch', 14, /double/],
  ['params.to - "a" == "b"', 'cel/type-mismatch', 11, /taken from/],
  ['!params.cents', 'cel/type-mismatch', 1, /negates/],
  ['params.cents && params.urgent', 'cel/type-mismatch', 7, /compare it/],
  ['params.to.exists(x, x == "a")', 'cel/type-mismatch', 7, /through a list/],
  ['params.tags.all(x, x)', 'cel/type-mismatch', 20, /tests a condition/],
  ['["a", 1] == ["a"]', 'cel/type-mismatch', 1, /mixes/],
  ['params.to.foo == "a"', 'cel/type-mismatch', 10, /no fields/],
  ['params == params', 'cel/type-mismatch', 8, /mapping/],
  ['params.cents', 'cel/not-bool', 7, /true or false/],
  ['params.urgent ? params.to : "a"', 'cel/not-bool', 1, /true or false/],
  ['params.note == "a"', 'cel/unguarded-optional', 7, /has\(params\.note\) &&/],
  ['params["cost-centre"] == "a"', 'cel/unguarded-optional', 7, /"cost-centre" in params/],
  ['request.reason.contains("x")', 'cel/unguarded-optional', 8, /has/],
  ['"group:data" in initiator.groups', 'cel/unguarded-optional', 26, /has/],
  ['agent.model == "x"', 'cel/unguarded-optional', 6, /has/],
  ['resource.labels.team == "x"', 'cel/unguarded-optional', 16, /has/],
  ['params.cents / params.cents == 1', 'cel/may-fail', 14, /divide by zero/],
  ['params.cents % 0 == 1', 'cel/may-fail', 14, /divide by zero/],
  ['params.rate / 0.0 > 1.0', 'cel/may-fail', 13, /divide by zero/],
  ['params.cents * params.cents > 5', 'cel/may-fail', 14, /too large/],
  ['params.cents > 9223372036854775808', 'cel/may-fail', 16, /too large/],
  ['params.cents + params.cents > params.rate', 'cel/may-fail', 29, /rounded/],
  ['int(params.to) > 5', 'cel/may-fail', 1, /declare/],
  ['int(params.rate) > 5', 'cel/may-fail', 1, /declare/],
  ['double(params.to) > 5.0', 'cel/may-fail', 1, /declare/],
  ['timestamp(params.cents) < time.now', 'cel/may-fail', 1, /ambiguous/],
  ['timestamp(5) < time.now', 'cel/may-fail', 1, /ambiguous/],
  ['timestamp(params.to) < time.now', 'cel/may-fail', 1, /literal text/],
  ['timestamp("yesterday") < time.now', 'cel/type-mismatch', 1, /2026/],
  ['timestamp("2026-02-30T00:00:00Z") < time.now', 'cel/type-mismatch', 1, /2026/],
  ['timestamp("2027-02-29T00:00:00+01:00") < time.now', 'cel/type-mismatch', 1, /2026/],
  ['timestamp("2026-02-28T24:00:00Z") < time.now', 'cel/type-mismatch', 1, /2026/],
  [`params.to.contains("${'a'.repeat(251)}")`, 'cel/may-fail', 10, /at most 250 characters/],
  [`size(params.to.split("${'a'.repeat(251)}")) > 1`, 'cel/may-fail', 15, /at most 250 characters/],
  ['time.now - timestamp("2026-01-01T00:00:00Z") > duration("1 day")', 'cel/type-mismatch', 48, /24h/],
  ['params.tags[0] == "a"', 'cel/may-fail', 12, /exists/],
  ['params.to.matches(params.to)', 'cel/dynamic-regex', 10, /quotes/],
  ['params.to.matches("a" + "b")', 'cel/dynamic-regex', 10, /quotes/],
  ['params.to.matches("(a")', 'cel/bad-regex', 10, /RE2/],
  ['params.to.matches("(?=a)b")', 'cel/bad-regex', 10, /RE2/],
  ['params.to.matches("\\brm\\b")', 'cel/bad-regex', 10, /backspace/],
  ['params.tags.exists(params, params == "a")', 'cel/shadowed-variable', 12, /choose another/],
  ['params.tags.exists(size, size == "a")', 'cel/shadowed-variable', 12, /choose another/],
  [`params.to == "${'x'.repeat(2_000)}"`, 'cel/limit/length', 1, /split/],
  [`1 in [${Array.from({ length: 300 }, () => '1').join()}]`, 'cel/limit/nodes', 3, /at most 300/],
  [`params.to${'.lowerAscii()'.repeat(33)} == "a"`, 'cel/limit/depth', 440, /32/],
  [`${'('.repeat(33)}params.urgent${')'.repeat(33)}`, 'cel/limit/depth', 1, /33 deep/],
  [`${'['.repeat(900)}1${']'.repeat(900)} == []`, 'cel/limit/depth', 1, /900 deep/],
  [
    Array.from({ length: 5 }, () => 'params.tags.all(x, x == "a")').join(' && '),
    'cel/limit/macros',
    140,
    /split/,
  ],
  ['params.tags.all(x, params.tags.exists(y, y == x))', 'cel/limit/nesting', 31, /`in`/],
  [
    Array.from({ length: 5 }, () => 'params.to.matches("a")').join(' && '),
    'cel/limit/regex',
    114,
    /join them/,
  ],
  [`params.to.matches("${'a'.repeat(257)}")`, 'cel/limit/regex', 10, /256/],
  ['params.tags.exists(x, params.to.matches("a"))', 'cel/limit/regex', 32, /x\.matches/],
  [
    `params.tags.exists(x, ${Array.from({ length: 30 }, () => 'x + x == "a"').join(' || ')})`,
    'cel/limit/cost',
    12,
    /loops/,
  ],
]

describe('what is refused', () => {
  test.each(refused)('%s: %s', (source, code, column, says) => {
    const result = compile(source)
    const found = result.ok ? [] : result.diagnostics.filter((one) => one.code === code)

    expect(codes(source)).toContain(code)
    expect(found[0]).toMatchObject({ line: 1, column, message: expect.stringMatching(says) })
    expect(found[0]?.excerpt.split('\n')[1]).toBe(`${' '.repeat(column - 1)}^`)
  })

  test('every code of a condition has a case', () => {
    const elsewhere = ['cel/not-string', 'cel/budget', 'cel/slow']
    const cases = new Set<string>(refused.map(([, code]) => code))

    expect(Object.keys(problemCodes).filter((code) => code.startsWith('cel/') && !cases.has(code))).toEqual(
      elsewhere,
    )
  })

  test('what has to be typed must be a text', () => {
    expect(codes('params.cents', { want: 'string' })).toEqual(['cel/not-string'])
    expect(codes('string(params.cents)', { want: 'string' })).toEqual([])
  })

  test('the place is told over several lines', () => {
    const result = compile('params.cents > 5\n  && params.ceents > 6')

    expect(result.ok ? [] : result.diagnostics).toMatchObject([
      { line: 2, column: 12, excerpt: '  && params.ceents > 6\n           ^' },
    ])
  })

  test('all that is wrong is told at once', () => {
    expect(codes('params.cent > 5 && "nite" in time.windows && params.note == "a"')).toEqual([
      'cel/unknown-field',
      'cel/unknown-window',
      'cel/unguarded-optional',
    ])
  })

  test('a condition has to be right for every action that the rule can match', () => {
    expect(codes('params.rate > 5.0', { on: ['pay', 'refund'] })).toEqual(['cel/unknown-field'])
    expect(codes('params.note == "a"', { on: ['refund'] })).toEqual([])
    expect(codes('params.note == "a"', { on: ['refund', 'pay'] })).toEqual(['cel/unguarded-optional'])
    expect(codes('has(params.note) && params.note == "a"', { on: ['refund', 'pay'] })).toEqual([])
  })
})

describe('what is accepted', () => {
  test.each([
    'true',
    'params.cents >= 100000 || params.tags.exists(c, c in ["email", "ssn"])',
    'params.cents > 5 && params.rate > 5 && params.rate > params.cents',
    'params.cents * 1000 / 7 % 3 == 1 && -params.cents < 0',
    'has(params.note) && params.note.startsWith("a")',
    '!has(params.note) || params.note == "a"',
    '!(!has(params.note) || params.note != "a")',
    'has(params.note) ? params.note == "a" : params.urgent',
    '!has(params.note) ? params.urgent : params.note == "a"',
    'has(params.note) && has(params.limit) && (params.note == "a" || params.limit > 5)',
    '(has(params.note) && params.urgent) && params.note == "a"',
    '(params.urgent ? has(params.note) : has(params.note)) && params.note == "a"',
    'has(params.codes) && params.codes.all(c, c.matches("^[A-Z]+$"))',
    '"cost-centre" in params && params["cost-centre"] == "x"',
    'has(params.blob)',
    'has(resource.labels.team) && resource.labels.team == "data"',
    '"team" in resource.labels && resource.labels["team"] == "data"',
    'has(initiator.groups) && "group:data" in initiator.groups && agent.owner.email.endsWith("@acme.test")',
    '"night" in time.windows || time.weekday in ["sat", "sun"] || time.hour < 6',
    'time.now - timestamp("2026-01-01T00:00:00Z") > duration("24h")',
    'time.now > timestamp("2028-02-29T23:59:59.5+01:00")',
    `params.to.contains("${'a'.repeat(250)}")`,
    'time.now + duration("24h") > timestamp("2026-01-01T00:00:00+01:00")',
    'params.tags.exists_one(x, x == "a") && size(params.tags.filter(x, x != "a")) > 1',
    '"ab" in params.tags.map(x, x + "b") && 4 in params.amounts.map(x, x > 1, x * 2)',
    'params.to.split("@").exists(part, part.lowerAscii() == "acme.test")',
    'string(params.cents) + "x" == params.to && double(params.cents) > 5.0',
    'params.tags + ["a"] == ["b"] && params.to in (params.tags + [])',
    'size(params.to) > 5 && params.to.size() > 5',
    "params.to == 'a' // why\n && params.urgent",
  ])('%s', (source) => {
    expect(codes(source)).toEqual([])
  })

  test.each([
    'has(params.note) || params.note == "a"',
    'params.note == "a" && has(params.note)',
    '!has(params.note) && params.note == "a"',
    'has(params.note) ? params.urgent : params.note == "a"',
    '(has(params.note) || params.urgent) && params.note == "a"',
    '(params.urgent ? has(params.note) : true) && params.note == "a"',
    'params.tags.exists(x, has(params.note)) && params.note == "a"',
    '!(has(params.note) && params.urgent) && params.note == "a"',
  ])('control: %s does not show that the fact is there', (source) => {
    expect(codes(source)).toEqual(['cel/unguarded-optional'])
  })

  test('unless may read what when has shown', () => {
    const when = accepted('has(params.note) && params.cents > 5')

    expect(codes('params.note == "a"', { known: [...when.implies.whenTrue] })).toEqual([])
    expect(codes('params.note == "a"')).toEqual(['cel/unguarded-optional'])
  })

  test('tells what is read, and its parts', () => {
    const { refs, conjuncts } = accepted(
      'params.cents > 5 && (params.urgent && true) &&\n resource.sensitivity == "&&secret".lowerAscii()',
    )

    expect([...refs]).toEqual(['params', 'params.cents', 'params.urgent', 'resource', 'resource.sensitivity'])
    expect(conjuncts.map(({ source }) => source)).toEqual([
      'params.cents > 5',
      '(params.urgent && true)',
      'resource.sensitivity == "&&secret".lowerAscii()',
    ])
  })

  test('open parameters may be read with has() at every step', () => {
    expect(codes('has(params.a) && has(params.a.b) && params.a.b > 5', { on: ['raw'] })).toEqual([])
    expect(codes('has(params.a.b) && params.a.b > 5', { on: ['raw'] })).toContain('cel/unguarded-optional')
    expect(codes('params.a > 5', { on: ['raw'] })).toEqual(['cel/unguarded-optional'])
    expect(codes('has(params.a) && params.a', { on: ['raw'] })).toEqual(['cel/type-mismatch'])
  })
})
