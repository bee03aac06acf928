import { describe, expect, test } from 'vitest'
import { type Ask, askOf } from '../../src/policy/ask.ts'
import { evaluate, evaluateWithFacts } from '../../src/policy/evaluate.ts'
import { storedFacts } from '../../src/policy/facts.ts'
import { at, exportUsers, rule } from './ask.ts'
import { bundleFiles, loaded } from './files.ts'
import { files } from './fullBundle.ts'

describe('stored facts', () => {
  const rules =
    rule('a', 'require_approval', {
      more: '  when: has(agent.model) && agent.model == "m" && time.hour < 20\n',
    }) +
    rule('b', 'allow', { more: '  unless: has(request.reason) && request.reason.contains("x")\n' }) +
    rule('c', 'deny', { more: '  when: initiator.kind == "schedule"\n' })
  const asked: Ask = {
    action: exportUsers,
    agent: {
      id: 'agt_1',
      name: 'bot',
      model: 'm',
      owner: { id: 'per_1', email: 'lee@acme.test', groups: ['eng'] },
    },
    initiator: { id: 'per_2', email: null, groups: null, kind: 'human' },
    request: { reason: 'y', source: 'mcp' },
    at,
  }
  const bundle = loaded(bundleFiles({ ...files, 'rules/a.yaml': rules }))

  test('give the recorded result again, also after they have been JSON', () => {
    const recorded = evaluate(bundle, asked)
    const facts = storedFacts(JSON.parse(JSON.stringify(recorded.verdict.facts)))

    expect(recorded.verdict).toMatchObject({
      kind: 'require_approval',
      rules: ['a'],
      facts: { fired: ['a', 'b'] },
    })
    expect(facts && evaluateWithFacts(bundle, exportUsers, facts)).toEqual(recorded)
    expect(facts && evaluate(bundle, askOf(exportUsers, facts))).toEqual(recorded)
  })

  test('hold everything that was seen, and leave out what is not known', () => {
    expect(evaluate(bundle, asked).verdict.facts).toMatchObject({
      agent: { id: 'agt_1', model: 'm', owner: { id: 'per_1', email: 'lee@acme.test', groups: ['eng'] } },
      initiator: { id: 'per_2', kind: 'human' },
      request: { reason: 'y', source: 'mcp' },
      time: { now: at, hour: 15, weekday: 'tue', date: '2026-11-24', windows: [] },
    })
  })

  test('in another form say nothing', () => {
    expect(storedFacts({ fired: [] })).toBeNull()
    expect(storedFacts({ ...evaluate(bundle, asked).verdict.facts, time: { hour: 'x' } })).toBeNull()
  })
})
