import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { bind } from '../../../src/policy/conditions/bind.ts'
import { bareCelEngine, celEngine } from '../../../src/policy/conditions/cel.ts'
import { variantsOf } from '../../../src/policy/conditions/declarations.ts'
import type { Bindings, ConditionEngine } from '../../../src/policy/conditions/engine.ts'
import { withShortcuts } from '../../../src/policy/conditions/shortcut.ts'
import type { Facts } from '../../../src/policy/facts.ts'
import { cases } from '../../support/cases.ts'
import { accepted, catalogue } from './compile.ts'

/** Conditions on open parameters, unguarded: whatever they read may be absent or of another type, so many fail. */
const shown = ['a', 'b', 'c', 'a.b'].map((name) => `params.${name}`)
const known = new Set([
  ...shown,
  'resource.owner',
  'resource.labels.team',
  'agent.owner.groups',
  'request.reason',
])
const { condition } = fc.letrec<{ condition: string; value: string; list: string }>((tie) => ({
  value: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...shown) },
    fc.constantFrom('"a"', '"ab"', '""', '"prod"', '1', '-7', '1.5', 'true', 'environment', 'action', 'x'),
    fc.constantFrom('resource.id', 'resource.owner', 'resource.labels.team', 'initiator.kind', 'time.hour'),
    fc.constantFrom('agent.owner.email', 'request.reason', 'time.weekday', 'params.a + 1', 'size(params.b)'),
  ),
  list: fc.oneof(
    fc.constantFrom('params.a', 'params.c', '["a", "ab"]', '[]', '[1, 2]', '["a", params.b]'),
    fc.constantFrom('agent.owner.groups', 'time.windows', 'params', 'resource.labels'),
  ),
  condition: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(tie('value'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('value'))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    fc
      .tuple(tie('value'), fc.constantFrom('startsWith', 'endsWith', 'contains'), tie('value'))
      .map(([text, name, part]) => `${text}.${name}(${part})`),
    fc.tuple(tie('value'), tie('list')).map(([item, list]) => `${item} in ${list}`),
    fc
      .constantFrom(...shown, 'resource.owner', 'initiator.groups', 'time.windows')
      .map((path) => `has(${path})`),
    fc.constantFrom('params.a', 'params.b', 'true', 'false', 'params.a.matches("^a")'),
    tie('condition').map((one) => `!(${one})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(tie('condition'), tie('condition'), tie('condition'))
      .map((all) => `(${all[0]} ? ${all[1]} : ${all[2]})`),
    fc
      .tuple(tie('list'), fc.constantFrom('exists', 'all', 'exists_one'), tie('condition'))
      .map(([list, macro, test]) => `${list}.${macro}(x, ${test})`),
  ),
}))

const scalar = fc.constantFrom<Json>(1, 2, 1.5, -7, 'a', 'ab', '', true, false, null)
const json = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.constantFrom<Json>({ b: 1 }, { b: 'a' }, { b: null }, {}),
)
const person = fc.record(
  {
    id: fc.constant('p'),
    email: fc.constantFrom('a', 'ab'),
    groups: fc.constantFrom<string[]>(['a'], [], ['prod', 'ab']),
  },
  { requiredKeys: ['id'] },
)
const given = fc.record({
  params: fc.record({ a: json, b: json, c: json }, { requiredKeys: [] }),
  owner: fc.constantFrom(undefined, 'a', 'ab'),
  team: fc.constantFrom(undefined, 'a', 'b'),
  person: fc.option(person),
  reason: fc.constantFrom(undefined, null, 'a'),
  time: fc.boolean(),
})

type Given = typeof given extends fc.Arbitrary<infer T> ? T : never

function boundOf(of: Given): Bindings {
  const { owner, team, person, reason, time } = of
  const at = '2026-11-24T14:00:00Z'
  const facts: Facts = {
    at,
    environment: 'prod',
    resource: { sensitivity: 'unknown', ...(owner && { owner }), labels: team === undefined ? {} : { team } },
    agent: { id: 'agt_1', ...(person && { owner: person }) },
    ...(person && { initiator: { ...person, kind: 'human' } }),
    ...(reason !== undefined && { request: { ...(reason && { reason }), source: 'api' } }),
    ...(time && { time: { now: at, hour: 1, weekday: 'tue', date: '2026-11-24', windows: ['a'] } }),
  }
  const params: JsonObject = of.params
  return bind({ action: 'raw', resource: { type: 't', id: 'a' }, params, environment: 'prod' }, facts, 'open')
}

const variants = variantsOf(['raw'], catalogue, {
  windows: ['a', 'night'],
  environments: null,
  people: ['a', 'ab', 'group:a'],
})
const compiledBy = (engine: ConditionEngine, source: string) => {
  const result = engine.compile(source, { variants, known }, 'bool')
  return result.ok ? result.compiled : null
}

test('a shortcut answers as the engine does, or leaves it to the engine', () => {
  const [bare, short] = [bareCelEngine(), celEngine()]
  const seen = { true: 0, false: 0, error: 0 }
  fc.assert(
    fc.property(condition, fc.array(given, { minLength: 6, maxLength: 6 }), (source, requests) => {
      const [slow, quick] = [compiledBy(bare, source), compiledBy(short, source)]
      expect(quick === null).toBe(slow === null)
      if (slow === null || quick === null) return
      for (const request of requests) {
        const bindings = boundOf(request)
        const outcomes = [slow, ...slow.conjuncts].map((one) => one.eval(bindings))
        const shortened = [quick, ...quick.conjuncts].map((one) => one.eval(bindings))
        const [said, answered] = [JSON.stringify(outcomes), JSON.stringify(shortened)]
        if (said !== answered) throw new Error(`${source} is ${said}, and the shortcut says ${answered}`)
        for (const outcome of outcomes) seen[outcome.ok ? (outcome.value ? 'true' : 'false') : 'error'] += 1
      }
    }),
    { numRuns: cases(20_000) },
  )
  expect(Math.min(seen.true, seen.false, seen.error)).toBeGreaterThan(cases(10_000))
})

test.each([
  'params.cents > 1000 && params.to.startsWith("a")',
  'params.tags.exists(t, t in ["a", "email"]) || environment == "dev"',
  'resource.sensitivity in ["unknown", "secret"] && !("night" in time.windows)',
  '!has(params.note) && action == "pay"',
])('the engine is not asked for %s', (source) => {
  const engine: ConditionEngine = {
    id: 'asked',
    compile(text) {
      const asked = (): never => {
        throw new Error('the engine was asked')
      }
      const compiled = accepted(text)
      return { ok: true, compiled: { ...compiled, eval: asked, conjuncts: [] } }
    },
  }
  const result = withShortcuts(engine).compile(source, { variants: [], known: new Set() }, 'bool')
  const facts: Facts = {
    at: '2026-11-24T14:00:00Z',
    environment: 'prod',
    resource: { sensitivity: 'internal', labels: {} },
    agent: { id: 'agt_1' },
    time: { now: '2026-11-24T14:00:00Z', hour: 15, weekday: 'tue', date: '2026-11-24', windows: [] },
  }
  const params = { cents: 5_000, to: 'b', tags: ['b', 'email'] }
  const pay = { action: 'pay', resource: { type: 't', id: 'a' }, params, environment: 'prod' }
  const bindings = bind(pay, facts, catalogue.get('pay')?.params ?? 'open')

  expect(result.ok && result.compiled.eval(bindings)).toMatchObject({ ok: true })
})
