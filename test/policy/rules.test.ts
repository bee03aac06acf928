import { describe, expect, test } from 'vitest'
import { rule } from './ask.ts'
import { ask, on, query } from './fullBundle.ts'

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

  test('says of what could not be evaluated that it decides nothing', () => {
    const about = 'initiator.email == "alice@acme.test"'
    const judged = ask(rule('w', 'deny', { more: `  mode: observe\n  when: ${about}\n` }))

    expect(judged.verdict.errors).toEqual([
      expect.stringMatching(/^`when` of rule w .* decides nothing, because the rule only observes/),
    ])
  })

  test('control: enforced, it denies', () => {
    expect(ask(watching.replace('observe', 'enforce')).verdict).toMatchObject({ kind: 'deny', observed: [] })
  })
})

test.each([2 ** 53, -1e300, { deep: [1e17] }])('open parameters may not hold %j', (a) => {
  expect(ask(on('allow', ''), { ...query, params: { a } }).verdict).toMatchObject({
    kind: 'deny',
    code: 'invalid_request',
  })
})
