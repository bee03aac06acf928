import { describe, expect, test } from 'vitest'
import { actionsYaml, bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const rule = (more: string, match = 'actions: [db.export]') =>
  `- id: a\n  description: A rule.\n  match: {${match}}\n  verdict: require_approval\n${more}`
const demand = (more: string) => ({ 'rules/a.yaml': rule(`  require: {${more}}\n`) })
const leg = (from: string) => `approvals: [{name: data, from: ${from}, count: 1}]`
const data = leg('[group:data]')
const escalation = (to: string) => ({
  'rules/a.yaml': rule(`  require: {${data}}\n  notify: {escalate: [{after: 10m, to: ${to}}]}\n`),
})
const glass = (who: string, notify: string) => ({
  'rules/a.yaml': rule(
    `  break_glass: {who: ${who}, reason: {min_length: 30}, grant: {ttl: 3m}, notify: ${notify}, review_within: 24h}\n`,
  ),
})
const inBundle = (from: string, to: string) => ({ 'bundle.yaml': bundleYaml.replace(from, to) })

describe('empty-list: nothing in a policy means “anyone” by being empty', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['no leg', demand('approvals: []')],
    ['a leg of nobody', demand(leg('[]'))],
    ['a leg from nothing', demand(leg(''))],
    ['a leg that needs none', demand(data.replace('count: 1', 'count: 0'))],
    ['an escalation to nobody', escalation('')],
    ['an escalation to a list of nobody', escalation('[]')],
    ['a glass that nobody may break', glass('[]', '[channel:security]')],
    ['a glass whose breaking nobody hears', glass('[group:security]', '[]')],
    ['a rule about no action', { 'rules/a.yaml': rule('', 'actions: []') }],
    ['a rule about no environment', { 'rules/a.yaml': rule('', 'actions: [db.export], environments: []') }],
    ['a rule about nothing', { 'rules/a.yaml': rule('', '') }],
    ['defaults without a leg', inBundle('\n    - {name: platform, from: [group:platform], count: 1}', ' []')],
    ['no environment at all', inBundle('unmatched:', 'environments: []\nunmatched:')],
    ['a group without an id', inBundle('{slack_usergroup: S0DATA}', '{slack_usergroup: ""}')],
    ['a group of nothing', inBundle('{slack_usergroup: S0DATA}', '{}')],
    ['a channel without an id', inBundle('{slack_channel: C0APPR}', '{slack_channel: ""}')],
    ['an action without a name', { 'actions.yaml': actionsYaml.replace('db.export:', '"":') }],
  ])('%s is refused', (_, files) => {
    const codes = refused(bundleFiles(files)).map(({ code }) => code)

    expect(codes).not.toEqual([])
    expect(codes).not.toContain('schema/unknown-property') // then it would be refused for something else
  })

  test('control: with somebody in each of them it loads', () => {
    const files = [
      demand(data),
      escalation('group:security'),
      glass('[group:security]', '[channel:security]'),
      inBundle('unmatched:', 'environments: [prod]\nunmatched:'),
    ]
    for (const one of files) expect(loaded(bundleFiles(one)).name).toBe('acme')
  })
})
