import { describe, expect, test } from 'vitest'
import { ruleChanges } from '../../../src/policyTools/difference/ruleChanges.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'

const asks = (rest: string) => `
- id: data.export
  description: Exports ask.
  match: {actions: [db.export], environments: [prod]}
  verdict: require_approval
  require:
    approvals: [{name: data, from: [owner, group:data], count: 1}]
    expires_in: 1h
${rest}`

const bundle = (rules: string) => loaded(bundleFiles({ 'rules/a.yaml': rules }))
const changes = (base: string, head: string) => ruleChanges(bundle(base), bundle(head))

describe('how the rules of a bundle changed', () => {
  test.each([
    [
      'a shorter condition',
      '  when: params.rows > 10',
      '  when: params.rows > 50',
      'when: params.rows > 10 → params.rows > 50',
    ],
    ['a new exception', '', '  unless: params.rows == 1', 'unless: none → params.rows == 1'],
    ['a dropped reason', '    reason: {min_length: 20}', '', 'reason: at least 20 characters → none'],
    [
      'what has to be typed',
      '    confirm: {type: typed, value: resource.id}',
      '',
      'confirm: resource.id → none',
    ],
    ['a mode', '', '  mode: observe', 'mode: none → observe'],
    [
      'an escalation',
      '',
      '  notify: {escalate: [{after: 5m, to: group:security}]}',
      'escalate: none → after 5m to group:security',
    ],
    [
      'a path past it',
      '',
      '  break_glass: {who: [group:security], reason: {min_length: 9}, grant: {ttl: 5m}, notify: [channel:security], review_within: 1d}',
      'break_glass who: none → group:security',
    ],
  ])('%s stands on a line of its own', (_, base, head, line) => {
    expect(changes(asks(base), asks(head))).toContain(`data.export ${line}`)
  })

  test('legs are told by who is in them', () => {
    const head = asks('').replace('count: 1', 'count: 2').replace('1h', '30m')

    expect(changes(asks(''), head)).toEqual([
      'data.export approvals: data 1 of owner or group:data → data 2 of owner or group:data',
      'data.export expires_in: 1h → 30m',
    ])
  })

  test('of a long condition only the place that differs is shown', () => {
    const long = (rows: number) =>
      `  when: params.table != "${'a'.repeat(100)}" && params.rows > ${rows} && params.table != "${'z'.repeat(100)}"`
    const shown = `${'a'.repeat(21)}" && params.rows > «10 → 20» && params.table != "${'z'.repeat(19)}…`

    expect(changes(asks(long(10)), asks(long(20)))).toEqual([`data.export when: …${shown}`])
  })

  test('a rule that comes or goes is told whole', () => {
    const head = `${asks('')}
- id: table.secret
  description: Never.
  match: {actions: [db.export]}
  when: params.table == "secret"
  verdict: deny
`
    const lines = [
      'verdict: deny',
      'actions: db.export',
      'when: params.table == "secret"',
      'description: Never.',
    ]

    expect(changes(asks(''), head)).toEqual(lines.map((line) => `+ table.secret ${line}`))
    expect(changes(head, asks(''))).toEqual(lines.map((line) => `- table.secret ${line}`))
  })

  test('what is only written differently is no change', () => {
    const moved = loaded(
      bundleFiles({ 'rules/b.yaml': `# moved\n${asks('  when: |\n    params.rows\n    > 10')}` }),
    )

    expect(ruleChanges(bundle(asks('  when: params.rows > 10')), moved)).toEqual([])
  })
})
