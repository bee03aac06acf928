import { describe, expect, test } from 'vitest'
import { askOf, factsOf } from '../../src/policy/ask.ts'
import { evaluate, evaluateWithFacts } from '../../src/policy/evaluate.ts'
import { explain } from '../../src/policyTools/explain/explain.ts'
import { explanationText } from '../../src/policyTools/explain/explanationText.ts'
import { readTests } from '../../src/policyTools/tests/readTests.ts'
import { at, exportUsers, rule } from './ask.ts'
import { bundleFiles, loaded, refused } from './files.ts'

const bundleOf = (rules: string) => loaded(bundleFiles({ 'rules/a.yaml': rules }))
const verdictFor = (rules: string, agent: { readonly name: string; readonly tags?: readonly string[] }) =>
  evaluate(bundleOf(rules), { action: exportUsers, agent: { id: 'agt_1', ...agent }, at }).verdict

describe('a rule about some agents', () => {
  const byName = rule('a', 'deny', { more: '  when: agent.name == "billing"\n' })
  const byTag = rule('a', 'deny', { more: '  when: |\n    "team:data" in agent.tags\n' })

  test.each([
    [byName, { name: 'billing' }, ['a']],
    [byName, { name: 'billing-2' }, []],
    [byTag, { name: 'billing', tags: ['team:data', 'x'] }, ['a']],
    [byTag, { name: 'team:data', tags: [] }, []],
    [byTag, { name: 'billing' }, []],
  ])('goes by what the operator calls them (%#)', (rules, agent, fired) => {
    expect(verdictFor(rules, agent)).toMatchObject({ rules: fired, errors: [] })
  })

  test('is not told by an agent which one it is: its facts come from its key', () => {
    const { facts } = verdictFor(byName, { name: 'other', tags: ['x'] })

    expect(facts.agent).toEqual({ id: 'agt_1', name: 'other', tags: ['x'] })
  })

  test.each(['[Billing]', '["a**"]', '[""]', '["-x"]', '[]'])('has no agents %s in its match', (agents) => {
    const problems = refused(
      bundleFiles({ 'rules/a.yaml': rule('a', 'deny', { match: `agents: ${agents}` }) }),
    )

    expect(problems[0]).toMatchObject({ code: expect.stringMatching(/^schema\//), file: 'rules/a.yaml' })
  })

  test('of a name that was not recorded applies where that is stricter, and an allow does not', () => {
    const [{ agent: _, ...facts }, action] = [
      factsOf(null, { action: exportUsers, agent: { id: 'agt_1', name: 'x' }, at }),
      exportUsers,
    ]
    const judged = (verdict: string) =>
      evaluateWithFacts(bundleOf(rule('a', verdict, { match: 'agents: [x]' })), action, {
        ...facts,
        agent: { id: 'agt_1' },
      }).verdict.rules

    expect([judged('deny'), judged('allow')]).toEqual([['a'], []])
  })

  test('is explained: which agents it is for', () => {
    const bundle = bundleOf(rule('a', 'deny', { match: 'agents: [nightly, "batch-*"]' }))
    const ask = { action: exportUsers, agent: { id: 'agt_1', name: 'bot' }, at }
    const explained = explain(bundle, ask.action, factsOf(bundle, ask))

    expect(explained.candidates).toMatchObject([
      { applies: false, otherAgents: ['nightly', 'batch-*'], parts: [] },
    ])
    expect(explanationText(explained)).toContain('○  a  → no match: only for nightly, batch-*')
  })

  test('is asked again of what was recorded, with the name and the tags of then', () => {
    const bundle = bundleOf(byTag)
    const ask = { action: exportUsers, agent: { id: 'agt_1', name: 'bot', tags: ['team:data'] }, at }

    expect(askOf(ask.action, factsOf(bundle, ask)).agent).toMatchObject({ name: 'bot', tags: ['team:data'] })
  })
})

test('a test of the policy names its agent, and gives it no id that no agent has', () => {
  const written = (agent: string) => `apiVersion: countersign/v1
kind: PolicyTests
base: {action: db.export, resource: {type: t, id: x}, params: {table: t, rows: 1}, environment: prod, time: 2026-11-24T14:00:00Z}
tests:
  - name: one
    request: {agent: {${agent}, owner: {id: U1, email: a@b.c}}}
    expect: {verdict: require_approval}
`
  const read = (agent: string) =>
    readTests(bundleOf(rule('a', 'deny')), new Map([['tests/a.yaml', written(agent)]]))

  expect(read('name: billing, tags: [team:data]')).toMatchObject({
    problems: [],
    files: [{ tests: [{ facts: { agent: { name: 'billing', tags: ['team:data'] } } }] }],
  })
  expect(read('name: billing, id: billing').problems[0]?.message).toMatch(/agt_….*write name/)
  expect(read('id: agt_1').problems[0]?.code).toBe('schema/missing')
})
