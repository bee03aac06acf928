import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import { factsOf } from '../../src/policy/ask.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { misspellings } from '../../src/policy/misspelt.ts'
import { explain } from '../../src/policyTools/explain/explain.ts'
import { explanationText } from '../../src/policyTools/explain/explanationText.ts'
import { runTests } from '../../src/policyTools/tests/runTests.ts'
import { at, exportUsers, rule } from './ask.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'
import { closed } from './placed.ts'

const inventory = (...entries: readonly (readonly [type: string, id: string])[]): string =>
  `apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n${entries
    .map(([type, id]) => `  - {match: {type: "${type}", id: "${id}"}, sensitivity: restricted}\n`)
    .join('')}`
const known = [
  ['table', 'w.users'],
  ['table', 'warehouse.*'],
  ['table', '*'],
  ['*', 'shared-logs'],
] as const
const filesOf = ({ resources = inventory(...known), list = closed, rules = rule('all', 'allow') } = {}) =>
  bundleFiles({ 'bundle.yaml': bundleYaml + list, 'rules/a.yaml': rules, 'resources.yaml': resources })
const bundle = loaded(filesOf())
const agent = { id: 'agt_1', name: 'bot' }
const verdictOf = (change: Partial<Action>, of = bundle) =>
  evaluate(of, { action: { ...exportUsers, ...change }, agent, at }).verdict
const pointers = (change: Partial<Action>, of = bundle) =>
  misspellings(of, { ...exportUsers, ...change }).map(({ pointer }) => pointer)
const table = (id: string) => ({ resource: { type: 'table', id } })

describe('a name that is almost one that the policy knows', () => {
  test.each([
    ['an id', table('W.Users'), '/resource/id', '"w.users"'],
    ['an id with a letter of another script', table('w.us\u0435rs'), '/resource/id', '"w.users"'],
    ['an id that would fit a pattern', table('WAREHOUSE.events'), '/resource/id', '"warehouse.*"'],
    ['a type', { resource: { type: 'Table', id: 'w.users' } }, '/resource/type', '"table"'],
    ['an id of any type', { resource: { type: 'host', id: 'Shared-Logs' } }, '/resource/id', '"shared-logs"'],
    ['an environment', { environment: 'pr0d' }, '/environment', '"prod"'],
    ['an action', { action: 'db.exp0rt' }, '/action', '"db.export"'],
  ])('%s: is told with its place and the name that is meant', (_what, change, pointer, meant) => {
    const problems = misspellings(bundle, { ...exportUsers, ...change })

    expect(problems).toEqual([{ pointer, detail: expect.stringContaining(meant) }])
    expect(verdictOf(change)).toMatchObject({ kind: 'deny', code: 'invalid_request', rules: [] })
    expect(verdictOf(change).message).toContain(meant)
  })

  test('type and id are told each', () => {
    expect(pointers({ resource: { type: 'TABLE', id: 'W.USERS' } })).toEqual([
      '/resource/type',
      '/resource/id',
    ])
  })

  test.each([
    ['known by its name', table('w.users')],
    ['known by a pattern, exactly as it is spelled', table('warehouse.Events')],
    ['known by the widest pattern only', table('Elsewhere.Users')],
    ['of another type, under the same name', { resource: { type: 'bucket', id: 'W.Users' } }],
    ['of no name that resembles one', { resource: { type: 'bucket', id: 'lake' } }],
    ['of an entry for any type', { resource: { type: 'host', id: 'shared-logs' } }],
  ])('control: a resource %s is judged by the rules', (_what, change) => {
    expect(pointers(change)).toEqual([])
    expect(verdictOf(change)).toMatchObject({ kind: 'allow', rules: ['all'] })
  })

  test('control: an action or environment that resembles none is judged as what nobody knows', () => {
    expect(verdictOf({ action: 'rockets.launch' })).toMatchObject({ code: 'unknown_action' })
    expect(pointers({ environment: 'production' })).toEqual([])
  })

  test('control: without the inventory the same names are believed', () => {
    const open = loaded(filesOf({ resources: inventory(['bucket', 'x']) }))

    expect(verdictOf(table('W.Users'), open)).toMatchObject({ kind: 'allow' })
  })

  test('an entry of its own makes another spelling known where a pattern is the nearest', () => {
    const both = loaded(filesOf({ resources: inventory(...known, ['table', 'Warehouse.Users']) }))

    expect(pointers(table('Warehouse.Users'), both)).toEqual([])
    expect(pointers(table('warehouse.users'), both)).toEqual(['/resource/id'])
    expect(pointers(table('warehouse.events'), both)).toEqual([])
  })

  test('without a list, the environments that rules and the inventory name are those that are known', () => {
    const rules = rule('no.prod', 'deny', { match: 'actions: [db.export], environments: [prod]' })
    const resources = inventory(...known).replace(
      'id: "w.users"}, ',
      'id: "w.users"}, environment: eu-live, ',
    )
    const open = loaded(filesOf({ list: '', rules: rules + rule('all', 'allow'), resources }))

    expect(pointers({ environment: 'pr0d', ...table('other') }, open)).toEqual(['/environment'])
    expect(pointers({ environment: 'eu-1ive' }, open)).toEqual(['/environment'])
    expect(pointers({ environment: 'dev' }, open)).toEqual([])
  })

  test('what is told is short and cannot draw, whatever stands in the inventory', () => {
    const odd = loaded(filesOf({ resources: inventory(['table', `${'x'.repeat(400)}\\u202e`]) }))
    const [problem] = misspellings(odd, { ...exportUsers, ...table('X'.repeat(400)) })

    expect(problem?.detail.length).toBeLessThan(450)
    expect(problem?.detail).not.toContain('\u202e')
  })
})

test('the gate, a test of the policy and an explanation say the same', () => {
  const files = new Map([
    ...filesOf(),
    [
      'tests/a.yaml',
      `apiVersion: countersign/v1
kind: PolicyTests
tests:
  - name: one
    request:
      action: db.export
      params: {table: users, rows: 5}
      environment: prod
      resource: {type: table, id: W.Users}
      agent: {name: bot, owner: {id: U9, email: lee@acme.test}}
      time: 2026-11-24T14:00:00+01:00
    expect: {verdict: deny, code: invalid_request}
`,
    ],
  ])
  const action = { ...exportUsers, ...table('W.Users') }
  const text = explanationText(explain(bundle, action, factsOf(bundle, { action, agent, at })))

  const { files: read, problems } = runTests(loaded(files), files)
  expect(problems).toEqual([])
  expect(read.flatMap(({ results }) => results.flatMap(({ differences }) => differences))).toEqual([])
  expect(text).toMatch(/verdict: deny {2}\(invalid_request\)\n.*"w\.users"/)
})

describe('a bundle of which two names differ only by case or look', () => {
  const codes = (files: ReadonlyMap<string, string>) =>
    refused(files).map(({ code, message }) => [code, message])

  test.each([
    ['two ids', inventory(['table', 'w.users'], ['table', 'W.Users'])],
    ['two patterns', inventory(['table', 'w.*'], ['table', 'W.*'])],
    ['two types', inventory(['table', 'w.users'], ['Table', 'w.users'])],
    ['an id of one type and one of any', inventory(['table', 'w.users'], ['*', 'W.Users'])],
    ['a letter of another script', inventory(['table', 'w.users'], ['table', 'w.us\u0435rs'])],
  ])('%s in the inventory: refused', (_what, resources) => {
    expect(codes(filesOf({ resources }))).toEqual([
      ['name/look-alike', expect.stringContaining('only by case or look')],
    ])
  })

  test('two environments, or two actions: refused', () => {
    const actions = `apiVersion: countersign/v1\nkind: ActionCatalogue\nactions:\n  db.export: {effect: read, params: open}\n  db.Export: {effect: read, params: open}\n`

    expect(codes(filesOf({ list: 'environments: [prod, pr0d]\n' }))[0]?.[0]).toBe('name/look-alike')
    expect(codes(new Map([...filesOf(), ['actions.yaml', actions]]))[0]?.[0]).toBe('name/look-alike')
  })

  test.each([
    ['the same id of two types', inventory(['table', 'w.users'], ['bucket', 'W.Users'])],
    ['the same id of one type and of any', inventory(['table', 'w.users'], ['*', 'w.users'])],
    ['an id and a pattern', inventory(['table', 'w.*'], ['table', 'W.Users'])],
  ])('control: %s: loads', (_what, resources) => {
    expect(loaded(filesOf({ resources })).name).toBe('acme')
  })
})
