import { describe, expect, test } from 'vitest'
import { rule } from './ask.ts'
import { bundleFiles, refused } from './files.ts'
import { ask, files, on, query } from './fullBundle.ts'

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
      reason: {
        minLength: 30,
        patterns: ['^INC-[0-9]+'],
        hints: ['Begin with the number of the incident, as in INC-42.'],
      },
      stepUp: false,
      grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
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
      '  break_glass: {who: [group:security, group:data], reason: {min_length: 50}, grant: {ttl: 5m}, review_within: 1h}\n'

    expect(ask(asking('a') + asking('b', own)).requirement?.breakGlass).toMatchObject({
      who: [{ ref: 'group:security' }],
      reason: { minLength: 50, patterns: ['^INC-[0-9]+'] },
      grant: { ttlSeconds: 180 },
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
