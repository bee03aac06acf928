import { expect, test } from 'vitest'
import { bundleChanges } from '../../../src/policyTools/difference/bundleChanges.ts'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { bundleFiles, bundleYaml, loaded } from '../../policy/files.ts'

const rules = `
- id: export
  description: Exports ask.
  match: {actions: [db.export]}
  verdict: require_approval
  break_glass:
    {who: [group:data], reason: {min_length: 9}, grant: {ttl: 5m}, notify: [group:security], review_within: 1d}
  notify: {channel: channel:security}
`
const bundle = (change: (yaml: string) => string, more: Record<string, string> = {}) =>
  loaded(bundleFiles({ 'bundle.yaml': change(bundleYaml), 'rules/a.yaml': rules, ...more }))
const same = (yaml: string) => yaml

test.each([
  [
    'a group that leads elsewhere',
    'S0SEC}',
    'S0ELSE}',
    'directory group:security: slack:S0SEC → slack:S0ELSE',
  ],
  [
    'a channel that leads elsewhere',
    'C0SEC}',
    'C0ELSE}',
    'directory channel:security: slack:C0SEC → slack:C0ELSE',
  ],
  ['a longer bound', 'max_grant_ttl: 8h', 'max_grant_ttl: 20h', 'floor max_grant_ttl: 8h → 20h'],
  [
    'an audience',
    'timezone:',
    'audiences: [{id: a, resource_types: [table], profile: at+jwt, spent_by: resource}]\ntimezone:',
    'audiences 1: none → a for table; at+jwt; spent by the resource',
  ],
  ['no bound', '  max_grant_ttl: 8h\n', '', 'floor max_grant_ttl: 8h → none'],
  ['another default', 'expires_in: 1h', 'expires_in: 2h', 'defaults expires_in: 1h → 2h'],
  [
    'more that may wait',
    'expires_in: 1h',
    'expires_in: 1h\n  max_pending: 50',
    'defaults max_pending: 20 → 50',
  ],
  ['no cool-down', 'expires_in: 1h', 'expires_in: 1h\n  deny_cooldown: 0', 'defaults deny_cooldown: 10m → 0'],
  [
    'unknown actions',
    'unknown_action: deny',
    'unknown_action: require_approval',
    'bundle unmatched unknown_action: deny → require_approval',
  ],
])('%s is told with what it was and what it is', (_, from, to, line) => {
  const head = bundle((yaml) => yaml.replace(from, to))

  expect(bundleChanges(bundle(same), head)).toEqual([line])
})

test('what is known of resources and actions is told', () => {
  const resources = (sensitivity: string) => `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: table, id: users}, sensitivity: ${sensitivity}, owner: user:omar, labels: {team: a}}
`
  const [base, head] = ['secret', 'public'].map((one) => bundle(same, { 'resources.yaml': resources(one) }))

  expect(base && head && bundleChanges(base, head)).toEqual([
    'resources "table" "users": secret, owner user:omar, team: a → public, owner user:omar, team: a',
  ])
})

test('a name that leads elsewhere is a change of the directory, and of no rule', () => {
  const difference = differenceOf(
    bundle(same),
    bundle((yaml) => yaml.replaceAll('0SEC}', '0ELSE}')),
  )

  expect(difference.rulesChanged).toEqual([])
  expect(difference.otherChanges).toEqual([
    'directory channel:security changed',
    'directory group:security changed',
  ])
})
