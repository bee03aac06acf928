import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../src/policy/ask.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { explain } from '../../../src/policyTools/explain/explain.ts'
import { explanationText } from '../../../src/policyTools/explain/explanationText.ts'
import { lintFiles } from '../../../src/policyTools/lint/lintBundle.ts'
import { at } from '../ask.ts'
import { actionsYaml, bundleFiles, loaded, refused } from '../files.ts'

const run = '{host: string, command: {type: string, reads: shell}}'
const rule = (when: string, verdict = 'allow') => `
- id: run.echo
  description: Saying something is automatic.
  match: {actions: [shell.run]}
  when: ${JSON.stringify(when)}
  verdict: ${verdict}
`
const commands = `
apiVersion: countersign/v1
kind: CommandCatalogue
runs: [{agents: all, shell: bash, settings: []}]
programs: {echo: {tier: names, operands: text*}, ls: {tier: names}, sh: {tier: change, anything: true}}
`
const files = (when: string, { params = run, verdict = 'allow' } = {}) =>
  bundleFiles({
    'actions.yaml': `${actionsYaml}  shell.run: {effect: write, params: ${params}}\n`,
    'rules/run.yaml': rule(when, verdict),
    'commands.yaml': commands,
  })

const ask = (params: Record<string, string>) => ({
  action: {
    action: 'shell.run',
    resource: { type: 'host', id: 'dev-7' },
    params: { host: 'dev-7', ...params },
    environment: 'dev',
  },
  agent: { id: 'agt_1', name: 'bot' },
  at,
})

const codes = (when: string, how = {}) => refused(files(when, how)).map(({ code }) => code)

describe('what was read of a parameter', () => {
  const bundle = loaded(files('read.command.understood && read.command.programs.all(p, p == "echo")'))

  test('decides, once a condition has asked whether it was understood', () => {
    expect(evaluate(bundle, ask({ command: 'echo a | echo b' })).verdict.kind).toBe('allow')
    expect(evaluate(bundle, ask({ command: 'echo a | sh' })).verdict.kind).toBe('require_approval')
  })

  test('is nothing where the text was not understood, and the verdict says why and where', () => {
    const { verdict } = evaluate(bundle, ask({ command: 'echo $(id)' }))

    expect(verdict).toMatchObject({ kind: 'require_approval', code: 'unmatched' })
    expect(verdict.facts.unread).toEqual([
      { param: 'command', why: 'It has a variable or a substitution ($).', at: 5 },
    ])
  })

  test('is told by explain, with the facts that a condition read', () => {
    const told = (command: string) => {
      const asked = ask({ command })
      return explanationText(explain(bundle, asked.action, factsOf(bundle, asked)))
    }

    expect(told('echo $(id)')).toContain(
      'not read    command: It has a variable or a substitution ($). (character 6)',
    )
    expect(told('ls')).toContain('read.command.programs = ["ls"]')
  })

  test('of an optional parameter that is not given is nothing', () => {
    const optional = '{host: string, command: {type: string?, reads: shell}}'
    const allows = loaded(files('!read.command.understood', { params: optional }))

    expect(evaluate(allows, ask({})).verdict.kind).toBe('allow')
    expect(evaluate(allows, ask({ command: 'echo' })).verdict.kind).toBe('require_approval')
  })

  test('is not quoted where the value is hidden from people', () => {
    const hidden = '{host: string, command: {type: string, reads: shell, sensitive: true}}'
    const { verdict } = evaluate(
      loaded(files('params.host == "x"', { params: hidden })),
      ask({ command: 'echo $(id)' }),
    )

    expect(verdict.facts).toMatchObject({
      hidden: ['command'],
      unread: [{ param: 'command', why: 'It was not understood.' }],
    })
  })

  test('shows the value: a rule that goes by it does not hide it', () => {
    const hidden = '{host: string, command: {type: string, reads: shell, sensitive: true}}'
    const { verdict } = evaluate(
      loaded(files('read.command.understood', { params: hidden })),
      ask({ command: 'echo $(id)' }),
    )

    expect(verdict.facts).not.toHaveProperty('hidden')
  })
})

describe('a rule about what was read', () => {
  test.each([
    'read.command.programs == ["echo"]',
    '!read.command.understood && read.command.programs == []',
    'read.command.understood || read.command.programs.exists(p, p == "sh")',
    'params.host == "x" || read.command.programs.exists(p, p == "sh")',
  ])('is refused where it could go by what is not there: %s', (when) => {
    expect(codes(when)).toEqual(['cel/unguarded-optional'])
    expect(codes(when, { verdict: 'deny' })).toEqual(['cel/unguarded-optional'])
  })

  test('is told the guard that is missing', () => {
    expect(refused(files('read.command.programs == ["echo"]'))[0]?.message).toBe(
      '"read.command.programs" may be absent in shell.run: write read.command.understood && before it.',
    )
  })

  test.each([
    'read.command.understood && read.command.programs == ["echo"]',
    '!read.command.understood || read.command.programs == ["echo"]',
    'has(read.command.programs) && read.command.programs == ["echo"]',
    'read.command.understood ? read.command.programs == ["echo"] : false',
  ])('may ask in any way that shows it to be there: %s', (when) => {
    expect(loaded(files(when)).rules).toHaveLength(1)
  })

  test('cannot read what is not read, and gets no warning for what no made-up request reaches', () => {
    expect(codes('read.host.understood')).toEqual(['cel/unknown-field'])
    expect(codes('read.command.program == "x"')).toEqual(['cel/unknown-field'])
    expect(codes('read.command.understood', { params: '{command: string}' })).toEqual([
      'cel/unknown-identifier',
    ])
    const { findings } = lintFiles(files('read.command.understood && "echo" in read.command.programs'))
    expect(findings.filter(({ code }) => code === 'rule/unreached')).toEqual([])
  })
})

describe('a parameter that is read', () => {
  const message = (param: string) =>
    refused(files('true', { params: `{command: ${param}}` })).map((problem) => problem.message)[0]

  test.each([
    ['{type: int, reads: shell}', 'must have the type string, because shell reads a command line'],
    ['{type: string, reads: shel}', 'must say in `reads` what reads it: '],
    ['{type: string, reads: shell, sensitive: false}', 'must be string, int'],
    ['{reads: shell}', 'must be string, int'],
  ])('has a type that its reader takes: %s', (param, says) => {
    expect(message(param)).toContain(says)
  })
})
