import { expect, test } from 'vitest'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { bundleOf, type Edit, notes, other, rules } from './edited.ts'

/** Every edit of a rule that can weaken, field by field. */
const edits: readonly Edit[] = [
  [
    'a glass that may always be broken',
    [rules, '{when: \'environment == "prod"\'}', '{}'],
    /"query".*when it may be broken was changed/,
  ],
  [
    'a new emergency path',
    [rules, '  notify: {escalate', '  break_glass: {who: [group:data]}\n  notify: {escalate'],
    /"export".*it offers break-glass/,
  ],
  [
    'a denial that one may lift',
    [rules, 'override: never', 'override: break_glass'],
    /weakened The rule "night".*it offers break-glass/,
  ],
  [
    'a new denial that one may lift',
    [rules, '- id: query', `${other}deny, override: break_glass}\n- id: query`],
    /weakened The rule "r" is new.*one person may lift it alone/,
  ],
  [
    'an asking rule that becomes a denial one may lift',
    [
      rules,
      'verdict: require_approval\n  break_glass: {when: \'environment == "prod"\'}',
      'verdict: deny\n  override: break_glass',
    ],
    /"query".*one person may lift it alone/,
  ],
  [
    'a leg that is gone',
    [rules, ', {name: security, from: [group:security], count: 1}', ''],
    /"export".*leg "security" \(1 of group:security\) is gone/,
  ],
  [
    'a leg of others',
    [rules, 'from: [group:security]', 'from: [group:platform]'],
    /"export".*leg "security".*is gone/,
  ],
  ['more denials', [rules, 'deny_count: 2', 'deny_count: 3'], /"export".*more denials/],
  [
    'a shorter reason',
    [rules, 'min_length: 20', 'min_length: 10'],
    /"export".*the reason may be shorter \(10/,
  ],
  ['another pattern', [rules, 'pattern: CHG', 'pattern: C'], /"export".*need not fit CHG/],
  [
    'another text to type',
    [rules, 'value: resource.id', 'value: environment'],
    /"export".*"resource.id" need not be typed/,
  ],
  [
    'more time',
    [rules, 'expires_in: 45m', 'expires_in: 50m'],
    /"export".*waits longer \(50m instead of 45m\)/,
  ],
  ['a longer grant', [rules, 'grant: {ttl: 4m}', 'grant: {ttl: 5m}'], /"export".*the grant lives longer/],
  [
    'more time to ask for the grant',
    [rules, 'grant: {ttl: 4m}', 'grant: {ttl: 4m, within: 20m}'],
    /"export".*the grant may be asked for later \(20m instead of 15m\)/,
  ],
  ['escalated sooner', [rules, 'after: 20m', 'after: 10m'], /"export".*group:platform may help after 10m/],
  [
    'escalated to others',
    [rules, 'to: group:platform', 'to: user:omar'],
    /"export".*user:omar may help after 20m/,
  ],
  ['a narrower condition', [rules, 'rows > 1000', 'rows > 2000'], /"export".*its condition was changed/],
  [
    'a narrower match',
    [rules, ', environments: [dev, prod]', ', environments: [prod]'],
    /"export".*environments: no longer dev/,
  ],
  [
    'a wider exception',
    [rules, 'time.hour == 3', 'time.hour >= 3'],
    /loosen\/unless The exception was changed/,
  ],
  [
    'a rule that is gone',
    [rules, '- id: night', '- id: nights'],
    /removed The rule "night" \(deny\) was taken away/,
  ],
  [
    'a rule that only observes',
    [rules, 'verdict: deny', 'verdict: deny\n  mode: observe'],
    /weakened The rule "night".*only observes/,
  ],
  [
    'a new allow',
    [rules, '- id: query', `${other}allow}\n- id: query`],
    /allow The rule "r" is new and allows/,
  ],
  [
    'an allow of more',
    [rules, 'rows < 100', 'rows < 200'],
    /allow The rule "small" may allow more: its condition was changed/,
  ],
  [
    'an allow elsewhere',
    [
      rules,
      'environments: [dev]}\n  when: params.rows < 100',
      'environments: [dev, prod]}\n  when: params.rows < 100',
    ],
    /allow The rule "small" may allow more: environments: now also prod/,
  ],
  [
    'an allow that the floor held, gone',
    [rules, '- id: roles\n', '- id: roles\n  mode: observe\n'],
    /weakened The rule "roles" applies no longer/,
  ],
  [
    'a new question where all was denied',
    [rules, '- id: query', `${other}require_approval}\n- id: query`],
    /weakened The rule "r" is new.*requests that no rule matched were denied/,
  ],
]

test.each(edits)('%s is told', (_, edit, says) => {
  expect(notes(edit).join('\n')).toMatch(says)
})

test.each([
  ['is told where a condition may fail: that request was denied, and asks now', 'initiator.id == "x"', 1],
  ['is silent where it cannot', 'environment == "dev"', 0],
])('a question in place of an allow %s', (_, when, count) => {
  const saying = (verdict: string) =>
    bundleOf({
      'rules/b.yaml': `- {id: r, description: Another., match: {actions: [repo.read]}, when: '${when}', verdict: ${verdict}}\n`,
    })

  expect(loosened(saying('allow'), saying('require_approval'))).toHaveLength(count)
})
