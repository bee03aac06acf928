import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/policy/evaluate.ts'
import { ask, at, exportUsers, legs, rule } from './ask.ts'
import { bundleYaml } from './files.ts'

describe('without a rule that speaks', () => {
  test('no bundle denies everything', () => {
    const { verdict, requirement, effect } = evaluate(null, {
      action: exportUsers,
      agent: { id: 'a', name: 'b' },
      at,
    })

    expect(verdict).toMatchObject({ kind: 'deny', code: 'no_policy', rules: [], policy: null })
    expect(verdict.facts).toEqual({
      resource: { sensitivity: 'unknown', labels: {} },
      environment: 'prod',
      agent: { id: 'a', name: 'b', tags: [] },
      fired: [],
      at,
    })
    expect([requirement, effect]).toEqual([null, null])
  })

  test.each(['nope', 'constructor', '__proto__', 'toString', '', 'DB.IMPORT', 'db.exports'])(
    'the unknown action %j is denied where the bundle says so',
    (action) => {
      expect(ask(rule('all', 'allow', { match: 'actions: ["*"]' }), { action })).toMatchObject({
        verdict: { kind: 'deny', code: 'unknown_action', rules: [] },
        requirement: null,
        effect: null,
      })
    },
  )

  test('an unknown action asks with the defaults where the bundle says so, whatever its parameters', () => {
    const files = {
      'bundle.yaml': bundleYaml.replace('unknown_action: deny', 'unknown_action: require_approval'),
    }

    expect(ask('', { action: 'nope', params: { x: [] } }, files)).toMatchObject({
      verdict: { kind: 'require_approval', code: 'unknown_action' },
      requirement: { legs: [{ name: 'platform' }] },
      effect: null,
    })
  })

  test('a known action asks with the defaults', () => {
    const { verdict, requirement, effect } = ask(rule('dev', 'allow', { match: 'environments: [dev]' }))

    expect(verdict).toMatchObject({ kind: 'require_approval', code: 'unmatched', rules: [], why: [] })
    expect(requirement).toEqual({
      legs: [
        {
          name: 'platform',
          from: [{ ref: 'group:platform', kind: 'group', address: 'slack:S0PLAT' }],
          count: 1,
        },
      ],
      denyCount: 1,
      expiresInSeconds: 3_600,
      grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
      notify: { channels: ['slack:C0APPR'], remindAfterSeconds: [900] },
      reason: null,
      confirm: [],
      escalate: [],
      stepUp: false,
      breakGlass: null,
    })
    expect(effect).toBe('read')
  })

  test('a known action is denied where the bundle says so', () => {
    const files = {
      'bundle.yaml': bundleYaml.replace('known_action: require_approval', 'known_action: deny'),
    }

    expect(ask('', {}, files).verdict).toMatchObject({ kind: 'deny', code: 'unmatched' })
  })
})

describe('parameters that do not fit', () => {
  test('are denied before any rule, naming the places', () => {
    const { verdict } = ask(rule('a', 'allow'), { params: { table: 5, rows: 1.5, extra: 'secret-value' } })

    expect(verdict).toMatchObject({ kind: 'deny', code: 'invalid_request', rules: [] })
    expect(verdict.message).toMatch(/\/params\/table .*\/params\/rows .*\/params\/extra/)
    expect(verdict.message).not.toContain('secret-value')
  })

  test('control: the same rule allows the same action when they fit', () => {
    expect(ask(rule('a', 'allow')).verdict.kind).toBe('allow')
  })

  test('are told briefly, however many and however long', () => {
    const params = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`${'x'.repeat(5_000)}${n}`, n]))

    expect(ask('', { params }).verdict.message?.length).toBeLessThan(1_000)
  })
})

describe('match', () => {
  test.each([
    ['actions: [db.export]', true],
    ['actions: [db.query]', false],
    ['actions: ["db.*"]', true],
    ['actions: ["*"]', true],
    ['actions: [db.query, "*.export"]', true],
    ['environments: [prod]', true],
    ['environments: [dev, staging]', false],
    ['environments: [Prod]', false],
    ['environments: ["*"]', false],
    ['agents: [bot]', true],
    ['agents: [nightly, bot]', true],
    ['agents: [bots]', false],
    ['agents: [nightly]', false],
    ['agents: ["b*"]', true],
    ['agents: ["*t"]', true],
    ['agents: ["*"]', true],
    ['agents: ["n*t"]', false],
    ['actions: ["db.*"], agents: [bot], environments: [prod]', true],
    ['effects: [read]', true],
    ['effects: [write, admin]', false],
    ['actions: ["db.*"], environments: [prod], effects: [read]', true],
    ['actions: ["db.*"], environments: [dev], effects: [read]', false],
  ])('%s: %s', (match, expected) => {
    expect(ask(rule('a', 'deny', { match: match })).verdict.rules).toEqual(expected ? ['a'] : [])
  })
})

describe('several rules', () => {
  const all = {
    allow: rule('a', 'allow'),
    require_approval: rule('b', 'require_approval'),
    deny: rule('c', 'deny'),
  }

  test.each([
    [['allow'], 'allow', ['a']],
    [['allow', 'require_approval'], 'require_approval', ['b']],
    [['allow', 'deny'], 'deny', ['c']],
    [['require_approval', 'deny'], 'deny', ['c']],
    [['allow', 'require_approval', 'deny'], 'deny', ['c']],
  ] as const)('%j: the strictest decides: %s', (kinds, kind, rules) => {
    const { verdict } = ask(kinds.map((one) => all[one]).join(''))

    expect(verdict).toMatchObject({
      kind,
      code: 'rules',
      rules,
      why: [{ rule: rules[0], says: `About ${rules[0]}.` }],
    })
    expect(verdict.facts.fired).toEqual(
      kinds.map((one) => ({ allow: 'a', require_approval: 'b', deny: 'c' })[one]),
    )
  })

  test('that ask are joined, and each is named with its reason, sorted', () => {
    const { verdict, requirement } = ask(
      rule('z', 'require_approval', {
        more: `${legs('{name: data, from: [owner, group:data], count: 1}')}  message: Second.\n`,
      }) +
        rule('b', 'require_approval', {
          more: `${legs('{name: security, from: [group:security], count: 1}')}  message: First.\n`,
        }),
    )

    expect(verdict.rules).toEqual(['b', 'z'])
    expect(verdict.message).toBe('First. Second.')
    expect(requirement?.legs.map(({ name, count }) => ({ name, count }))).toEqual([
      { name: 'data', count: 1 },
      { name: 'security', count: 1 },
    ])
  })

  test('that together ask for too many are a denial that says so', () => {
    const rules = [
      'group:data',
      'group:platform',
      'group:security',
      'user:omar',
      'owner',
      'owner, group:data',
      'owner, group:security',
    ]
      .map((from, n) =>
        rule(`r${n}`, 'require_approval', { more: legs(`{name: l${n}, from: [${from}], count: 1}`) }),
      )
      .join('')

    expect(ask(rules)).toMatchObject({
      verdict: { kind: 'deny', code: 'unsatisfiable', message: expect.stringContaining('7 legs') },
      requirement: null,
    })
  })
})

test('the facts that were seen are kept, as the operator wrote them', () => {
  expect(ask(rule('a', 'allow')).verdict.facts).toEqual({
    resource: { sensitivity: 'restricted', owner: 'user:omar', region: 'eu', labels: { team: 'data' } },
    environment: 'prod',
    agent: { id: 'agt_1', name: 'bot', tags: [] },
    time: { now: at, hour: 15, weekday: 'tue', date: '2026-11-24', windows: [] },
    fired: ['a'],
    engine: 'bufbuild-cel/0.6.1+check/1',
    at,
  })
})

test('what the agent claims about a resource has no part in it', () => {
  const action = { resource: { type: 'table', id: 'w.users', sensitivity: 'public', owner: 'user:mallory' } }

  expect(ask('', action).verdict.facts.resource).toMatchObject({
    sensitivity: 'restricted',
    owner: 'user:omar',
  })
})
