import { describe, expect, test } from 'vitest'
import { activationAction, activationProblems, asksForActivation } from '../../src/policy/activation.ts'
import { differenceOf } from '../../src/policy/difference.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { readyToActivate, sayUnready } from '../../src/policy/ready.ts'
import { simulate } from '../../src/policy/simulate.ts'
import { bundleFiles, filesIn, loaded } from './files.ts'

const catalogue = (params: string) =>
  bundleFiles({
    'actions.yaml': `${bundleFiles().get('actions.yaml')}  policy.activate: {effect: admin, params: ${params}}\n`,
  })

describe('a bundle that judges its own replacement', () => {
  test('is one whose catalogue has the action', () => {
    expect(asksForActivation(loaded(bundleFiles()))).toBe(false)
    expect(asksForActivation(loaded(catalogue('open')))).toBe(true)
  })

  test.each([
    ['{}', /loosened is not a parameter/],
    ['{digest: string}', /base is not a parameter/],
    ['{digest: int}', /digest must be a whole number/],
  ])('with the parameters %s could never be replaced again', (params, says) => {
    const [problem] = activationProblems(loaded(catalogue(params)))

    expect(problem).toMatchObject({ code: 'activation/parameters', file: 'actions.yaml' })
    expect(problem?.message).toMatch(says)
    expect(readyToActivate(catalogue(params), () => 0)).toMatchObject({ ok: false })
  })

  test('the one that ships asks two sets of people about what the tool sends', () => {
    const shipped = loaded(filesIn('policies'))
    const action = activationAction(shipped, shipped, {
      difference: differenceOf(null, shipped),
      simulation: simulate(shipped, shipped, []),
    })

    const { verdict, requirement } = evaluate(shipped, {
      action,
      agent: { id: 'agt_1', name: 'policy-tool' },
      at: '2026-11-24T14:00:00Z',
    })

    expect(verdict).toMatchObject({ kind: 'require_approval', rules: ['policy.change'] })
    expect(requirement?.legs).toHaveLength(2)
  })
})

test('a list of more than a thousand changes says how many more there are', () => {
  const bundle = loaded(bundleFiles())
  const many = Array.from({ length: 1_500 }, (_, index) => `rule.${index}`)
  const difference = { rulesAdded: many, rulesRemoved: [], rulesChanged: [], otherChanges: [] }

  const { params } = activationAction(bundle, bundle, {
    difference,
    simulation: simulate(bundle, bundle, []),
  })

  expect(params.rules_added).toHaveLength(1_000)
  expect(params.rules_added).toContain('and 501 more')
})

describe('ready to activate', () => {
  test('is the bundle that ships', () => {
    expect(readyToActivate(filesIn('policies'), () => performance.now())).toMatchObject({ ok: true })
  })

  test('is not one whose conditions are slow, however right they are', () => {
    let now = 0
    const slowly = () => {
      now += 60
      return now
    }
    const rule = `- id: r
  description: Looks for a pattern.
  match: {actions: [db.export]}
  when: params.table.matches("^(a+)+$")
  verdict: deny
`

    const readiness = readyToActivate(bundleFiles({ 'rules/a.yaml': rule }), slowly)

    expect(readiness.ok ? [] : sayUnready(readiness)).toEqual([
      expect.stringMatching(/^rules\/a\.yaml:4 r This took 60 ms/),
    ])
  })

  test('is not one that does not load, and each problem is said', () => {
    const readiness = readyToActivate(bundleFiles({ 'rules/a.yaml': 'x: 1' }), () => 0)

    expect(readiness).toMatchObject({ ok: false, tests: null })
    expect(readiness.ok ? [] : sayUnready(readiness)).toEqual([expect.stringMatching(/^rules\/a\.yaml:1 /)])
  })
})
