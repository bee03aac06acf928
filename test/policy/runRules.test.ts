import { describe, expect, test } from 'vitest'
import type { Ask } from '../../src/policy/ask.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { at, exportUsers, rule } from './ask.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const windowed = `${bundleYaml}run: {window: 1h}\n`
const written = (verdict: string, conditions: string) =>
  rule('a', verdict, { more: conditions }) + rule('z', 'allow')
const files = (rules: string, bundle = windowed) =>
  bundleFiles({ 'bundle.yaml': bundle, 'rules/a.yaml': rules })
const when = (text: string) => `  when: |\n    ${text}\n`
const unless = (text: string) => `  unless: |\n    ${text}\n`
const problems = (rules: string, bundle = windowed) =>
  refused(files(rules, bundle)).map(({ code, message }) => `${code} ${message}`)
const read: NonNullable<Ask['run']> = {
  sensitivities: ['restricted', 'internal'],
  labels: ['contains=personal-data'],
}
const verdict = (rules: string, run: Ask['run'] | null) =>
  evaluate(loaded(files(rules)), {
    action: exportUsers,
    agent: { id: 'agt_1', name: 'bot' },
    ...(run && { run }),
    at,
  }).verdict

describe('a rule that goes by what the run has read', () => {
  test.each([
    when('"restricted" in run.sensitivities'),
    when('run.sensitivities.exists(s, s in ["restricted", "secret"])'),
    when('run.labels.exists(l, l.startsWith("contains="))'),
    when('params.rows > 3 && ("secret" in run.sensitivities || "restricted" in run.sensitivities)'),
    when('params.rows > 3 ? "restricted" in run.sensitivities : false'),
    when('!(!("restricted" in run.sensitivities))'),
    unless('!("restricted" in run.sensitivities)'),
    unless('params.rows > 100 || !run.labels.exists(l, l == "contains=personal-data")'),
  ])('asks once it has, and not before: %j', (condition) => {
    const rules = written('require_approval', condition)

    expect(verdict(rules, read)).toMatchObject({ kind: 'require_approval', rules: ['a'] })
    expect(verdict(rules, { sensitivities: [], labels: [] }).kind).toBe('allow')
    expect(verdict(written('deny', condition), read).kind).toBe('deny')
  })

  test('asks where nothing is known of the run, and says so', () => {
    const unknown = verdict(written('require_approval', when('"restricted" in run.sensitivities')), null)

    expect(unknown).toMatchObject({ kind: 'require_approval', rules: ['a'] })
    expect(unknown.errors).toEqual([expect.stringContaining('`when` of rule a could not be evaluated')])
  })

  test('knows which actions have to be looked up', () => {
    const rules = written('require_approval', when('"restricted" in run.sensitivities'))

    expect(loaded(files(rules)).run).toEqual({ windowSeconds: 3_600, actions: new Set(['db.export']) })
    expect(loaded(files(rule('z', 'allow'))).run?.actions.size).toBe(0)
    expect(loaded(files(rule('z', 'allow'), bundleYaml)).run).toBeNull()
  })
})

describe('facts of the run only tighten: refused is', () => {
  test.each([when('"restricted" in run.sensitivities'), unless('"restricted" in run.sensitivities')])(
    'an allow that needs one, with the reason: %j',
    (condition) => {
      expect(problems(written('allow', condition))).toEqual([
        expect.stringMatching(/^run\/loosens What the run has read cannot make a rule allow/),
      ])
    },
  )

  test.each([
    when('!("restricted" in run.sensitivities)'),
    when('size(run.sensitivities) == 0'),
    when('size(run.labels) > 0'),
    when('run.sensitivities.all(s, s == "public")'),
    when('run.sensitivities.exists_one(s, s == "public")'),
    when('run.sensitivities == ["public"]'),
    when('"restricted" in run.sensitivities ? params.rows > 3 : true'),
    when('params.rows > 3 && !run.labels.exists(l, l == "a=b")'),
    when('run.labels.exists(l, "restricted" in run.sensitivities) && !("secret" in run.sensitivities)'),
    unless('"restricted" in run.sensitivities'),
    unless('params.rows > 3 && "restricted" in run.sensitivities'),
  ])('a condition that could come to apply to less: %j', (condition) => {
    for (const one of ['require_approval', 'deny'])
      expect(problems(written(one, condition))).toEqual([
        expect.stringMatching(/^run\/loosens This could apply/),
      ])
  })

  test('what opens an emergency path, or is typed', () => {
    const path =
      '  break_glass: {who: [group:data], reason: {min_length: 9}, grant: {ttl: 5m}, notify: [group:security], review_within: 1d, when: \'"secret" in run.sensitivities\'}\n'
    expect(problems(written('require_approval', path))).toEqual([
      expect.stringMatching(/^run\/loosens .*only be asked for in `when` and `unless`/),
    ])
    const typed = `  require: {confirm: {type: typed, value: '"secret" in run.sensitivities ? "a" : "b"'}}\n`
    expect(problems(written('require_approval', typed))).toEqual([expect.stringMatching(/^run\/loosens/)])
  })

  test('a rule for which nothing says how long a read counts', () => {
    const rules = written('require_approval', when('"restricted" in run.sensitivities'))

    expect(problems(rules, bundleYaml)).toEqual([
      expect.stringMatching(/^run\/no-window .*run: \{window: 1h\}/),
    ])
    expect(problems(rules, `${bundleYaml}run: {window: 2d}\n`)).toEqual([
      expect.stringContaining('must be at most 1d'),
    ])
  })

  test('a text that no sensitivity is', () => {
    expect(problems(written('deny', when('"restrictd" in run.sensitivities')))).toEqual([
      expect.stringMatching(/^cel\/unknown-value .*restricted/),
    ])
  })
})
