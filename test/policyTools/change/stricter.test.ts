import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { differences, outcomeOf } from '../../../src/policyTools/simulation/stricter.ts'
import { bundleFiles, testBundle } from '../../support/testBundle.ts'

const lone = (path: string) => `
- id: lone
  description: One person alone.
  match: {actions: [db.export]}
  verdict: deny
  ${path}
`
const withRule = (rule: string) => testBundle({ ...bundleFiles, 'rules/lone.yaml': rule })
const judged = (bundle: ReturnType<typeof testBundle>, action = 'db.export') =>
  evaluate(bundle, {
    action: {
      action,
      resource: { type: 'table', id: 'warehouse.users' },
      params: {},
      environment: 'prod',
    },
    agent: { id: 'agt_1', name: 'bot' },
    at: '2026-11-24T14:00:00.000Z',
  })
const outcome = (rule: string) => outcomeOf(differences(judged(testBundle()), judged(withRule(rule))))

describe('a denial in place of people who were asked', () => {
  test('is stricter when nobody can lift it', () => {
    expect(outcome(lone('override: never'))).toBe('tightened')
  })

  test('is looser when one person can lift it alone', () => {
    const path = `override: break_glass
  break_glass: {who: [user:bob], reason: {min_length: 10}, notify: [channel:approvals], review_within: 24h, grant: {ttl: 3m, uses: 1}}`
    expect(outcome(lone(path))).toBe('loosened')
  })
})

test('what ran by itself is judged more strictly by a denial, also by one that one person can lift', () => {
  const free = '- {id: lone, description: Free., match: {actions: [repo.read]}, verdict: allow}\n'
  const lifted = `- id: lone
  description: One person alone.
  match: {actions: [repo.read]}
  verdict: deny
  override: break_glass
  break_glass: {who: [user:bob], reason: {min_length: 10}, notify: [channel:approvals], review_within: 24h, grant: {ttl: 3m, uses: 1}}
`

  expect(
    outcomeOf(differences(judged(withRule(free), 'repo.read'), judged(withRule(lifted), 'repo.read'))),
  ).toBe('tightened')
})

test('a name that leads to other people is told with where it leads', () => {
  const bundleYaml = (bundleFiles['bundle.yaml'] ?? '').replace('S0SECURITY', 'S0ELSE')
  const changes = differences(
    judged(testBundle()),
    judged(testBundle({ ...bundleFiles, 'bundle.yaml': bundleYaml })),
  )

  expect(changes.find(({ field }) => field === 'approvals')).toMatchObject({
    from: expect.stringContaining('group:security (slack:S0SECURITY)'),
    to: expect.stringContaining('group:security (slack:S0ELSE)'),
    effect: 'loosened',
  })
})
