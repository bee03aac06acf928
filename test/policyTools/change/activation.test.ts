import { describe, expect, test } from 'vitest'
import { sqlHere } from '../../../src/parsing/here.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { asksForActivation } from '../../../src/policy/policyAction.ts'
import {
  activationAction,
  activationProblems,
  changeAsked,
} from '../../../src/policyTools/activation/activation.ts'
import { readyToActivate, sayUnready } from '../../../src/policyTools/activation/ready.ts'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { simulate } from '../../../src/policyTools/simulation/simulate.ts'
import { firstTest } from '../../../src/policyTools/tests/firstTest.ts'
import { runTests } from '../../../src/policyTools/tests/runTests.ts'
import { bundleFiles, filesIn, loaded } from '../../policy/files.ts'

const files = { base: 'sha256:1', head: 'sha256:2' } as const
const untouched = { added: [], removed: [], changed: [] }
const tested = (changes: Readonly<Record<string, string>>) => {
  const files = bundleFiles(changes)
  return new Map([...files, ['tests/a.yaml', firstTest(loaded(files))]])
}

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
    expect(readyToActivate(catalogue(params))).toMatchObject({ ok: false })
  })

  test('the one that ships asks two sets of people about what the tool sends', () => {
    const shipped = loaded(filesIn('policies'))
    const action = activationAction(shipped, shipped, {
      difference: differenceOf(null, shipped),
      tests: untouched,
      files,
      simulation: simulate(shipped, shipped, []),
      recorded: 0,
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

const deny = `- id: r
  description: Exports are refused.
  match: {actions: [db.export]}
  verdict: deny
`
const allow = '- {id: guard, description: Free., match: {actions: [policy.activate]}, verdict: allow}\n'
const weakened = { added: ['a'], removed: ['b'], changed: ['c'] }

describe('what changed in the tests', () => {
  const asking = (params: string, when = 'true') =>
    loaded(
      new Map([
        ...catalogue(params),
        [
          'rules/a.yaml',
          `- {id: guard, description: Somebody agrees., match: {actions: [policy.activate]}, when: '${when}', verdict: require_approval}\n`,
        ],
      ]),
    )
  const before =
    'digest: string, base: string, files: string, base_files: string, loosened: int, tightened: int, unchanged: int, rules_added: {list: string}, rules_removed: {list: string}, rules_changed: {list: string}, other_changes: {list: string}, summary: string'
  const now = `${before}, tests_added: {list: string}, tests_removed: {list: string}, tests_changed: {list: string}`
  const params = (base: ReturnType<typeof asking>) =>
    activationAction(base, base, {
      difference: differenceOf(base, base),
      tests: weakened,
      files,
      simulation: simulate(base, base, []),
      recorded: 0,
    }).params

  test('is sent to a bundle that takes it, and stands in the summary for every one', () => {
    expect(params(asking(`{${now}}`))).toMatchObject({
      tests_added: ['a'],
      tests_removed: ['b'],
      tests_changed: ['c'],
      summary: expect.stringContaining('Tests of the policy: 1 added; 1 changed: “c”; 1 REMOVED: “b”.'),
    })
    expect(params(asking('open'))).toHaveProperty('tests_removed')
    expect(params(asking(`{${before}}`))).toMatchObject({ summary: expect.stringContaining('1 REMOVED') })
  })

  test('does not lock a bundle from before it was told', () => {
    const old = asking(`{${before}}`)

    expect(activationProblems(old)).toEqual([])
    expect(params(old)).not.toHaveProperty('tests_removed')
  })

  test('cannot hide a weaker guard by no longer taking it', () => {
    const base = asking(`{${now}}`)
    const head = loaded(new Map([...catalogue(`{${before}}`), ['rules/a.yaml', allow]]))
    const at = '2026-11-24T14:00:00Z'

    const simulation = simulate(base, head, [])
    const change = changeAsked(base, head, { simulation, recorded: 0, tests: weakened, files, at })

    expect(simulate(base, head, change ? [change] : [])).toMatchObject({ replayed: 1, loosened: 1 })
  })
})

test('a list of more than a thousand changes says how many more there are', () => {
  const bundle = loaded(bundleFiles())
  const many = Array.from({ length: 1_500 }, (_, index) => `rule.${index}`)
  const difference = { rulesAdded: many, rulesRemoved: [], rulesChanged: [], otherChanges: [] }

  const { params } = activationAction(bundle, bundle, {
    difference,
    tests: untouched,
    files,
    simulation: simulate(bundle, bundle, []),
    recorded: 0,
  })

  expect(params.rules_added).toHaveLength(1_000)
  expect(params.rules_added).toContain('and 501 more')
})

describe('ready to activate', () => {
  test('is the bundle that ships', async () => {
    expect(readyToActivate(filesIn('policies'), await sqlHere())).toMatchObject({ ok: true })
  })

  test('is not one whose conditions are slow, however right they are', () => {
    const rule = `- id: r
  description: Looks at every piece.
  match: {actions: [db.export]}
  when: params.table.split(",").exists(t, params.table.contains(t))
  verdict: deny
`

    const readiness = readyToActivate(tested({ 'rules/a.yaml': rule }))

    expect(readiness.ok ? [] : sayUnready(readiness)).toEqual([
      expect.stringMatching(/^rules\/a\.yaml:4:9 cel\/slow in r: This can take [\d.]+ million steps/),
    ])
  })

  test.each([
    ['with rules', { 'rules/a.yaml': deny }],
    ['without any rule', {}],
  ])(
    'is not one without tests, %s; control: with the test it is given to begin with, it is',
    (_, changes) => {
      const without = readyToActivate(bundleFiles(changes))

      expect(without.ok ? [] : sayUnready(without)).toEqual([
        expect.stringMatching(/has no tests.*put one into tests\/first\.yaml/),
      ])
      expect(readyToActivate(tested(changes))).toMatchObject({ ok: true })
    },
  )

  test('is not one without tests for whoever only runs the tests either', () => {
    const files = bundleFiles({ 'rules/a.yaml': deny })

    expect(runTests(loaded(files), files)).toMatchObject({ ok: false, passed: 0, failed: 0, problems: [] })
  })

  test('is not one that does not load, and each problem is said', () => {
    const readiness = readyToActivate(bundleFiles({ 'rules/a.yaml': 'x: 1' }))

    expect(readiness).toMatchObject({ ok: false, tests: null })
    expect(readiness.ok ? [] : sayUnready(readiness)).toEqual([
      expect.stringMatching(/^rules\/a\.yaml:1:1 schema\/type: /),
    ])
  })
})
