import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import { bind } from '../../../src/policy/conditions/bind.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { storedFacts } from '../../../src/policy/facts.ts'
import { cases } from '../../support/cases.ts'
import { ask, at, exportUsers, rule } from '../ask.ts'
import { bundleFiles, loaded } from '../files.ts'

const actions = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  act:
    effect: write
    params: {rows: int, share: number?, to: string, force: bool?, columns: {list: string}, note: string?}
`
const params = { rows: 250_000, to: 's3://elsewhere/x', columns: ['id', 'email', 'plan'] }

function made(when: string) {
  const bundle = loaded(
    bundleFiles({
      'actions.yaml': actions,
      'rules/a.yaml': `- id: a\n  description: d\n  match: {actions: [act]}\n  when: |\n    ${when}\n  verdict: deny\n`,
    }),
  )
  const [found] = bundle.rules
  if (!found?.when) throw new Error('a condition is expected')
  return { bundle, condition: found.when.compiled }
}

const asked = (given: Record<string, Json> = {}) => ({
  action: {
    action: 'act',
    resource: { type: 'table', id: 'w.users' },
    params: { ...params, ...given },
    environment: 'prod',
  },
  agent: { id: 'agt_1', name: 'bot' },
  at,
})

function because(when: string, given: Record<string, Json> = {}): unknown {
  const [first] = [evaluate(made(when).bundle, asked(given)).verdict.facts.because].flat()
  return typeof first === 'object' && first !== null && 'comparisons' in first ? first.comparisons : null
}

describe('the comparisons that made a condition true', () => {
  test.each([
    ['params.rows >= 100000', 'params.rows', '>=', 250_000, 100_000],
    ['100000 < params.rows', 'params.rows', '>', 250_000, 100_000],
    ['!(params.rows < 100000)', 'params.rows', '>=', 250_000, 100_000],
    ['params.to.startsWith("s3://")', 'params.to', 'starts with', 's3://elsewhere/x', 's3://'],
    [
      '!params.to.startsWith("s3://ours/")',
      'params.to',
      'does not start with',
      's3://elsewhere/x',
      's3://ours/',
    ],
    [
      'resource.sensitivity in ["secret", "unknown"]',
      'resource.sensitivity',
      'in',
      'unknown',
      ['secret', 'unknown'],
    ],
    ['"email" in params.columns', 'params.columns', 'has', null, 'email'],
    ['size(params.columns) > 2', 'size(params.columns)', '>', 3, 2],
    ['params.columns.exists(c, c.matches("(?i)mail"))', 'params.columns', 'matches', 'email', '(?i)mail'],
    [
      'size(params.columns) < 50 ? params.columns.exists(c, c == "plan") : true',
      'params.columns',
      '==',
      'plan',
      'plan',
    ],
    ['!has(params.note)', 'params.note', 'missing', null, null],
    ['resource.id != "w." + params.to', 'resource.id', '!=', 'w.users', 'w.s3://elsewhere/x'],
  ])('%s', (when, path, operator, value, limit) => {
    expect(because(when)).toEqual([{ path, operator, value, limit }])
  })

  test('are those of the parts that held, numbers first', () => {
    const when = 'params.to == "x" || resource.type == "table" || params.rows > 1 || has(params.force)'

    expect(because(when)).toEqual([
      { path: 'params.rows', operator: '>', value: 250_000, limit: 1 },
      { path: 'resource.type', operator: '==', value: 'table', limit: 'table' },
    ])
  })

  test('are those that an exception missed, where that is why the rule applies', () => {
    const { verdict } = ask(
      rule('a', 'require_approval', {
        more: '  unless: params.rows <= 3 && resource.sensitivity == "public"\n',
      }),
    )

    expect(verdict.facts.because).toEqual([
      {
        rule: 'a',
        comparisons: [
          { path: 'params.rows', operator: '>', value: 5, limit: 3 },
          { path: 'resource.sensitivity', operator: '!=', value: 'restricted', limit: 'public' },
        ],
      },
    ])
  })

  test('are short, whatever is sent', () => {
    const long = { to: 'x'.repeat(5_000), columns: Array.from({ length: 900 }, (_, nth) => `mail${nth}`) }
    const found = because(
      'params.to != "a" && params.columns.all(c, c.contains("mail")) && params.columns.exists(c, c != "b")',
      long,
    )

    expect(JSON.stringify(found).length).toBeLessThan(1_000)
    expect(found).toHaveLength(4)
  })

  test('control: a rule without a condition has none, and what is allowed needs none', () => {
    expect(ask(rule('a', 'require_approval')).verdict.facts).not.toHaveProperty('because')
    expect(ask(rule('a', 'allow', { more: '  when: params.rows < 9\n' })).verdict.facts).not.toHaveProperty(
      'because',
    )
  })
})

describe('what is followed here agrees with the engine', () => {
  const conditions = [
    'params.rows > 5 && params.rows <= 10',
    '!(params.rows == 7) || params.to.contains("b")',
    'params.columns.exists(c, c.startsWith("a")) ? params.rows >= 6 : !has(params.note)',
    'params.columns.all(c, size(c) < 3) || "ab" in params.columns',
    'has(params.share) && params.share >= 0.5 || has(params.force) && params.force',
    'params.to.lowerAscii() in ["a", "b"] && !params.columns.exists(c, c.matches("^[ab]+$"))',
  ].map((when) => made(when))

  test('for any parameters: comparisons are only said of the outcome that the engine came to', () => {
    const words = fc.constantFrom('a', 'B', 'ab', 'abc', '')
    const any = fc.record(
      {
        rows: fc.integer({ min: 4, max: 11 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        to: words,
        force: fc.boolean(),
        columns: fc.array(words, { maxLength: 3 }),
        note: words,
      },
      { requiredKeys: ['rows', 'to', 'columns'] },
    )
    let said = 0
    fc.assert(
      fc.property(any, (given) => {
        for (const { bundle, condition } of conditions) {
          const { action } = asked()
          const declared = bundle.catalogue.get('act')?.params ?? 'open'
          const facts = storedFacts(evaluate(bundle, asked()).verdict.facts)
          if (facts === null) throw new Error('facts are expected')
          const bindings = bind({ ...action, params: given }, facts, { declared })
          const outcome = condition.eval(bindings)
          if (!outcome.ok) continue
          said += condition.comparisons(bindings, outcome.value === true).length
          expect(condition.comparisons(bindings, outcome.value !== true)).toEqual([])
        }
      }),
      { numRuns: cases(300) },
    )
    expect(said).toBeGreaterThan(100)
  })
})

describe('what the catalogue says of how bad it can be', () => {
  const described = (destination: string) =>
    actions.replace(
      '    effect: write\n',
      `    effect: write\n    reversible: no\n    consequence: Copies rows.\n    destination: {param: ${destination}, inside: ["s3://ours/*", "mail*"]}\n`,
    )
  const impact = (param: string, given: Record<string, Json> = {}) =>
    evaluate(
      loaded(
        bundleFiles({
          'actions.yaml': described(param),
          'rules/a.yaml': rule('a', 'allow', { match: 'actions: [act]' }),
        }),
      ),
      asked(given),
    ).verdict.facts.impact

  test('is kept with the verdict, whatever the verdict is', () => {
    expect(impact('to')).toEqual({
      reversible: 'no',
      consequence: 'Copies rows.',
      destination: { param: 'to', reach: 'outside' },
    })
    expect(impact('to', { to: 's3://ours/x' })).toMatchObject({ destination: { reach: 'inside' } })
  })

  test('counts a list as inside only where every item is', () => {
    expect(impact('columns', { columns: ['mail', 'mail2'] })).toMatchObject({
      destination: { reach: 'inside' },
    })
    expect(impact('columns', { columns: ['mail', 'x'] })).toMatchObject({ destination: { reach: 'outside' } })
    expect(impact('note')).not.toHaveProperty('destination')
  })

  test('names a parameter that there is', () => {
    expect(() => impact('nowhere')).toThrow(/`param` must be one of the parameters/)
  })

  test('control: an action of which nothing is said has nothing', () => {
    expect(ask(rule('a', 'deny'), exportUsers).verdict.facts).not.toHaveProperty('impact')
  })
})
