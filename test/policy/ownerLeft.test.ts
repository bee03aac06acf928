import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/policy/evaluate.ts'
import { storedFacts } from '../../src/policy/facts.ts'
import { loosened } from '../../src/policyTools/difference/loosened.ts'
import { explain } from '../../src/policyTools/explain/explain.ts'
import { runTests } from '../../src/policyTools/tests/runTests.ts'
import { at, exportUsers, legs, role, rule } from './ask.ts'
import { bundleFiles, bundleYaml, loaded } from './files.ts'

const denies = bundleYaml.replace('  expires_in: 1h', '  owner_left: deny\n  expires_in: 1h')
const asks = bundleYaml.replace('  expires_in: 1h', '  owner_left: ask\n  expires_in: 1h')
const owner = { id: 'per_lee', email: 'lee@acme.test' }
const gone = { ...owner, left: true } as const
const bundleOf = (rules: string, bundle = bundleYaml) =>
  loaded(bundleFiles({ 'bundle.yaml': bundle, 'rules/a.yaml': rules }))
const judged = (bundle: ReturnType<typeof bundleOf>, who: typeof owner | typeof gone, action = exportUsers) =>
  evaluate(bundle, { action, agent: { id: 'agt_1', name: 'bot', owner: who }, at })
const allow = rule('all', 'allow')

describe('owner-left: what a rule allows while the owner of the agent has left', () => {
  test.each([
    ['says nothing', bundleYaml],
    ['says ask', asks],
  ])('is asked about, with the defaults, where the bundle %s', (_what, bundle) => {
    const { verdict, requirement } = judged(bundleOf(allow, bundle), gone)

    expect(verdict).toMatchObject({ kind: 'require_approval', code: 'owner_left', rules: [] })
    expect(verdict.message).toContain('The owner of this agent has left')
    expect(verdict.facts).toMatchObject({ fired: ['all'], agent: { owner: { left: true } } })
    expect(requirement?.legs).toMatchObject([{ name: 'platform', count: 1 }])
  })

  test('is denied where the bundle says deny', () => {
    const { verdict, requirement } = judged(bundleOf(allow, denies), gone)

    expect(verdict).toMatchObject({ kind: 'deny', code: 'owner_left', breakGlass: null })
    expect(requirement).toBeNull()
  })

  test.each([
    ['without', bundleYaml],
    ['with', denies],
  ])('control: is allowed while the owner is there, %s the setting', (_what, bundle) => {
    const { verdict } = judged(bundleOf(allow, bundle), owner)

    expect(verdict).toMatchObject({ kind: 'allow', code: 'rules', rules: ['all'] })
    expect(verdict.facts.agent).toEqual({ id: 'agt_1', name: 'bot', tags: [], owner })
  })

  test('what asks or denies anyway stays as it is', () => {
    const security = legs('{name: security, from: [group:security], count: 2}')
    const asking = bundleOf(allow + rule('ask', 'require_approval', { more: security }), denies)

    expect(judged(asking, gone)).toMatchObject({
      verdict: { kind: 'require_approval', code: 'rules', rules: ['ask'] },
      requirement: { legs: [{ name: 'security', count: 2 }] },
    })
    expect(judged(bundleOf(allow + rule('no', 'deny')), gone).verdict).toMatchObject({
      kind: 'deny',
      rules: ['no'],
    })
    expect(
      judged(bundleOf(''.concat(rule('other', 'allow', { match: 'actions: [s3.copy]' }))), gone).verdict.code,
    ).toBe('unmatched')
  })

  test('is said first, also where the floor would ask', () => {
    const bundle = bundleOf(rule('all', 'allow', { match: 'actions: [iam.role.update]' }), denies)

    expect(judged(bundle, gone, role).verdict).toMatchObject({ kind: 'deny', code: 'owner_left' })
    expect(judged(bundle, owner, role).verdict).toMatchObject({ kind: 'require_approval', code: 'floor' })
  })

  test('is kept with the verdict, explained by the defaults, and said again by the same bundle', () => {
    const bundle = bundleOf(allow)
    const recorded = judged(bundle, gone)
    const facts = storedFacts(JSON.parse(JSON.stringify(recorded.verdict.facts)))
    if (!facts) throw new Error('the facts are in our form')

    const again = explain(bundle, exportUsers, facts)
    expect(again.evaluation).toEqual(recorded)
    expect(again.asking?.legs).toMatchObject([{ by: ['defaults'] }])
  })

  test('can be tried in a test of the policy', () => {
    const request = (left: string) => `    request:
      action: db.export
      params: {table: users, rows: 5}
      environment: prod
      resource: {type: table, id: x}
      agent: {name: bot, owner: {id: U9, email: lee@acme.test${left}}}
      time: 2026-11-24T14:00:00+01:00
`
    const files = new Map([
      ...bundleFiles({ 'rules/a.yaml': allow }),
      [
        'tests/a.yaml',
        `apiVersion: countersign/v1
kind: PolicyTests
tests:
  - name: left
${request(', left: true')}    expect: {verdict: require_approval, code: owner_left}
  - name: there
${request('')}    expect: {verdict: allow}
`,
      ],
    ])

    const { files: read, problems } = runTests(loaded(files), files)
    expect(problems).toEqual([])
    expect(read.flatMap(({ results }) => results.flatMap(({ differences }) => differences))).toEqual([])
  })

  test('asking instead of denying is told as loosened', () => {
    const [strict, weak] = [bundleOf(allow, denies), bundleOf(allow)]
    const said = (base: typeof strict, head: typeof strict) =>
      loosened(base, head)
        .map(({ message }) => message)
        .join('\n')

    expect(said(strict, weak)).toContain('while the owner of the agent has left')
    expect(said(weak, strict)).not.toContain('while the owner of the agent has left')
  })
})
