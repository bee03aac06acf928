import { expect, test } from 'vitest'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { bundleChanges } from '../../../src/policyTools/difference/bundleChanges.ts'
import { readRecorded, writeRecorded } from '../../../src/policyTools/simulation/recorded.ts'
import { runTests } from '../../../src/policyTools/tests/runTests.ts'
import { skeletonFor } from '../../../src/policyTools/tests/skeleton.ts'
import { at, exportUsers } from '../../policy/ask.ts'
import { bundleFiles, bundleYaml, loaded } from '../../policy/files.ts'

const files = {
  'bundle.yaml': `${bundleYaml}run: {window: 1h}\n`,
  'rules/a.yaml': `- id: exports
  description: Exports are free.
  match: {actions: [db.export]}
  verdict: allow
- id: exports.after-reading
  description: After personal data was read, they are asked about.
  match: {actions: [db.export]}
  when: |
    "secret" in run.sensitivities && run.labels.exists(l, l == "contains=personal-data")
  verdict: require_approval
`,
}
const bundle = loaded(bundleFiles(files))
const head = `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {name: bot, owner: {id: U9, email: lee@acme.test}}
  time: 2026-11-24T14:00:00+01:00
  action: db.export
  resource: {type: table, id: w.users}
  params: {table: users, rows: 1}
tests:
`
const passes = (text: string) => runTests(bundle, bundleFiles({ ...files, 'tests/a.yaml': text })).ok

test('a test says what the run has read; without that, it has read nothing', () => {
  const run = '{sensitivities: [secret], labels: [contains=personal-data]}'

  expect(
    passes(`${head}  - {name: a, request: {}, expect: {verdict: allow}}
  - {name: b, request: {run: ${run}}, expect: {verdict: require_approval, decided_by: [exports.after-reading]}}
`),
  ).toBe(true)
  expect(passes(`${head}  - {name: a, request: {run: ${run}}, expect: {verdict: allow}}\n`)).toBe(false)
})

test('a test is suggested for a rule that goes by it, and passes', () => {
  const skeleton = skeletonFor(bundle, 'exports.after-reading') ?? ''

  expect(skeleton).toContain('run:')
  expect(passes(`apiVersion: countersign/v1\nkind: PolicyTests\ntests:\n${skeleton}`)).toBe(true)
})

test('what a run had read goes along with a request that is written down, and is judged again', () => {
  const run = { sensitivities: ['secret'], labels: ['contains=personal-data'] }
  const ask = { action: exportUsers, agent: { id: 'agt_1', name: 'bot' }, run, at }
  const written = readRecorded(writeRecorded({ id: 'req_1', ask }), { id: 'x', at })

  expect(written.ok && evaluate(bundle, written.recorded.ask).verdict.kind).toBe('require_approval')
  expect(evaluate(bundle, { ...ask, run: { sensitivities: [], labels: [] } }).verdict.kind).toBe('allow')
})

test('another window is told to those who decide about the change', () => {
  const other = loaded(bundleFiles({ ...files, 'bundle.yaml': `${bundleYaml}run: {window: 5m}\n` }))

  expect(bundleChanges(bundle, other)).toEqual(['bundle run window: 1h → 5m'])
})
