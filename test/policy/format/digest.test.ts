import { expect, test } from 'vitest'
import { actionsYaml, bundleFiles, bundleYaml, loaded } from '../files.ts'

const deny = '- {id: a, description: d, match: {actions: [db.export]}, verdict: deny}\n'
const allow = '- {id: b, description: d, match: {actions: [db.query]}, verdict: allow}\n'
const head = 'apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n'
const first = '- {match: {type: t, id: a}, sensitivity: public}\n'
const second = '- {match: {type: t, id: b}, sensitivity: secret}\n'
const base = { 'rules/a.yaml': deny + allow, 'resources.yaml': head + first + second }
const digest = (changes: Record<string, string | null> = {}) =>
  loaded(bundleFiles({ ...base, ...changes })).digest

test('the digest is this one for this bundle, for ever', () => {
  expect(digest()).toBe('sha256:f3f6fc5d5b97f7007ca71cdb527c09f63eabc94fb510d2b6b16f57635c348c27')
})

test.each<[string, Record<string, string | null>]>([
  ['comments and blank lines', { 'rules/a.yaml': `# why\n\n${deny}\n# and\n${allow}` }],
  [
    'quotes and layout',
    {
      'rules/a.yaml': `${deny.replace('verdict: deny', 'verdict: "deny"')}- id: b\n  verdict: allow\n  description: d\n  match:\n    actions:\n      - db.query\n`,
    },
  ],
  ['the order of rules', { 'rules/a.yaml': allow + deny }],
  ['the names of rule files', { 'rules/a.yaml': null, 'rules/x.yaml': deny, 'rules/y.yaml': allow }],
  ['the order of resources', { 'resources.yaml': head + second + first }],
  ['a README', { 'README.md': 'hello' }],
])('%s do not change the digest', (_what, changes) => {
  expect(digest(changes)).toBe(digest())
})

test.each<[string, Record<string, string | null>]>([
  ['a verdict', { 'rules/a.yaml': deny.replace('deny}', 'allow}') + allow }],
  ['a description', { 'rules/a.yaml': deny.replace('description: d', 'description: e') + allow }],
  ['a rule taken away', { 'rules/a.yaml': deny }],
  ['who a group is', { 'bundle.yaml': bundleYaml.replace('S0SEC', 'S0EVIL') }],
  ['the floor', { 'bundle.yaml': bundleYaml.replace('max_expires_in: 24h', 'max_expires_in: 25h') }],
  ['the catalogue', { 'actions.yaml': actionsYaml.replace('rows: int', 'rows: number') }],
  ['a resource', { 'resources.yaml': head + first }],
])('%s changes the digest', (_what, changes) => {
  expect(digest(changes)).not.toBe(digest())
})
