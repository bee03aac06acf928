import { describe, expect, test } from 'vitest'
import { hiddenIn } from '../../src/card/masked.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { loadBundle } from '../../src/policy/load.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { at } from './ask.ts'

const files = (params: string, rule = '[]') => ({
  ...bundleFiles,
  'actions.yaml': `${bundleFiles['actions.yaml']}  user.create: {effect: write, params: ${params}}\n`,
  'rules/user.yaml': rule,
})

const rule = (condition: string, match = 'actions: [user.create]') => `
- id: user
  description: New users need the platform leads.
  match: {${match}}
  ${condition}
  verdict: require_approval
  require: {approvals: [{name: platform, from: [group:platform-leads], count: 1}]}
`
const sensitive = '{name: string, password: {type: string, sensitive: true}}'

function hiddenBy(condition: string, match?: string) {
  const action = {
    action: 'user.create',
    resource: { type: 'directory', id: 'acme' },
    params: { name: 'alice', password: 'hunter2hunter2' },
    environment: 'prod',
  }
  return hiddenIn(
    evaluate(testBundle(files(sensitive, rule(condition, match))), {
      action,
      agent: { id: 'agt_1', name: 'bot' },
      at,
    }).verdict,
  )
}

describe('a sensitive parameter', () => {
  test('stays hidden where no rule that applies reads it', () => {
    expect(hiddenBy('')).toEqual(['password'])
    expect(hiddenBy("when: params.name != ''")).toEqual(['password'])
  })

  test.each([
    'when: size(params.password) > 8',
    "unless: params.password == ''",
    'when: params.password != params.name',
  ])('is shown where a rule that applies decides by it: %s', (condition) => {
    expect(hiddenBy(condition)).toEqual([])
  })

  test('is shown where a rule does not apply because of it', () => {
    expect(hiddenBy('when: size(params.password) > 80')).toEqual([])
  })

  test.each<[string, string, string?]>([
    ['is only observed', 'when: size(params.password) > 8\n  mode: observe'],
    [
      'is about another environment',
      'when: size(params.password) > 8',
      'actions: [user.create], environments: [dev]',
    ],
  ])('stays hidden where the rule that reads it %s', (_, condition, match) => {
    expect(hiddenBy(condition, match)).toEqual(['password'])
  })

  test.each([
    ['sensitive: yes is true', '{password: {type: string?, sensitive: true}}', true],
    ['a list', '{keys: {type: {list: string}, sensitive: true}}', true],
    ['sensitive: false is left out instead', '{password: {type: string, sensitive: false}}', false],
    ['no type', '{password: {sensitive: true}}', false],
  ])('is written with its type: %s', (_, params, ok) => {
    expect(loadBundle(new Map(Object.entries(files(params)))).ok).toBe(ok)
  })

  test('is never where the action sends something', () => {
    const action = `  mail.send: {effect: write, destination: {param: to, inside: ["*@acme.test"]}, params: {to: {type: string, sensitive: true}}}\n`
    const loaded = loadBundle(
      new Map(Object.entries({ ...bundleFiles, 'actions.yaml': `${bundleFiles['actions.yaml']}${action}` })),
    )

    expect(loaded).toMatchObject({
      ok: false,
      problems: [expect.objectContaining({ message: expect.stringContaining('must not be sensitive') })],
    })
  })
})
