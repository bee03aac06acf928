import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { type Ask, factsOf } from '../../../src/policy/ask.ts'
import { bind } from '../../../src/policy/conditions/bind.ts'
import { cases } from '../../support/cases.ts'
import { textWork } from '../../support/textWork.ts'
import { bundleFiles, bundleYaml, loaded } from '../files.ts'
import { catalogue, compile } from './compile.ts'

/** Conditions of all shapes, most of them of the right types, many of them reading what may be absent. */
const text = fc.constantFrom(
  '"a"',
  '"prod"',
  '"restricted"',
  '"night"',
  'params.to',
  'params.note',
  'environment',
  'resource.id',
  'resource.owner',
  'resource.labels.team',
  'request.reason',
  'agent.model',
  'agent.owner.email',
  'initiator.kind',
  'time.date',
  'time.weekday',
  'resource.sensitivity',
  'params["cost-centre"]',
)
const whole = fc.constantFrom(
  '0',
  '1',
  '-7',
  '100000',
  'params.cents',
  'params.limit',
  'time.hour',
  'size(params.tags)',
  'int(time.now)',
)
const decimal = fc.constantFrom('1.5', '-0.1', 'params.rate', 'double(params.cents)')
const list = fc.constantFrom(
  'params.tags',
  'params.codes',
  '["a", "b"]',
  'time.windows',
  'agent.owner.groups',
  'params.to.split(",")',
)
const guard = fc.constantFrom(
  'has(params.note)',
  'has(params.limit)',
  'has(params.codes)',
  'has(resource.owner)',
  'has(resource.labels.team)',
  'has(request.reason)',
  'has(agent.model)',
  'has(agent.owner.groups)',
  '"cost-centre" in params',
  'params.urgent',
  'true',
)
const compare = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')
const arithmetic = fc.constantFrom('+', '-', '*', '/', '%')

const { condition } = fc.letrec<{ condition: string; text: string; whole: string; leaf: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} + ${b})`),
    tie('text').map((a) => `${a}.lowerAscii()`),
    tie('whole').map((a) => `string(${a})`),
    fc.tuple(tie('condition'), tie('text'), tie('text')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
  ),
  whole: fc.oneof(
    { depthSize: 'small' },
    whole,
    fc.tuple(tie('whole'), arithmetic, tie('whole')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('text').map((a) => `size(${a})`),
  ),
  leaf: fc.oneof(
    guard,
    fc.tuple(tie('text'), compare, tie('text')).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc.tuple(tie('whole'), compare, fc.oneof(tie('whole'), decimal)).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc
      .tuple(tie('text'), fc.constantFrom('startsWith', 'endsWith', 'contains'), tie('text'))
      .map(([a, f, b]) => `${a}.${f}(${b})`),
    tie('text').map((a) => `${a}.matches("^[a-z]+$")`),
    fc.tuple(tie('text'), list).map(([a, l]) => `${a} in ${l}`),
    fc
      .tuple(list, fc.constantFrom('all', 'exists', 'exists_one'), tie('text'))
      .map(([l, f, b]) => `${l}.${f}(x, x == ${b} || size(x) > 2)`),
    fc.tuple(list, tie('text')).map(([l, b]) => `size(${l}.filter(x, x != ${b}).map(x, x + "z")) > 0`),
    fc.constantFrom(
      'time.now > timestamp("2026-01-01T00:00:00Z")',
      'time.now - timestamp("2026-01-01T00:00:00Z") < duration("8h")',
      'params.rate * 2.0 > 3.0 / 2.0',
    ),
  ),
  condition: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    tie('leaf'),
    fc.tuple(guard, tie('leaf')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(guard, tie('leaf')).map(([a, b]) => `(!(${a}) || ${b})`),
    fc.tuple(guard, tie('leaf'), tie('condition')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} || ${b})`),
    tie('condition').map((a) => `!(${a})`),
  ),
}))

const resources = `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: t, id: known}, sensitivity: restricted, owner: user:omar, labels: {team: data}}
`
const bundle = loaded(
  bundleFiles({
    'resources.yaml': resources,
    'bundle.yaml': `${bundleYaml}windows: {night: {weekdays: [mon]}, freeze: {weekdays: [tue]}}\n`,
  }),
)
const sparse: JsonObject = {
  to: '',
  cents: -9_007_199_254_740_991,
  rate: -1e10,
  urgent: false,
  tags: [],
  amounts: [],
  blob: null,
}
const full: JsonObject = {
  to: 'a,b',
  cents: 9_007_199_254_740_991,
  rate: 1e10,
  urgent: true,
  tags: ['a', 'abc'],
  amounts: [1],
  note: 'a',
  limit: 7,
  codes: ['a'],
  blob: {},
  'cost-centre': 'x',
}
const person = { id: 'p', email: 'a@b.c' }
const asks: readonly Omit<Ask, 'action'>[] = [
  {
    agent: { id: 'a', name: 'n', owner: person },
    initiator: { ...person, kind: 'human' },
    request: { reason: null, source: 'api' },
    at: '2026-11-24T14:00:00Z',
  },
  {
    agent: { id: 'a', name: 'n', model: 'm', owner: { ...person, groups: ['a'] } },
    initiator: { ...person, groups: [], kind: 'schedule' },
    request: { reason: 'r', source: 'mcp' },
    at: '2026-01-01T00:00:00Z',
  },
]
const everything = [sparse, full].flatMap((params) =>
  ['known', 'unknown'].flatMap((id) =>
    asks.map((ask) => {
      const action = { action: 'pay', resource: { type: 't', id }, params, environment: 'prod' }
      return bind(action, factsOf(bundle, { ...ask, action }), {
        declared: catalogue.get('pay')?.params ?? 'open',
      })
    }),
  ),
)

test('a condition that was accepted never fails when it is evaluated, whatever is absent', () => {
  let accepted = 0
  let refused = 0
  fc.assert(
    fc.property(condition, (source) => {
      const result = compile(source)
      if (!result.ok) {
        refused += 1
        return
      }
      accepted += 1
      // Plain comparisons: hundreds of thousands of expect() would take longer than the conditions.
      for (const bindings of everything) {
        const outcome = result.compiled.eval(bindings)
        if (!outcome.ok) throw new Error(`${source} failed: ${outcome.error}`)
        const parts = result.compiled.conjuncts.map((part) => part.eval(bindings))
        const agree = parts.every((part) => part.ok && part.value === true)
        if (agree !== outcome.value && parts.every((part) => part.ok))
          throw new Error(`${source} is not its parts`)
      }
    }),
    { numRuns: cases(20_000), seed: 20261124 },
  )
  expect(accepted).toBeGreaterThan(cases(4_000))
  expect(refused).toBeGreaterThan(cases(4_000))
})

test('whatever the text, compiling ends and never throws', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '&&',
    '||',
    '!',
    '"',
    "'",
    '?',
    ':',
    'a',
    'params',
    '.',
    'has',
    '"x"',
    ' ',
    '\n',
    '//',
    '\\',
    '1',
    '+',
    'in',
    '{',
    '}',
    'r"',
    '"""',
    '.exists(x, ',
    '\u0000',
    '😀',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
        fc.string({ maxLength: 200, unit: 'binary' }),
      ),
      (source) => {
        expect(typeof compile(source).ok).toBe('boolean')
      },
    ),
    { numRuns: cases(3_000), seed: 7 },
  )
})

test.each(['(', '[', '!', '-', '{', 'a.', 'a?b:', '"', '!(', '[a,', 'f(', 'a||(', 'x.all(x,'])(
  'two thousand characters of %j are refused, with at most four times the work of one thousand',
  (unit) => {
    const refused = (length: number) =>
      textWork(() => expect(compile(unit.repeat(length / unit.length)).ok).toBe(false))

    expect(refused(2_000) / refused(1_000)).toBeLessThan(4)
  },
)
