import { describe, expect, test } from 'vitest'
import { atLeastAsStrict } from '../../src/policyTools/simulation/strictLegs.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const withSet = (set: string) => bundleFiles({ 'bundle.yaml': `${bundleYaml}  oncall:x: ${set}\n` })
const setIn = (set: string) => loaded(withSet(set)).people.get('oncall:x')

describe('a set of people on call', () => {
  test('is a schedule or an escalation policy, at a level, within a group', () => {
    expect(setIn('{pagerduty_schedule: PABC123, within: group:security}')).toMatchObject({
      kind: 'oncall',
      list: { provider: 'pagerduty', of: 'schedule', id: 'PABC123', level: 1 },
      within: { ref: 'group:security', kind: 'group' },
    })
    expect(
      setIn('{pagerduty_escalation_policy: PDEF456, level: 2, within: group:security}')?.address,
    ).toMatch(/^pagerduty:escalation_policy:PDEF456:2:slack:S/)
  })

  test.each([
    ['on-call: a set without a group around it is refused', '{pagerduty_schedule: PABC123}', /needs `within/],
    ['a group that is not declared', '{pagerduty_schedule: PABC123, within: group:nowhere}', /not a group/],
    ['a person for a group', '{pagerduty_schedule: PABC123, within: user:dana}', /not a group/],
    ['no list', '{within: group:security}', /pagerduty_schedule/],
    [
      'two lists',
      '{pagerduty_schedule: PABC123, pagerduty_escalation_policy: PDEF456, within: group:security}',
      /one of the two/,
    ],
    ['a level that is none', '{pagerduty_schedule: PABC123, level: 0, within: group:security}', /level/],
    ['an id that is none', '{pagerduty_schedule: "a/b", within: group:security}', /pagerduty_schedule/],
    ['another property', '{pagerduty_schedule: PABC123, within: group:security, or: all}', /must be/],
    ['a word', 'PABC123', /must be/],
  ])('%s', (_, set, message) => {
    expect(refused(withSet(set))).toMatchObject([
      { code: 'schema/value', message: expect.stringMatching(message) },
    ])
  })

  test('a name that is not declared is no set', () => {
    const files = bundleFiles({
      'bundle.yaml': bundleYaml.replace(/from: \[group:[a-z-]+\]/, 'from: [oncall:none]'),
    })

    expect(refused(files)).toMatchObject([{ code: 'directory/unknown' }])
  })
})

test('whoever of a group is on call is stricter than the group, and not the other way round', () => {
  const bundle = loaded(withSet('{pagerduty_schedule: PABC123, within: group:security}'))
  const leg = (name: string) => {
    const source = bundle.people.get(name)
    return source ? [{ name: 'a', from: [source], count: 1 }] : []
  }
  const [set, group] = [leg('oncall:x'), leg('group:security')]

  expect([atLeastAsStrict(set, group), atLeastAsStrict(group, set), atLeastAsStrict(set, set)]).toEqual([
    true,
    false,
    true,
  ])
})
