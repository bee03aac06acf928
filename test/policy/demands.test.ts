import { describe, expect, test } from 'vitest'
import { unsupportedAtActivation } from '../../src/policyTools/activation/unsupportedAtActivation.ts'
import { legs, rule } from './ask.ts'
import { bundleFiles, loaded, refused } from './files.ts'
import { ask, files } from './fullBundle.ts'

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
