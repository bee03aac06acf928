import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Printed } from '../../src/cli/policy/printed.ts'
import { bundleFiles } from '../policy/files.ts'
import { bundle, directoryOf, rule, tests } from './bundles.ts'
import { expectGolden, expectGoldens, runPolicy } from './golden.ts'
import { halfFixedBundle, seededBundle } from './seeded.ts'

const request = {
  id: 'req_1',
  at: '2026-11-24T14:00:00+01:00',
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { table: 'users', rows: 5_000 },
  environment: 'prod',
  agent: { id: 'nightly' },
}
const file = (name: string, text: string) => join(directoryOf(new Map([[name, text]])), name)
const requestFile = (change: object = {}) => file('request.json', JSON.stringify({ ...request, ...change }))
const requests = (...lines: readonly unknown[]) =>
  file('requests.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

const broken = { 'rules/a.yaml': rule.replace('params.rows', 'params.row') }
const failing = { 'rules/a.yaml': rule.replace('45m', '30m') }
const untested = () => directoryOf(bundleFiles({ 'rules/a.yaml': rule }))
const denial = '- {id: copies, description: Nothing is copied., match: {actions: [s3.copy]}, verdict: deny}\n'
const before = (changes: Readonly<Record<string, string>> = {}) => bundle(changes, 'main/policies')
/** Two people are asked, for a shorter time. */
const twoAsked = {
  'rules/a.yaml': rule
    .replace('count: 1', 'count: 1}\n      - {name: data, from: [group:data], count: 1')
    .replace('45m', '30m'),
}
const compared = (base: string, head: string, ...lines: readonly unknown[]) => [
  requests(...lines),
  '--base',
  base,
  '--head',
  head,
]

type Case = readonly [golden: string, exitCode: Printed['exitCode'], words: () => readonly string[]]
const cases: readonly Case[] = [
  ['lint-clean', 0, () => ['lint', bundle()]],
  ['lint-error', 1, () => ['lint', bundle(broken)]],
  ['lint-seeded', 1, () => ['lint', seededBundle()]],
  ['lint-seeded-half-fixed', 1, () => ['lint', halfFixedBundle()]],
  ['lint-untested', 1, () => ['lint', untested()]],
  [
    'lint-base',
    0,
    () => {
      const other = tests.replace('needs Security', 'needs somebody')
      const base = before({ ...twoAsked, 'rules/b.yaml': denial })
      return ['lint', bundle({ 'tests/a.yaml': other }), '--base', base]
    },
  ],
  ['test-passing', 0, () => ['test', bundle()]],
  ['test-failing', 1, () => ['test', bundle(failing)]],
  ['test-unreadable', 1, () => ['test', bundle({ 'tests/a.yaml': tests.replace('expect:', 'expcet:') })]],
  ['test-untested', 1, () => ['test', untested()]],
  ['explain-file', 0, () => ['explain', bundle(), requestFile()]],
  ['explain-file-unmatched', 0, () => ['explain', bundle(), requestFile({ action: 'db.drop' })]],
  ['simulate-unchanged', 0, () => ['simulate', ...compared(before(), bundle(), request)]],
  ['simulate-tightened', 0, () => ['simulate', ...compared(before(failing), bundle(twoAsked), request)]],
  ['simulate-command', 2, () => ['simulate', ...compared(before(twoAsked), bundle(), request, request)]],
]

describe('what a command prints, in every format', () => {
  test.each(cases)('%s', async (golden, exitCode, words) => {
    const given = words()

    await expectGoldens(golden, exitCode, (format) => runPolicy(...given, '--format', format))
  })
})

const faults: readonly (readonly [golden: string, words: () => readonly string[]])[] = [
  ['lint-no-directory', () => ['lint', '/there/is/none']],
  ['lint-base-broken', () => ['lint', bundle(), '--base', before(broken)]],
  ['test-broken', () => ['test', bundle(broken)]],
  ['explain-nothing', () => ['explain', 'policies']],
  ['explain-broken', () => ['explain', bundle(broken), requestFile()]],
  ['explain-not-json', () => ['explain', bundle(), file('request.json', '{')]],
  ['explain-no-request', () => ['explain', bundle(), file('request.json', '{"action": "db.export"}')]],
  ['simulate-no-requests', () => ['simulate', ...compared(before(), bundle())]],
  [
    'simulate-spread',
    () => [
      'simulate',
      file('ask.json', JSON.stringify([request], null, 2)),
      '--base',
      before(),
      '--head',
      bundle(),
    ],
  ],
  ['schema-file', () => ['schema', join(bundle(), 'bundle.yaml')]],
  ['simulate-wrong-line', () => ['simulate', ...compared(before(), bundle(), request, { action: 'x' })]],
  ['simulate-head-broken', () => ['simulate', ...compared(before(), bundle(broken), request)]],
]

describe('a command that cannot do its work says what fixes it', () => {
  test.each(faults)('%s', async (golden, words) => {
    const printed = await runPolicy(...words())

    expect(printed.exitCode).toBe(1)
    await expectGolden(golden, printed)
  })
})

test('policy schema says which files it wrote', async () => {
  const printed = await runPolicy('schema', join(directoryOf(new Map()), 'schema'))

  expect(printed.exitCode).toBe(0)
  await expectGolden('schema', printed)
})

test('all seventeen seeded defects are found: ten at first, and the rest when those are fixed', async () => {
  const rulesIn = async (directory: string) => {
    const { text } = await runPolicy('lint', directory, '--format', 'json')
    const findings: readonly { readonly rule: string | null; readonly level: string }[] =
      JSON.parse(text).findings
    const wrong = findings.filter(({ level, rule }) => level !== 'note' && rule?.startsWith('s.'))
    return new Set(wrong.map(({ rule }) => rule))
  }

  const [first, next] = [await rulesIn(seededBundle()), await rulesIn(halfFixedBundle())]

  expect([first.size, next.size]).toEqual([10, 7])
  expect(new Set([...first, ...next]).size).toBe(17)
})

test('every golden file is what some test compares', () => {
  const written = ['test/cli', 'test/policy', 'test/policyTools', 'test/e2e']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
  const names = readdirSync('test/golden', { withFileTypes: true })
    .filter((found) => found.isFile())
    .map(({ name }) => name.split('.')[0] ?? name)

  expect(names.filter((name) => !new RegExp(`['/]${name}(['.])`).test(written))).toEqual([])
})
