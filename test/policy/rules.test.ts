import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import type { Ask } from '../../src/policy/ask.ts'
import { askOf } from '../../src/policy/ask.ts'
import { type Evaluation, evaluate, evaluateWithFacts } from '../../src/policy/evaluate.ts'
import { storedFacts } from '../../src/policy/facts.ts'
import { unsupportedAtActivation } from '../../src/policy/unsupportedAtActivation.ts'
import { at, exportUsers, legs, rule } from './ask.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const breakGlassDefaults = `  break_glass:
    who: [group:platform, group:security]
    reason: {min_length: 30, pattern: '^INC-[0-9]+'}
    grant: {ttl: 15m}
    notify: [channel:security, group:security]
    review_within: 24h
`
const files = {
  'bundle.yaml': `${bundleYaml.replace('floor:\n', `${breakGlassDefaults}floor:\n`)}windows: {night: {from: "22:00", to: "06:00"}}\n`,
}
const query: Partial<Action> = { action: 'db.query', params: { a: 'text' } }
const on = (verdict: string, more: string, id = 'a') =>
  rule(id, verdict, { match: 'actions: [db.query]', more })
const given: Omit<Ask, 'action'> = { agent: { id: 'agt_1', name: 'bot' }, at }

function ask(rules: string, action: Partial<Action> = {}, how: Partial<Ask> = {}): Evaluation {
  const bundle = loaded(bundleFiles({ ...files, 'rules/a.yaml': rules }))
  return evaluate(bundle, { ...given, ...how, action: { ...exportUsers, ...action } })
}

describe('a rule applies when its condition holds', () => {
  test.each([
    ['  when: params.rows > 4\n', true],
    ['  when: params.rows > 5\n', false],
    ['  unless: params.rows > 4\n', false],
    ['  unless: params.rows > 5\n', true],
    ['  when: params.rows > 4\n  unless: params.table == "users"\n', false],
    ['  when: |\n    resource.sensitivity == "unknown"\n', true],
    ['  when: |\n    "night" in time.windows\n', false],
  ])('%j: %s', (more, applies) => {
    expect(ask(rule('a', 'deny', { more })).verdict.rules).toEqual(applies ? ['a'] : [])
  })
})

describe('what cannot be evaluated', () => {
  const fails = 'has(params.a) && params.a > 5'

  test.each([
    ['deny', 'when', true],
    ['deny', 'unless', true],
    ['require_approval', 'when', true],
    ['require_approval', 'unless', true],
    ['allow', 'when', false],
    ['allow', 'unless', false],
  ])('counts the stricter way: %s, %s', (verdict, where, applies) => {
    const judged = ask(on(verdict, `  ${where}: ${fails}\n`), query)

    expect(judged.verdict.rules).toEqual(applies ? ['a'] : [])
    expect(judged.verdict.errors).toEqual([
      expect.stringMatching(
        new RegExp(`^\`${where}\` of rule a could not be evaluated and counts as (true|false) `),
      ),
    ])
  })

  test.each(['deny', 'require_approval', 'allow'])('control: %s with a value that fits', (verdict) => {
    const judged = ask(on(verdict, `  when: ${fails}\n`), { ...query, params: { a: 6 } })

    expect(judged.verdict).toMatchObject({ kind: verdict, rules: ['a'], errors: [] })
  })

  test('does not stop other rules', () => {
    const rules = on('allow', `  when: ${fails}\n`) + on('deny', '  when: has(params.a)\n', 'b')

    expect(ask(rules, query).verdict).toMatchObject({ kind: 'deny', rules: ['b'] })
  })

  test('is unknown people too: a rule about them that asks applies, one that allows does not', () => {
    const about = 'initiator.email == "alice@acme.test"'

    expect(ask(rule('a', 'deny', { more: `  when: ${about}\n` })).verdict.rules).toEqual(['a'])
    expect(ask(rule('a', 'allow', { more: `  when: ${about}\n` })).verdict.rules).toEqual([])
    const initiator = { id: 'per_1', email: 'alice@acme.test', kind: 'human' } as const
    expect(ask(rule('a', 'allow', { more: `  when: ${about}\n` }), {}, { initiator }).verdict.rules).toEqual([
      'a',
    ])
  })
})

describe('a rule that only watches', () => {
  const watching = rule('w', 'deny', { more: '  mode: observe\n  when: params.rows > 4\n' })

  test('is recorded and has no effect', () => {
    expect(ask(watching + rule('a', 'allow')).verdict).toMatchObject({
      kind: 'allow',
      rules: ['a'],
      observed: ['w'],
    })
    expect(ask(watching).verdict).toMatchObject({ code: 'unmatched', observed: ['w'], facts: { fired: [] } })
  })

  test('control: enforced, it denies', () => {
    expect(ask(watching.replace('observe', 'enforce')).verdict).toMatchObject({ kind: 'deny', observed: [] })
  })
})

describe('what an approver has to do', () => {
  const reason = (more: string, id: string) =>
    rule(id, 'require_approval', { more: `  require: {${more}}\n` })

  test('the longest reason, every pattern, every text, the proof, and each once', () => {
    const rules =
      reason("reason: {min_length: 20, pattern: '^CHG'}, confirm: {type: typed, value: params.table}", 'a') +
      reason('reason: {min_length: 40}, confirm: {type: typed, value: params.table}, step_up: passkey', 'b') +
      reason("reason: {pattern: 'x'}, confirm: {type: typed, value: resource.id}", 'c')

    expect(ask(rules).requirement).toMatchObject({
      reason: { minLength: 40, patterns: ['^CHG', 'x'] },
      confirm: ['users', 'w.users'],
      stepUp: true,
    })
  })

  test.each([['   '], ['x'.repeat(201)]])(
    'a text nobody can type is replaced by the name of the action',
    (table) => {
      const judged = ask(reason('confirm: {type: typed, value: params.table}', 'a'), {
        params: { table, rows: 5 },
      })

      expect(judged.requirement?.confirm).toEqual(['db.export'])
      expect(judged.verdict.errors).toHaveLength(1)
    },
  )

  test('what a person has to do cannot be activated without a way to do it', () => {
    const bundle = (more: string) =>
      loaded(bundleFiles({ ...files, 'rules/a.yaml': rule('a', 'require_approval', { more }) }))

    expect(unsupportedAtActivation(bundle('  require: {step_up: passkey}\n'))).toMatchObject([
      { file: 'rules/a.yaml', line: 1, rule: 'a', code: 'activation/unsupported' },
    ])
    expect(unsupportedAtActivation(bundle('  break_glass: {step_up: passkey}\n'))).toHaveLength(1)
    expect(unsupportedAtActivation(bundle('  require: {reason: {min_length: 5}}\n'))).toEqual([])
  })
})

describe('an escalation', () => {
  const escalating = (id: string, who: string, escalate: string) =>
    rule(id, 'require_approval', {
      more: `${legs(`{name: ${who}, from: [group:${who}], count: 1}`)}  notify: {escalate: [${escalate}]}\n`,
    })
  const told = (rules: string) =>
    ask(rules).requirement?.escalate.map(
      ({ afterSeconds, to, legs }) => `${afterSeconds} ${to.ref} ${legs.join('+')}`,
    )

  test('opens the legs of its rule, and only those', () => {
    const rules =
      escalating('a', 'data', '{after: 10m, to: group:platform}') + escalating('b', 'security', '')

    expect(told(rules)).toEqual(['600 group:platform data'])
  })

  test('cannot widen a leg that another rule asks without it, or asks later', () => {
    const first = escalating('a', 'data', '{after: 10m, to: group:platform}')

    expect(told(first + escalating('b', 'data', ''))).toEqual(['600 group:platform '])
    expect(told(first + escalating('b', 'data', '{after: 20m, to: group:platform}'))).toEqual([
      '600 group:platform ',
      '1200 group:platform data',
    ])
  })

  test('after the joined expiry is dropped', () => {
    const short = rule('b', 'require_approval', { more: '  require: {expires_in: 5m}\n' })

    expect(told(escalating('a', 'data', '{after: 10m, to: group:platform}') + short)).toEqual([])
  })

  test('to somebody undeclared is refused', () => {
    const undeclared = escalating('a', 'data', '{after: 10m, to: group:nobody}')

    expect(refused(bundleFiles({ 'rules/a.yaml': undeclared }))).toMatchObject([
      { code: 'directory/unknown' },
    ])
  })
})

describe('the emergency path', () => {
  const denial = (id: string, more = '  override: break_glass\n') => rule(id, 'deny', { more })
  const asking = (id: string, more = '  break_glass: {}\n') => rule(id, 'require_approval', { more })

  test('of a denial comes from the defaults, with addresses', () => {
    const { verdict, requirement } = ask(denial('a'))

    expect(requirement).toBeNull()
    expect(verdict).toMatchObject({ kind: 'deny', rules: ['a'] })
    expect(verdict.breakGlass).toEqual({
      who: [
        { ref: 'group:platform', kind: 'group', address: 'slack:S0PLAT' },
        { ref: 'group:security', kind: 'group', address: 'slack:S0SEC' },
      ],
      reason: { minLength: 30, patterns: ['^INC-[0-9]+'] },
      stepUp: false,
      grant: { ttlSeconds: 900, uses: 1 },
      notify: ['slack:C0SEC', 'slack:S0SEC'],
      reviewWithinSeconds: 86_400,
    })
  })

  test.each(['', '  override: never\n'])('is not there for a denial with %j', (more) => {
    expect(ask(denial('a', more)).verdict.breakGlass).toBeNull()
  })

  test('is there only if every rule that decides offers it', () => {
    expect(ask(denial('a') + denial('b')).verdict.breakGlass).not.toBeNull()
    expect(ask(denial('a') + denial('b', '')).verdict.breakGlass).toBeNull()
    expect(ask(asking('a') + asking('b')).requirement?.breakGlass).not.toBeNull()
    expect(ask(asking('a') + asking('b', '')).requirement?.breakGlass).toBeNull()
    expect(ask(asking('a') + asking('b', '') + denial('c')).verdict.breakGlass).not.toBeNull()
  })

  test('is as strict as the strictest: people of all, the longest reason, the shortest times', () => {
    const own =
      '  break_glass: {who: [group:security, group:data], reason: {min_length: 50}, grant: {ttl: 1h}, review_within: 1h}\n'

    expect(ask(asking('a') + asking('b', own)).requirement?.breakGlass).toMatchObject({
      who: [{ ref: 'group:security' }],
      reason: { minLength: 50, patterns: ['^INC-[0-9]+'] },
      grant: { ttlSeconds: 900 },
      reviewWithinSeconds: 3_600,
    })
    expect(
      ask(asking('a') + asking('b', '  break_glass: {who: [group:data]}\n')).requirement?.breakGlass,
    ).toBeNull()
  })

  test.each([
    ['params.rows > 4', true],
    ['params.rows > 5', false],
  ])('is offered only when %s', (when, offered) => {
    const { requirement } = ask(asking('a', `  break_glass: {when: "${when}"}\n`))

    expect(requirement?.breakGlass !== null).toBe(offered)
  })

  test('is not offered when its condition cannot be evaluated', () => {
    const judged = ask(
      on('deny', '  override: break_glass\n  break_glass: {when: has(params.a) && params.a > 5}\n'),
      query,
    )

    expect(judged.verdict.breakGlass).toBeNull()
    expect(judged.verdict.errors).toEqual([expect.stringContaining('break_glass.when')])
  })

  test('does not lead past the floor', () => {
    const role = { action: 'iam.role.update', params: { role: 'r' } }
    const rules =
      rule('a', 'allow', { match: 'effects: [admin]' }) +
      rule('b', 'require_approval', { match: 'effects: [admin]', more: '  break_glass: {}\n' })

    expect(ask(rules, role).requirement).toMatchObject({ breakGlass: null })
  })

  test.each([
    [asking('a', '  override: break_glass\n'), 'rule/needless'],
    [rule('a', 'allow', { more: '  break_glass: {}\n' }), 'rule/needless'],
    [denial('a', '  break_glass: {}\n'), 'rule/needless'],
    [denial('a', '  override: never\n  break_glass: {}\n'), 'rule/needless'],
  ])('where it could never be used is refused: %j', (rules, code) => {
    expect(refused(bundleFiles({ ...files, 'rules/a.yaml': rules }))).toMatchObject([{ code }])
  })
})

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

test.each([2 ** 53, -1e300, { deep: [1e17] }])('open parameters may not hold %j', (a) => {
  expect(ask(on('allow', ''), { ...query, params: { a } }).verdict).toMatchObject({
    kind: 'deny',
    code: 'invalid_request',
  })
})
