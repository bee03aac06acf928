import { runTests, type TestReport } from '../../../src/policyTools/tests/runTests.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'

/** Rules that say something about everything a test can expect. */
export const rules = `- id: export.bulk
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
/** A test file up to its tests. */
export const head = `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {name: bot, owner: {id: U9, email: lee@acme.test}}
  initiator: {id: U1, email: dana@acme.test, groups: [eng]}
  time: 2026-11-24T14:00:00+01:00
  action: db.export
  resource: {type: table, id: w.users, sensitivity: restricted, owner: user:omar}
  params: {table: users, rows: 1001}
tests:
`
/** Everything that there is to expect of the request in it, as it is. */
export const right = `{verdict: require_approval, code: rules, decided_by: [export.bulk], observed: [export.night],
      approvals: {data: {count: 1, from: [owner, group:data]}, security: 2}, separation: [agent_owner, initiator],
      deny_count: 2, expires_in: 30m, grant: {ttl: 5m, uses: 1}, reason: {min_length: 20, patterns: ['^CHG-']},
      confirm: [users], step_up: false, via: [thread, card], channels: [channel:security], remind: [10m],
      escalate: [{after: 20m, to: group:platform}], break_glass: false, message: false}`

/** The bundle with these tests. */
export const files = (tests: string, more: Record<string, string> = {}) =>
  bundleFiles({ 'rules/a.yaml': rules, 'tests/a.yaml': head + tests, ...more })

export function run(tests: string): TestReport {
  const all = files(tests)
  return runTests(loaded(all), all)
}

/** What came otherwise than was expected, of all tests. */
export const differences = (tests: string) =>
  run(tests).files.flatMap(({ results }) => results.flatMap((one) => one.differences))

/** One test of that request; `more` are further lines of it. */
export const one = (expected: string, more = '') =>
  `  - name: one\n    request: {}\n    expect: ${expected}\n${more}`

/** One with a voting script. */
export const voting = (...steps: readonly string[]) =>
  one('{verdict: require_approval}', `    approvals:\n${steps.map((step) => `      - {${step}}\n`).join('')}`)
