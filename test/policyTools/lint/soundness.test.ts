import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Ask } from '../../../src/policy/ask.ts'
import type { Bundle } from '../../../src/policy/bundle.ts'
import { conditionLimits } from '../../../src/policy/conditions/limits.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { lintBundle } from '../../../src/policyTools/lint/lintBundle.ts'
import { logicOf } from '../../../src/policyTools/logic/ruleLogic.ts'
import { probeRules } from '../../../src/policyTools/probes/probes.ts'
import { bundleFiles, bundleYaml, loaded } from '../../policy/files.ts'
import { cases } from '../../support/cases.ts'
import { actions, rulesOf, type Seed, windows } from './seed.ts'

/** Few values, so that conditions meet, miss and touch each other often. */
const number = fc.integer({ min: 0, max: 4 })
const word = fc.constantFrom('a', 'ab', 'b', 'ba')
const equality = ['==', '!=']
const order = ['<', '<=', '>', '>=', ...equality]
/** Two different facts of one type, compared. */
const between = (paths: readonly string[], how: readonly string[]) =>
  fc
    .tuple(fc.shuffledSubarray([...paths], { minLength: 2, maxLength: 2 }), fc.constantFrom(...how))
    .map(([[left, right], is]) => `${left} ${is} ${right}`)
/** One value and constants. */
const plain = fc.oneof(
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number)
    .map(([is, n]) => `params.rows ${is} ${n}`),
  fc.array(number, { minLength: 1, maxLength: 3 }).map((ns) => `params.rows in [${ns}]`),
  fc
    .tuple(fc.constantFrom('startsWith', 'endsWith', 'contains'), word)
    .map(([how, w]) => `params.table.${how}("${w}")`),
  fc.tuple(fc.constantFrom('==', '!='), word).map(([is, w]) => `params.table ${is} "${w}"`),
  word.map((w) => `"${w}" in params.columns`),
  fc
    .tuple(fc.constantFrom('exists', 'all'), word)
    .map(([how, w]) => `params.columns.${how}(c, c.startsWith("${w}"))`),
  number.map((n) => `size(params.columns) > ${n}`),
  fc.constantFrom(
    'has(params.to)',
    'has(params.force) && params.force',
    'params.rows + 1 > 3',
    'environment == "dev"',
  ),
)
/** Two values of the request. */
const beside = fc.oneof(
  between(['params.rows', 'params.low', 'size(params.columns)', 'params.share', 'time.hour'], order),
  between(
    ['params.table', 'params.other', 'params.table.lowerAscii()', 'resource.id', 'environment'],
    equality,
  ),
  between(['params.columns', 'params.tags'], equality),
  fc
    .tuple(fc.constantFrom('startsWith', 'endsWith', 'contains'), fc.boolean())
    .map(([how, turned]) =>
      turned ? `params.other.${how}(params.table)` : `params.table.${how}(params.other)`,
    ),
  fc
    .tuple(fc.constantFrom('params.table', 'params.other', 'environment'), fc.constantFrom('columns', 'tags'))
    .map(([item, list]) => `${item} in params.${list}`),
  fc.constantFrom(
    'has(params.to) && params.to == params.table',
    'params.other in resource.labels',
    'initiator.email == agent.owner.email',
    'initiator.id != agent.owner.id',
    'params.tags.exists(t, t == params.table)',
    'params.tags.all(t, t != params.other)',
  ),
)
const atom = fc.oneof({ arbitrary: plain, weight: 2 }, { arbitrary: beside, weight: 1 })
const condition = fc
  .letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      atom,
      tie('any').map((one) => `!(${one})`),
      fc.tuple(tie('any'), tie('any')).map(([left, right]) => `(${left} && ${right})`),
      fc.tuple(tie('any'), tie('any')).map(([left, right]) => `(${left} || ${right})`),
    ),
  }))
  .any.filter((text) => (text.match(/\.(exists|all)\(/g) ?? []).length <= conditionLimits.macros)
const seed: fc.Arbitrary<Seed> = fc.record({
  when: condition,
  unless: fc.option(condition, { nil: '' }),
  verdict: fc.constantFrom('allow', 'require_approval', 'deny'),
  match: fc.constantFrom(
    'actions: [db.export]',
    'actions: [db.export], environments: [dev]',
    'actions: ["*"], effects: [read], environments: [dev, prod]',
    'actions: [db.export], environments: [prod, test]',
  ),
})

const request = fc.record({
  rows: number,
  low: number,
  share: fc.constantFrom(0.5, 1, 2, 3),
  hour: fc.constantFrom('00', '03', '14', '23'),
  table: fc.constantFrom('a', 'ab', 'b', 'ba', 'aba', 'x', ''),
  other: fc.constantFrom('a', 'ab', 'b', 'x', 'dev', 'Ab'),
  columns: fc.array(word, { maxLength: 3 }),
  tags: fc.array(word, { maxLength: 3 }),
  id: fc.constantFrom('a', 'x'),
  self: fc.boolean(),
  to: fc.constantFrom('x', null),
  force: fc.constantFrom(true, false, null),
  environment: fc.constantFrom('dev', 'prod', 'test', 'other'),
})
type Requested = typeof request extends fc.Arbitrary<infer T> ? T : never

function bundleOf(seeds: readonly Seed[]): Bundle {
  const named = seeds.map((one, index) => ({ ...one, id: `r.${index}` }))
  // Rules about every action may not read what only one of them has.
  const fitting = named.map((one) =>
    one.match?.includes('"*"') ? { ...one, when: 'environment != "x"', unless: '' } : one,
  )
  return loaded(
    bundleFiles({
      'bundle.yaml': bundleYaml + windows,
      'actions.yaml': actions,
      'rules/a.yaml': rulesOf(fitting),
    }),
  )
}

function askOf({ environment, id, self, hour, ...params }: Requested): Ask {
  const action = {
    action: 'db.export',
    environment,
    resource: { type: 't', id },
    params,
  }
  const owner = { id: 'p', email: 'p@x.test' }
  const initiator = { ...(self ? owner : { id: 'q', email: 'q@x.test' }), kind: 'human' } as const
  return { action, agent: { id: 'a', name: 'a', owner }, initiator, at: `2026-11-24T${hour}:00:00Z` }
}

function firedBy(bundle: Bundle, requested: Requested): ReadonlySet<string> {
  const { fired } = evaluate(bundle, askOf(requested)).verdict.facts
  return new Set(Array.isArray(fired) ? fired.map(String) : [])
}

describe('what lint is sure of', () => {
  test('is true of every request: rules that cannot apply never do, and covered rules never apply alone', () => {
    let contradictions = 0
    let coverings = 0
    fc.assert(
      fc.property(
        fc.array(seed, { minLength: 2, maxLength: 5 }),
        fc.array(request, { minLength: 40, maxLength: 40 }),
        (seeds, requests) => {
          const bundle = bundleOf(seeds)
          const findings = lintBundle(bundle)
          const dead = findings
            .filter(({ code, level }) => code === 'rule/contradiction' && level === 'error')
            .map(({ rule }) => rule ?? '')
          const pairs = findings
            .filter(({ code }) => ['rule/dead-allow', 'rule/shadowed', 'rule/redundant'].includes(code))
            .map(({ rule, message }) => ({ inner: rule ?? '', outer: /"(r\.\d)"/.exec(message)?.[1] ?? '' }))
          contradictions += dead.length
          coverings += pairs.length
          for (const one of requests) {
            const fired = firedBy(bundle, one)
            for (const id of dead) expect(fired.has(id)).toBe(false)
            for (const { inner, outer } of pairs) if (fired.has(inner)) expect(fired).toContain(outer)
          }
        },
      ),
      { numRuns: cases(400) },
    )
    expect(contradictions).toBeGreaterThan(cases(25))
    expect(coverings).toBeGreaterThan(cases(50))
  })

  test('a rule that some request reaches is never called impossible, and probes reach nearly all of these', () => {
    let reachable = 0
    let missed = 0
    fc.assert(
      fc.property(seed, fc.array(request, { minLength: 60, maxLength: 60 }), (one, requests) => {
        const bundle = bundleOf([{ ...one, verdict: 'require_approval' }])
        if (!requests.some((requested) => firedBy(bundle, requested).size > 0)) return
        reachable += 1
        const logic = logicOf(bundle)
        expect(logic[0]?.ways.clauses.length).toBeGreaterThan(0)
        if (!probeRules(bundle, logic).reached.has('r.0')) missed += 1
      }),
      { numRuns: cases(400) },
    )
    expect(reachable).toBeGreaterThan(cases(150))
    expect(missed / reachable).toBeLessThan(0.02)
  })

  test('the same bundle gives the same findings', () => {
    fc.assert(
      fc.property(fc.array(seed, { minLength: 1, maxLength: 4 }), (seeds) => {
        const [first, second] = [bundleOf(seeds), bundleOf(seeds)]
        expect(lintBundle(first)).toEqual(lintBundle(second))
      }),
      { numRuns: cases(30) },
    )
  })
})
