import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/json.ts'
import { type Ask, askOf } from '../../src/policy/ask.ts'
import { evaluate, evaluateWithFacts } from '../../src/policy/evaluate.ts'
import { storedFacts } from '../../src/policy/facts.ts'
import { misspellings } from '../../src/policy/misspelt.ts'
import { explain } from '../../src/policyTools/explain/explain.ts'
import { explanationText } from '../../src/policyTools/explain/explanationText.ts'
import { at, legs, rule } from './ask.ts'
import { bundleFiles, loaded, refused } from './files.ts'

const actionsYaml = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  s3.copy:
    effect: write
    params: {source: string, dest: string, audit: string?}
    resources:
      destination: {type: bucket, from: params.dest}
      audit: {type: bucket, from: params.audit}
  db.export:
    effect: read
    params: {table: string, to: {type: string, reads: url}}
    resources:
      lake: {type: bucket, from: read.to.host}
  db.query: {effect: read, params: {sql: string}}
`
const resourcesYaml = `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: bucket, id: vault}, sensitivity: secret, owner: user:omar, environment: dev, region: eu, labels: {team: data}}
  - {match: {type: bucket, id: "lake-*"}, sensitivity: internal, owner: group:data}
  - {match: {type: table, id: vault}, sensitivity: public}
`
const copies = { match: 'actions: [s3.copy]' }
const files = (rules: string, more: Record<string, string> = {}) =>
  bundleFiles({
    'actions.yaml': actionsYaml,
    'resources.yaml': resourcesYaml,
    'rules/a.yaml': rules,
    ...more,
  })
const copy = (params: Record<string, Json>): Ask => ({
  action: {
    action: 's3.copy',
    resource: { type: 'bucket', id: 'lake-in' },
    params: { source: 'lake-in', ...params },
    environment: 'prod',
  },
  agent: { id: 'agt_1', name: 'bot' },
  at,
})
const exportTo = (to: string): Ask => ({
  ...copy({}),
  action: { ...copy({}).action, action: 'db.export', params: { table: 'users', to } },
})
const allowWhen = (when: string, how = copies) => rule('a', 'allow', { ...how, more: `  when: ${when}\n` })
const verdict = (rules: string, ask: Ask) => evaluate(loaded(files(rules)), ask).verdict
const codes = (rules: string, more?: Record<string, string>) =>
  refused(files(rules, more)).map(({ code, message }) => `${code} ${message}`)

describe('a condition about another resource', () => {
  test.each([
    ['its sensitivity', 'resources.destination.sensitivity == "internal"', 'lake-out', 'vault'],
    [
      'its owner',
      'has(resources.destination.owner) && resources.destination.owner == "user:omar"',
      'vault',
      'lake-out',
    ],
    ['its region', 'has(resources.destination.region) && resources.destination.region == "eu"', 'vault', 'x'],
    [
      'its labels',
      'has(resources.destination.labels.team) && resources.destination.labels.team == "data"',
      'vault',
      'lake-out',
    ],
    ['that no entry fits', 'resources.destination.sensitivity == "unknown"', 'elsewhere', 'vault'],
  ])('goes by %s', (_what, when, fitting, other) => {
    expect(verdict(allowWhen(when), copy({ dest: fitting })).kind).toBe('allow')
    expect(verdict(allowWhen(when), copy({ dest: other })).kind).toBe('require_approval')
  })

  test('goes by the inventory only: by the type of the catalogue, whatever resource the request names', () => {
    const asked = { ...copy({ dest: 'vault' }) }
    const named = { ...asked, action: { ...asked.action, resource: { type: 'table', id: 'vault' } } }

    expect(evaluate(loaded(files('[]\n')), named).verdict.facts).toMatchObject({
      resource: { sensitivity: 'public' },
      resources: { destination: { type: 'bucket', id: 'vault', sensitivity: 'secret', owner: 'user:omar' } },
    })
  })

  test('may be elsewhere than the request: only the resource itself has to be where it is said to be', () => {
    expect(verdict(allowWhen('environment == "prod"'), copy({ dest: 'vault' })).kind).toBe('allow')
  })

  test('has to ask first whether one is there whose parameter may be left out', () => {
    expect(codes(allowWhen('resources.audit.sensitivity == "internal"'))).toEqual([
      'cel/unguarded-optional "resources.audit" may be absent in s3.copy: write has(resources.audit) && before it.',
    ])
    const guarded = allowWhen('has(resources.audit) && resources.audit.sensitivity == "internal"')
    expect(verdict(guarded, copy({ dest: 'x', audit: 'lake-a' })).kind).toBe('allow')
    expect(verdict(guarded, copy({ dest: 'x' })).kind).toBe('require_approval')
    expect(verdict(guarded, copy({ dest: 'x', audit: null })).kind).toBe('require_approval')
  })

  test('is refused where an action of the rule names no such resource', () => {
    const both = { match: 'actions: [s3.copy, db.query]' }
    expect(codes(allowWhen('resources.destination.sensitivity == "internal"', both))).toEqual([
      expect.stringContaining('cel/unknown-field "resources" has no field "destination" in db.query.'),
    ])
    expect(codes(allowWhen('resources.target.sensitivity == "internal"'))).toEqual([
      expect.stringContaining('Known: destination, audit.'),
    ])
  })

  test.each(['', 'x'.repeat(1_025), 7])('that is called %j is one that nothing is known about', (dest) => {
    const bundle = loaded(
      files(allowWhen('resources.destination.sensitivity != "unknown"'), {
        'resources.yaml': resourcesYaml.replace('id: vault}', 'id: "*"}'),
      }),
    )

    const { facts, kind } = evaluate(bundle, copy({ dest })).verdict
    expect(kind).not.toBe('allow')
    expect(facts).toMatchObject({ resources: { destination: { type: 'bucket', sensitivity: 'unknown' } } })
    // Control: what can be looked up is known to that inventory.
    expect(evaluate(bundle, copy({ dest: 'y' })).verdict.kind).toBe('allow')
  })
})

describe('a resource that was read of a parameter', () => {
  const lake = allowWhen('resources.lake.sensitivity == "internal"', { match: 'actions: [db.export]' })

  test('is known by the fact that the catalogue names', () => {
    expect(verdict(lake, exportTo('s3://lake-in/x')).kind).toBe('allow')
    expect(verdict(lake, exportTo('s3://vault/lake-in')).kind).toBe('require_approval')
  })

  test('is there and unknown where the value was not understood', () => {
    const bundle = loaded(
      files(allowWhen('resources.lake.sensitivity != "unknown"', { match: 'actions: [db.export]' })),
    )
    const { facts, kind } = evaluate(bundle, exportTo('s3://lake-in/../vault')).verdict

    expect(kind).toBe('require_approval')
    expect(facts).toMatchObject({
      resources: { lake: { type: 'bucket', sensitivity: 'unknown', labels: {} } },
    })
    expect(evaluate(bundle, exportTo('s3://lake-in/vault')).verdict.kind).toBe('allow')
  })
})

describe('a name that looks like that of another resource', () => {
  test.each([
    ['by case', 'VAULT'],
    ['by look', 'v\u0430ult'],
    ['under a pattern', 'Lake-in'],
  ])('%s is refused at the parameter, with the name that is meant', (_how, dest) => {
    const bundle = loaded(files(rule('a', 'allow', copies)))

    expect(misspellings(bundle, copy({ dest }).action)).toEqual([
      { pointer: '/params/dest', detail: expect.stringContaining('which the inventory of this policy has') },
    ])
    expect(evaluate(bundle, copy({ dest })).verdict).toMatchObject({ kind: 'deny', code: 'invalid_request' })
  })

  test('is refused in what was read, too', () => {
    const bundle = loaded(files(rule('a', 'allow', { match: 'actions: [db.export]' })))

    expect(misspellings(bundle, exportTo('s3://lake-in/x').action)).toEqual([])
    expect(misspellings(bundle, exportTo('s3://1ake-in/x').action)).toEqual([
      { pointer: '/params/to', detail: expect.stringContaining('"lake-*"') },
    ])
  })
})

describe('the owner of another resource', () => {
  const asking = (from: string) =>
    rule('a', 'require_approval', { ...copies, more: legs(`{name: o, from: ${from}, count: 1}`) })
  const leg = (rules: string, ask: Ask) => evaluate(loaded(files(rules)), ask).requirement?.legs[0]?.from

  test('is asked as policy names them, whoever owns the resource of the request', () => {
    expect(leg(asking('[owner(destination)]'), copy({ dest: 'vault' }))).toEqual([
      { ref: 'owner(destination)', kind: 'account', address: 'slack:U0OMAR' },
    ])
    expect(leg(asking('[group:security, owner(destination), owner]'), copy({ dest: 'vault' }))).toEqual([
      { ref: 'owner', kind: 'group', address: 'slack:S0DATA' },
      { ref: 'owner(destination)', kind: 'account', address: 'slack:U0OMAR' },
      { ref: 'group:security', kind: 'group', address: 'slack:S0SEC' },
    ])
  })

  test('is nobody where it has none, or is not there', () => {
    expect(leg(asking('[owner(destination)]'), copy({ dest: 'elsewhere' }))).toEqual([])
    expect(leg(asking('[owner(audit)]'), copy({ dest: 'vault' }))).toEqual([])
  })

  test('is another leg than the owner of the resource, and the same in two rules', () => {
    const two =
      asking('[owner]') +
      rule('b', 'require_approval', {
        ...copies,
        more: legs('{name: p, from: [owner(destination)], count: 1}'),
      }) +
      rule('c', 'require_approval', {
        ...copies,
        more: legs('{name: q, from: [owner(destination)], count: 2}'),
      })

    expect(
      evaluate(loaded(files(two)), copy({ dest: 'vault' })).requirement?.legs.map(({ count, from }) => [
        count,
        from[0]?.ref,
      ]),
    ).toEqual([
      [1, 'owner'],
      [2, 'owner(destination)'],
    ])
  })

  test('has to be of a resource that every action of the rule names', () => {
    expect(codes(asking('[owner(destinaton)]'))).toEqual([
      'require/unknown-resource The action s3.copy names no resource "destinaton" in actions.yaml. Did you mean "destination"?',
    ])
    const both = rule('a', 'require_approval', {
      match: 'actions: [s3.copy, db.query]',
      more: legs('{name: o, from: [owner(destination)], count: 1}'),
    })
    expect(codes(both)).toEqual([expect.stringContaining('The action db.query names no resource')])
    const defaults = { 'bundle.yaml': bundleYamlWithDefault }
    expect(codes('[]\n', defaults)).toEqual([
      expect.stringContaining('require/unknown-resource The defaults'),
    ])
  })

  test('is told by explain, and that there is none', () => {
    const text = (dest: string) => {
      const bundle = loaded(files(asking('[owner(destination)]')))
      const { verdict } = evaluate(bundle, copy({ dest }))
      const facts = storedFacts(verdict.facts)
      return facts ? explanationText(explain(bundle, copy({ dest }).action, facts)) : ''
    }

    expect(text('vault')).toContain('1 × owner(destination)   ←')
    expect(text('elsewhere')).toContain('1 × owner(destination) (it is not given, or has none of its own)')
  })
})

const bundleYamlWithDefault = (bundleFiles().get('bundle.yaml') ?? '').replace(
  'from: [group:platform]',
  'from: [owner(destination)]',
)

describe('what was known of another resource', () => {
  const rules = allowWhen('resources.destination.sensitivity == "internal"')

  test('is stored, and gives the recorded verdict again', () => {
    const bundle = loaded(files(rules))
    const recorded = evaluate(bundle, copy({ dest: 'lake-out' }))
    const facts = storedFacts(JSON.parse(JSON.stringify(recorded.verdict.facts)))

    expect(facts && evaluateWithFacts(bundle, copy({ dest: 'lake-out' }).action, facts)).toEqual(recorded)
  })

  test('is looked up again where another policy judges', () => {
    const asked = copy({ dest: 'lake-out' })
    const facts = storedFacts(evaluate(loaded(files(rules)), asked).verdict.facts)
    const stricter = resourcesYaml.replace('sensitivity: internal', 'sensitivity: restricted')
    const head = loaded(files(rules, { 'resources.yaml': stricter }))

    expect(facts && evaluate(head, askOf(asked.action, facts)).verdict.kind).toBe('require_approval')
  })
})
