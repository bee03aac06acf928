import { describe, expect, test } from 'vitest'
import { runTests, type TestReport } from '../../../src/policy/tests/runTests.ts'
import { sayTests } from '../../../src/policy/tests/sayTests.ts'
import { skeletonFor } from '../../../src/policy/tests/skeleton.ts'
import { bundleFiles, loaded } from '../files.ts'

const rules = `- id: export.bulk
  description: A bulk export needs the data group, and two of Security.
  match: {actions: [db.export], environments: [prod]}
  when: params.rows > 1000
  unless: params.table == "public"
  verdict: require_approval
  require:
    approvals:
      - {name: data, from: [owner, group:data], count: 1}
      - {name: security, from: [group:security], count: 2}
    deny_count: 2
    reason: {min_length: 20, pattern: '^CHG-'}
    confirm: {type: typed, value: params.table}
    expires_in: 30m
    grant: {ttl: 5m}
  notify: {channel: channel:security, remind: [10m], escalate: [{after: 20m, to: group:platform}]}
- id: export.night
  description: Only watches.
  match: {actions: [db.export], environments: [prod]}
  mode: observe
  when: params.rows > 1000
  verdict: deny
- id: copy.never
  description: Nothing is copied.
  match: {actions: [s3.copy]}
  verdict: deny
  message: Copies are made by people.
`
const head = `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {id: bot, owner: {id: U9, email: lee@acme.test}}
  initiator: {id: U1, email: dana@acme.test, groups: [eng]}
  time: 2026-11-24T14:00:00+01:00
  action: db.export
  resource: {type: table, id: w.users, sensitivity: restricted, owner: user:omar}
  params: {table: users, rows: 1001}
tests:
`
const right = `{verdict: require_approval, code: rules, decided_by: [export.bulk], observed: [export.night],
      approvals: {data: {count: 1, from: [owner, group:data]}, security: 2}, separation: [agent_owner, initiator],
      deny_count: 2, expires_in: 30m, grant: {ttl: 5m, uses: 1}, reason: {min_length: 20, patterns: ['^CHG-']},
      confirm: [users], step_up: false, channels: [channel:security], remind: [10m],
      escalate: [{after: 20m, to: group:platform}], break_glass: false, message: false}`

const files = (tests: string, more: Record<string, string> = {}) =>
  bundleFiles({ 'rules/a.yaml': rules, 'tests/a.yaml': head + tests, ...more })
function run(tests: string): TestReport {
  const all = files(tests)
  return runTests(loaded(all), all)
}
const differences = (tests: string) =>
  run(tests).files.flatMap(({ results }) => results.flatMap((one) => one.differences))
const one = (expected: string, more = '') =>
  `  - name: one\n    request: {}\n    expect: ${expected}\n${more}`
const voting = (...steps: readonly string[]) =>
  one('{verdict: require_approval}', `    approvals:\n${steps.map((step) => `      - {${step}}\n`).join('')}`)

describe('what a test expects', () => {
  test('every field can be stated, and holds', () => {
    expect(differences(one(right))).toEqual([])
  })

  test.each([
    ['verdict: deny', 'verdict', '"deny"', '"require_approval"'],
    ['code: unmatched', 'code', '"unmatched"', '"rules"'],
    ['decided_by: []', 'decided_by', '[]', '["export.bulk"]'],
    [
      'decided_by: [export.bulk, copy.never]',
      'decided_by',
      '["copy.never","export.bulk"]',
      '["export.bulk"]',
    ],
    ['observed: []', 'observed', '[]', '["export.night"]'],
    ['approvals: {data: 1}', 'approvals', '{"data":1}', '{"data":1,"security":2}'],
    ['approvals: {data: 1, security: 1}', 'approvals', '{"data":1,"security":1}', '{"data":1,"security":2}'],
    ['separation: [initiator]', 'separation', '["initiator"]', '["agent_owner","initiator"]'],
    ['deny_count: 1', 'deny_count', '1', '2'],
    ['expires_in: 45m', 'expires_in', '"45m"', '"30m"'],
    ['grant: {ttl: 10m}', 'grant.ttl', '"10m"', '"5m"'],
    ['reason: false', 'reason', 'false', '{"minLength":20,"patterns":["^CHG-"]}'],
    ['reason: {min_length: 10}', 'reason.min_length', '10', '20'],
    ['reason: {patterns: []}', 'reason.patterns', '[]', '["^CHG-"]'],
    ['confirm: []', 'confirm', '[]', '["users"]'],
    ['step_up: passkey', 'step_up', '"passkey"', 'false'],
    ['channels: []', 'channels', '[]', '["channel:security"]'],
    ['remind: [5m]', 'remind', '["5m"]', '["10m"]'],
    ['escalate: []', 'escalate', '[]', '["20m group:platform"]'],
    ['break_glass: true', 'break_glass', 'true', 'false'],
    ['message: Hello., ', 'message', '"Hello."', 'null'],
  ])('%s is compared', (expected, field, wanted, got) => {
    const actual = got === 'null' ? 'nothing, because nobody is asked' : got

    expect(differences(one(`{${expected}}`))).toEqual([{ field, expected: wanted, actual }])
  })

  test('who is in a leg', () => {
    expect(differences(one('{approvals: {data: {from: [group:data]}, security: 2}}'))).toEqual([
      { field: 'approvals.data.from', expected: '["group:data"]', actual: '["group:data","owner"]' },
    ])
  })

  test('what is only asked of people is told apart when nobody is asked', () => {
    const denied =
      '  - name: one\n    request: {action: s3.copy, params: {bucket: b}}\n    expect: {expires_in: 1h}\n'

    expect(differences(denied)).toEqual([
      { field: 'expires_in', expected: '"1h"', actual: 'nothing, because nobody is asked' },
    ])
  })
})

describe('a voting script', () => {
  test('plays separation, sets, seats, denials, escalations and the end', () => {
    expect(
      differences(
        voting(
          'by: {id: U1, groups: [group:data]}, expect: rejected, because: initiator',
          'by: {id: U9, groups: [group:data]}, expect: rejected, because: agent_owner',
          'by: {id: U2}, expect: rejected, because: not_in_leg',
          'by: {id: U3, groups: [group:data, group:security]}, expect: pending',
          'by: {id: U3, groups: [group:security]}, decision: deny, expect: rejected, because: already_decided',
          'by: {id: U4, groups: [group:security]}, decision: deny, expect: pending',
          'by: {id: U5, groups: [group:platform]}, after: 19m, expect: rejected, because: not_in_leg',
          'by: {id: U5, groups: [group:platform]}, after: 20m, expect: pending',
          'by: {id: user:omar}, after: 29m, expect: approved',
          'by: {id: U6, groups: [group:security]}, expect: rejected, because: wrong_state',
        ),
      ),
    ).toEqual([])
  })

  test('says what came of a step instead', () => {
    expect(
      differences(
        voting('by: {id: U1}, expect: approved', 'by: {id: U3, groups: [group:data]}, expect: rejected'),
      ),
    ).toEqual([
      { field: 'approvals step 1 (U1)', expected: 'approved', actual: 'rejected (initiator)' },
      { field: 'approvals step 2 (U3)', expected: 'rejected', actual: 'pending' },
    ])
  })

  test('the wrong reason for a refusal is a difference', () => {
    expect(differences(voting('by: {id: U1}, expect: rejected, because: not_in_leg'))).toEqual([
      { field: 'approvals step 1 (U1)', expected: 'rejected (not_in_leg)', actual: 'rejected (initiator)' },
    ])
  })

  test('enough denials end it, and the expiry too', () => {
    const deny = (id: string, more: string) =>
      `by: {id: ${id}, groups: [group:security]}, decision: deny, ${more}`

    expect(differences(voting(deny('U3', 'expect: pending'), deny('U4', 'expect: denied')))).toEqual([])
    expect(differences(voting(deny('U3', 'after: 30m, expect: rejected, because: wrong_state')))).toEqual([])
  })

  test('a person is the same under either of their names', () => {
    const steps = voting(
      'by: {id: user:omar}, expect: pending',
      'by: {id: U0OMAR}, expect: rejected, because: already_decided',
    )

    expect(differences(steps)).toEqual([])
  })

  test('there is nothing to vote on where nobody is asked', () => {
    const denied =
      '  - name: one\n    request: {action: s3.copy, params: {bucket: b}}\n    expect: {verdict: deny}\n    approvals: [{by: {id: U3}, expect: approved}]\n'

    expect(differences(denied)).toEqual([
      { field: 'approvals (script)', expected: '1 steps', actual: 'nothing to vote on: nobody is asked' },
    ])
  })
})

describe('test files that cannot be read', () => {
  const problems = (text: string) => {
    const all = bundleFiles({ 'rules/a.yaml': rules, 'tests/a.yaml': text })
    const report = runTests(loaded(all), all)
    expect(report.ok).toBe(false)
    return report.problems.map(({ line, code, message }) => `${line} ${code} ${message}`)
  }

  test.each([
    [
      'an unknown property',
      head + one('{verdict: deny, decides: [x]}'),
      /14 schema\/unknown-property .*decides/,
    ],
    ['an empty expectation', head + one('{}'), /schema\/value .*must expect something/],
    ['nothing at all', '', /schema\//],
    ['an alias', `${head}  - &a {name: x, request: {}, expect: {verdict: deny}}\n`, /yaml\/alias/],
    [
      'a missing agent',
      head.replace(/ {2}agent:.*\n/, '') + one('{verdict: deny}'),
      /schema\/missing `agent` is missing: add it to the request, or to `base`/,
    ],
    [
      'a time without a zone',
      head.replace('+01:00', '') + one('{verdict: deny}'),
      /`time` must be a time with its zone/,
    ],
    [
      'a name twice',
      head + one('{verdict: deny}') + one('{verdict: deny}'),
      /schema\/value Another test of this file/,
    ],
    [
      'a group that is not there',
      head + voting('by: {id: U2, groups: [group:securty]}, expect: rejected'),
      /directory\/unknown .*Did you mean "group:security"/,
    ],
  ])('%s', (_, text, said) => {
    expect(problems(text)).toEqual([expect.stringMatching(said)])
  })
})

describe('the report', () => {
  const pass = `  - name: bulk\n    request: {}\n    expect: ${right}\n`
  const edge =
    '  - name: not quite bulk\n    request: {params: {table: users, rows: 1000}}\n    expect: {decided_by: [], observed: []}\n'
  const exception =
    '  - name: public\n    request: {params: {table: public, rows: 5000}}\n    expect: {decided_by: []}\n'
  const copy =
    '  - name: copies\n    request: {action: s3.copy, params: {bucket: b}}\n    expect: {verdict: deny}\n'

  test('lists the mistakes that no test would notice, until tests notice them', () => {
    const survivors = (tests: string) =>
      run(tests).survivors.map(({ rule, what, line }) => `${line} ${rule} ${what}`)

    expect(survivors(pass)).toEqual([
      '23 copy.never the rule taken away',
      '1 export.bulk `unless` taken away',
      '4 export.bulk `>` as `>=` in params.rows > 1000',
      '21 export.night `>` as `>=` in params.rows > 1000',
    ])
    expect(survivors(pass + edge + exception + copy)).toEqual([])
  })

  test('tells rules that no test reaches, and rules that never decide', () => {
    const wide = rules.replace('  mode: observe\n', '').replace('verdict: deny\n', 'verdict: allow\n')
    const all = bundleFiles({
      'rules/a.yaml': wide,
      'tests/a.yaml': head + one('{verdict: require_approval}'),
    })

    expect(runTests(loaded(all), all).coverage).toEqual({
      rules: 3,
      reached: 2,
      neverMatched: ['copy.never'],
      neverDecisive: ['export.night'],
    })
  })

  test('is text that a reviewer can read', () => {
    const failing = run(`${pass}  - name: a shorter wait\n    request: {}\n    expect: {expires_in: 45m}\n`)

    expect(sayTests(failing, 24.6)).toBe(`tests/a.yaml
  ✓ bulk
  ✗ a shorter wait
      expires_in: expected "45m", got "30m"

1 passed, 1 failed · 25 ms
rule coverage 2/3 · never matched: copy.never
mistakes that no test notices are looked for once everything passes
`)
    expect(sayTests(run(pass + edge + exception + copy), null)).toContain(
      '4 passed, 0 failed\nrule coverage 3/3\nevery mistake that was tried makes a test fail\n',
    )
    expect(sayTests(run(pass), null)).toContain(
      '  rules/a.yaml:4  export.bulk  `>` as `>=` in params.rows > 1000\n',
    )
  })

  test('a name cannot steer the terminal of whoever reads it', () => {
    const named = run('  - name: "\\e[2Kfine\\u202e"\n    request: {}\n    expect: {verdict: deny}\n')

    expect(sayTests(named, null)).toContain('  ✗ �[2Kfine�\n')
  })

  test('no tests at all is said', () => {
    const none = bundleFiles({ 'rules/a.yaml': rules })

    expect(sayTests(runTests(loaded(none), none), null)).toContain('There are no tests')
  })

  test('a skeleton for a rule is a test that passes and reaches it', () => {
    for (const id of ['export.bulk', 'export.night', 'copy.never']) {
      const skeleton = skeletonFor(loaded(files('  []')), id) ?? ''
      const all = files(skeleton)
      const report = runTests(loaded(all), all)

      expect(report.problems).toEqual([])
      expect(report).toMatchObject({ passed: 1, failed: 0 })
      expect(report.coverage.neverMatched).not.toContain(id)
    }
  })
})
