import { describe, expect, test } from 'vitest'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { simulate } from '../../../src/policyTools/simulation/simulate.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'
import { exportOf } from './exampleChanges.ts'

describe('which way a field goes', () => {
  const base = `- id: r
  description: A rule.
  match: {actions: [db.export]}
  verdict: require_approval
  require:
    approvals: [{name: security, from: [group:security], count: 1}]
    deny_count: 2
    reason: {min_length: 20, pattern: CHG}
    confirm: {type: typed, value: resource.id}
    expires_in: 45m
    grant: {ttl: 4m}
  notify: {channel: channel:approvals, remind: [10m], escalate: [{after: 20m, to: group:platform}]}
  break_glass: {who: [group:platform], reason: {min_length: 30}, grant: {ttl: 4m}, notify: [channel:security], review_within: 24h}
`
  const bundle = (text: string) => loaded(bundleFiles({ 'rules/a.yaml': text }))
  const ask = { ...exportOf(5, []), action: { ...exportOf(5, []).action, params: { table: 't', rows: 5 } } }
  const outcome = (from: string, to: string) => {
    if (!base.includes(from)) throw new Error(`the rule does not say: ${from}`)
    const simulation = simulate(bundle(base), bundle(base.replace(from, to)), [{ id: 'req_1', ask }])
    const { loosened, tightened, moved } = simulation
    return loosened > 0 ? 'loosened' : tightened > 0 ? 'tightened' : moved > 0 ? 'moved' : 'unchanged'
  }

  test.each([
    ['one more person', 'group:security], count: 1', 'group:security], count: 2', 'tightened'],
    ['somebody else instead', 'from: [group:security]', 'from: [group:data]', 'loosened'],
    [
      'one more set of the same leg',
      'from: [group:security]',
      'from: [group:security, group:data]',
      'loosened',
    ],
    ['one more leg', 'count: 1}]', 'count: 1}, {name: data, from: [group:data], count: 1}]', 'tightened'],
    ['another name for the leg', 'name: security', 'name: safety', 'unchanged'],
    ['one denial ends it', 'deny_count: 2', 'deny_count: 1', 'tightened'],
    ['a shorter reason', 'min_length: 20', 'min_length: 10', 'loosened'],
    ['another pattern', 'pattern: CHG', 'pattern: INC', 'loosened'],
    ['no confirmation', '    confirm: {type: typed, value: resource.id}\n', '', 'loosened'],
    ['one more way to decide', 'deny_count: 2', 'deny_count: 2\n    via: [card, thread, api]', 'loosened'],
    ['no words in the thread', 'deny_count: 2', 'deny_count: 2\n    via: [card]', 'tightened'],
    ['another way to decide', 'deny_count: 2', 'deny_count: 2\n    via: [card, api]', 'loosened'],
    ['more time to answer', 'expires_in: 45m', 'expires_in: 50m', 'loosened'],
    ['a shorter grant', 'grant: {ttl: 4m}', 'grant: {ttl: 3m}', 'tightened'],
    ['more time to ask for the grant', 'grant: {ttl: 4m}', 'grant: {ttl: 4m, within: 16m}', 'loosened'],
    ['escalated sooner', 'after: 20m', 'after: 15m', 'loosened'],
    ['escalated to others', 'to: group:platform', 'to: group:data', 'loosened'],
    ['no escalation', ', escalate: [{after: 20m, to: group:platform}]', '', 'tightened'],
    [
      'more people may break the glass',
      'who: [group:platform]',
      'who: [group:platform, group:data]',
      'loosened',
    ],
    ['a shorter time for the review', 'review_within: 24h', 'review_within: 12h', 'tightened'],
    [
      'nobody told of a broken glass',
      'notify: [channel:security]',
      'notify: [channel:approvals]',
      'loosened',
    ],
    [
      'no emergency path',
      /** The line as it stands. */ base.slice(base.indexOf('  break_glass')),
      '',
      'tightened',
    ],
    ['another channel', 'channel: channel:approvals', 'channel: channel:security', 'moved'],
    ['another reminder', 'remind: [10m]', 'remind: [5m]', 'moved'],
    [
      'one field tightened, another loosened',
      'expires_in: 45m\n    grant: {ttl: 4m}',
      'expires_in: 30m\n    grant: {ttl: 5m}',
      'loosened',
    ],
  ])('%s', (_, from, to, expected) => {
    expect(outcome(from, to)).toBe(expected)
  })

  test('a group that points elsewhere under the same name is a change of people', () => {
    const moved = loaded(
      bundleFiles({
        'rules/a.yaml': base,
        'bundle.yaml': (bundleFiles().get('bundle.yaml') ?? '').replace('S0SEC}', 'S0EVIL}'),
      }),
    )

    expect(simulate(bundle(base), moved, [{ id: 'req_1', ask }])).toMatchObject({ loosened: 1 })
    expect(differenceOf(bundle(base), moved).otherChanges).toContain('directory group:security changed')
  })
})
