import { describe, expect, test } from 'vitest'
import { lintFiles } from '../../src/policyTools/lint/lintBundle.ts'
import { actionsYaml, bundleFiles, loaded, refused } from './files.ts'

const actions = `${actionsYaml}  infra.do: {effect: write, params: {plan: {type: string?, reads: terraform_plan}, where: {type: string, reads: path}}}
  k8s.do: {effect: write, params: {manifest: {type: string, reads: kubernetes, verb: apply}}}
`
const files = (rules: string) => bundleFiles({ 'actions.yaml': actions, 'rules/text.yaml': rules })
const rule = (conditions: string, verdict = 'allow', action = 'infra.do') => `
- id: text.rule
  description: What is harmless is automatic.
  match: {actions: [${action}]}
${conditions}
  verdict: ${verdict}
`
const when = (text: string) => `  when: ${JSON.stringify(text)}`

describe('a rule that allows', () => {
  const cases = [
    ['by a fact of a plan', when('read.plan.understood && read.plan.destroys == 0'), 'infra.do'],
    ['by not having understood one', when('!read.plan.understood'), 'infra.do'],
    [
      'by a fact among others',
      when('environment == "dev" && (read.plan.understood || has(params.plan))'),
      'infra.do',
    ],
    [
      'unless a plan destroys',
      `  unless: ${JSON.stringify('read.plan.understood && read.plan.destroys > 0')}`,
      'infra.do',
    ],
    [
      'by a fact of manifests',
      when('read.manifest.understood && read.manifest.kinds.all(k, k == "ConfigMap")'),
      'k8s.do',
    ],
    [
      'by an object of a manifest',
      when('read.manifest.understood && read.manifest.objects.exists(o, o.kind == "Pod")'),
      'k8s.do',
    ],
    ['by a choice', when('read.plan.understood ? read.plan.creates < 2 : false'), 'infra.do'],
    ['while it only observes', `${when('read.plan.understood')}\n  mode: observe`, 'infra.do'],
  ] as const

  test.each(cases)('%s is refused, with the place and what to do', (_, conditions, action) => {
    const [problem, ...others] = refused(files(rule(conditions, 'allow', action)))

    expect(others).toEqual([])
    expect(problem).toMatchObject({
      file: 'rules/text.yaml',
      line: 5,
      rule: 'text.rule',
      code: 'rule/allow-by-text',
    })
    expect(problem?.message).toMatch(
      /`read\.(plan|manifest)\.\w+`, a fact of a text that nobody here executes.*add a rule that asks/,
    )
  })

  test.each(cases)('%s may ask or deny instead', (_, conditions, action) => {
    for (const verdict of ['require_approval', 'deny'])
      expect(loaded(files(rule(conditions, verdict, action))).rules).not.toEqual([])
  })

  test('may go by what else was read', () => {
    expect(loaded(files(rule(when('read.where.understood && read.where.path == "/srv"')))).rules).not.toEqual(
      [],
    )
  })

  test('for actions of which one has a plan is refused, too', () => {
    const both = rule(when('read.plan.understood')).replace('[infra.do]', '["infra.*"]')
    expect(refused(files(both)).map(({ code }) => code)).toEqual(['rule/allow-by-text'])
  })
})

describe('a rule that asks or denies', () => {
  const codes = (text: string) => lintFiles(files(text)).findings.map(({ code }) => code)
  const unless = `  unless: ${JSON.stringify('read.plan.understood && read.plan.destroys == 0')}`

  test('and is lifted by such a text is told by lint', () => {
    const { findings } = lintFiles(files(rule(unless, 'require_approval')))
    const found = findings.find(({ code }) => code === 'strict/lifted-by-text')

    expect(found).toMatchObject({ level: 'warning', rule: 'text.rule', line: 5 })
    expect(found?.message).toContain('`read.plan.understood`')
  })

  test('by such a text is what it is for', () => {
    expect(codes(rule(when('read.plan.understood && read.plan.destroys > 0'), 'deny'))).not.toContain(
      'strict/lifted-by-text',
    )
  })
})
