import { describe, expect, test } from 'vitest'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { filesIn, loaded } from '../../policy/files.ts'
import { bundleOf, files, notes, other, rules } from './edited.ts'

describe('an edit that cannot weaken is silent', () => {
  const wordy = (rule: string) => `# A comment.\n${rule}`

  test.each<readonly [string, readonly [string, string, string]]>([
    ['a denial more', [rules, '- id: query', `${other}deny}\n- id: query`]],
    [
      'a question that is asked already',
      [rules, '- id: query', `${other.replace('repo.read', 'db.query')}require_approval}\n- id: query`],
    ],
    [
      'one more leg',
      [
        rules,
        'approvals: [{name: data',
        'approvals: [{name: lead, from: [user:omar], count: 1}, {name: data',
      ],
    ],
    ['another name of a leg', [rules, 'name: security', 'name: safety']],
    ['less time', [rules, 'expires_in: 45m', 'expires_in: 30m']],
    [
      'a wider condition',
      [rules, '\'"night" in time.windows\'', '\'"night" in time.windows || params.rows > 500\''],
    ],
    ['no exception', [rules, '  unless: params.rows == 0\n', '']],
    ['an allow of less', [rules, 'rows < 100', 'rows < 50']],
    [
      'an allow that is gone',
      [rules, 'rows < 100\n  verdict: allow', 'rows < 100\n  verdict: allow\n  mode: observe'],
    ],
    [
      'a question that becomes a denial',
      [rules, 'verdict: require_approval\n  break_glass: {when: \'environment == "prod"\'}', 'verdict: deny'],
    ],
    ['a higher sensitivity', ['resources.yaml', 'restricted', 'secret']],
    ['a region that no rule reads', ['resources.yaml', 'region: eu', 'region: us']],
    ['a label that no rule reads', ['resources.yaml', 'tier: "1"', 'tier: "2"']],
    [
      'a window that no rule reads',
      ['bundle.yaml', 'windows:\n', 'windows:\n  noon: {from: "12:00", to: "13:00"}\n'],
    ],
    ['a name more', ['bundle.yaml', 'directory:\n', 'directory:\n  user:lee: {slack_user: U0LEE}\n']],
    ['a lower floor', ['bundle.yaml', 'max_grant_ttl: 8h', 'max_grant_ttl: 1h']],
    [
      'an action that only a denial speaks about',
      ['actions.yaml', '  repo.read', '  repo.drop: {effect: write, params: {}}\n  repo.read'],
    ],
    ['an action that is gone', ['actions.yaml', '  repo.read: {effect: read, params: {}}\n', '']],
    ['a parameter that has to be there', ['actions.yaml', 'to: string?', 'to: string']],
    ['a comment', [rules, '- id: export', wordy('- id: export')]],
  ])('%s', (_, edit) => {
    expect(notes(edit)).toEqual([])
  })

  test('nothing at all, also of the bundle that ships', () => {
    const shipped = loaded(filesIn('policies'))

    expect(loosened(bundleOf({}), bundleOf({}))).toEqual([])
    expect(loosened(shipped, shipped)).toEqual([])
  })

  test('rules in another order and in other files', () => {
    const [first = '', ...others] = (files[rules] ?? '').split(/^(?=- id)/m)

    expect(
      loosened(bundleOf({}), bundleOf({ [rules]: others.toReversed().join(''), 'rules/z.yaml': first })),
    ).toEqual([])
  })
})
