import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/json.ts'
import { factsOf } from '../../src/policy/ask.ts'
import { unsupported } from '../../src/policy/format/unsupported.ts'
import { problemCodes } from '../../src/policy/problem.ts'
import { explain } from '../../src/policyTools/explain/explain.ts'
import { lintFiles } from '../../src/policyTools/lint/lintBundle.ts'
import { readRecorded } from '../../src/policyTools/simulation/recorded.ts'
import { runTests } from '../../src/policyTools/tests/runTests.ts'
import { untested } from '../../src/policyTools/tests/untested.ts'
import { acme } from '../../src/sandbox/seed.ts'
import { loaded, refused } from './files.ts'

/** The tutorial and the reference: what the one begins, the other adds to. */
const page = ['docs/policy-tutorial.md', 'docs/policy.md']
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

/** Every example says in its first line what it is: a file of the page's bundle, or rules that are refused with a code. */
const examples = [...page.matchAll(/```yaml\n# (refused: )?(\S+)( \(added\))?\n([^`]*)```/g)].map(
  ([, isRefused, name = '', isAdded, text = '']) => ({
    isRefused: isRefused !== undefined,
    isAdded: isAdded !== undefined,
    name,
    text,
  }),
)
const files = new Map<string, string>()
for (const { isRefused, isAdded, name, text } of examples)
  if (!isRefused) files.set(name, isAdded ? `${files.get(name) ?? ''}${text}` : text)

describe('the policy page', () => {
  test('has only examples that say what they are', () => {
    expect(examples).toHaveLength([...page.matchAll(/```yaml/g)].length)
    expect(examples.length).toBeGreaterThan(5)
  })

  test('shows a bundle that loads', () => {
    expect(loaded(files).rules.map(({ id }) => id)).toEqual([
      'agents.exports',
      'agents.read',
      'code.read',
      'copy.elsewhere',
      'copy.inside',
      'data.export.prod',
      'data.export.small',
      'iam.role.change',
      'recipe.personal',
      'recipe.small',
      'recipe.weekend',
      'refund.routine',
      'run.copies',
    ])
  })

  test.each(examples.filter(({ isRefused }) => isRefused))(
    'shows rules that are refused with $name',
    ({ name, text }) => {
      expect(refused(new Map([...files, ['rules/refused.yaml', text]])).map(({ code }) => code)).toEqual([
        name,
      ])
    },
  )

  test('lists everything that is not supported, in the loader’s words', () => {
    for (const [name, instead] of unsupported) expect(page).toContain(`| \`${name}\` | ${instead} |`)
  })

  test('lists every code', () => {
    for (const [code, meaning] of Object.entries(problemCodes))
      expect(page).toContain(`| \`${code}\` | ${meaning} |`)
  })
})

const [, toFirstRule = '', toNarrowing = ''] =
  /## The first rule in five minutes\n([\s\S]*?)### Only large exports\n([\s\S]*?)\n## /.exec(page) ?? []
const filesOf = (section: string) =>
  new Map(
    [...section.matchAll(/```yaml\n# (\S+)\n([^`]*)```/g)].map(([, name = '', text = '']) => [name, text]),
  )
const first = filesOf(toFirstRule)
const narrowed = new Map([...first, ...filesOf(toNarrowing)])
const request: unknown = JSON.parse(/```json\n([^`]*)```/.exec(toFirstRule)?.[1] ?? 'null')

/** What lint says that is more than a note, and the tests that fail. */
function wrongWith(files: ReadonlyMap<string, string>) {
  const { findings } = lintFiles(files)
  const { files: ran, survivors } = runTests(loaded(files), files)
  const results = ran.flatMap((file) => file.results)
  return {
    findings: [...untested(files), ...findings].map(({ code }) => code),
    failed: results.filter(({ passed }) => !passed),
    passed: results.filter(({ passed }) => passed).length,
    survivors,
  }
}

function verdictOf(files: ReadonlyMap<string, string>) {
  const read = readRecorded(request as Json, { id: 'page', at: '2026-11-24T13:00:00Z' }) // parsed edge
  if (!read.ok) throw new Error(read.wrong)
  const bundle = loaded(files)
  const { verdict } = explain(bundle, read.recorded.ask.action, factsOf(bundle, read.recorded.ask)).evaluation
  return { kind: verdict.kind, rules: verdict.rules }
}

describe('the first rule in five minutes', () => {
  test('is five files that lint finds nothing in, with a test that passes and notices every mistake', () => {
    expect([...first.keys()]).toEqual([
      'bundle.yaml',
      'actions.yaml',
      'rules/data.yaml',
      'resources.yaml',
      'tests/first.yaml',
    ])
    expect(wrongWith(first)).toEqual({ findings: [], failed: [], passed: 1, survivors: [] })
  })

  test('explains its request as the page says', () => {
    expect(verdictOf(first)).toEqual({ kind: 'require_approval', rules: ['data.export.prod'] })
  })

  test('names only groups, people and channels of the sandbox', () => {
    const known = [acme.usergroups, acme.members, acme.channels].flat().map(({ id }) => id)
    const named = [...(first.get('bundle.yaml') ?? '').matchAll(/slack_\w+: (\w+)/g)].map(([, id]) => id)

    expect(named).toHaveLength(6)
    expect(known).toEqual(expect.arrayContaining(named))
  })

  test('the line for large exports alone breaks the test, in the words of the page', () => {
    const rule = first.get('rules/data.yaml') ?? ''
    const line = rule.replace('when: ', 'when: params.rows > 1000 && ')

    const { failed } = wrongWith(new Map([...first, ['rules/data.yaml', line]]))

    expect(failed).toHaveLength(1)
    for (const { field, expected, actual } of failed.flatMap(({ differences }) => differences))
      expect(toNarrowing).toContain(`${field}: expected ${expected}, got ${actual}`)
  })

  test('with the rule that allows, lint and tests are clean and the small export runs', () => {
    expect(wrongWith(narrowed)).toEqual({ findings: [], failed: [], passed: 4, survivors: [] })
    expect(verdictOf(narrowed)).toEqual({ kind: 'allow', rules: ['data.export.small'] })
  })
})

test('the budgets of the page pass their tests, which notice every mistake in the rule', () => {
  const { files: ran, survivors } = runTests(loaded(files), files)
  const refunds = ran.find(({ file }) => file === 'tests/refunds.yaml')?.results ?? []

  expect(refunds.map(({ passed }) => passed)).toEqual([true, true, true, true, true])
  expect(survivors.filter(({ rule }) => rule === 'refund.routine')).toEqual([])
})

test.each([
  ['r"\\bprod\\b"', []],
  ['"\\\\bprod\\\\b"', []],
  ['"\\b"', ['cel/bad-regex']],
])('a backslash in the pattern %s is read as the page says', (pattern, codes) => {
  const rule = `- id: pattern\n  description: A pattern.\n  match: {actions: [db.export]}\n  when: |\n    params.table.matches(${pattern})\n  verdict: deny\n`
  const withPattern = new Map([...first, ['rules/pattern.yaml', rule]])

  expect(page).toContain(pattern)
  expect(
    codes.length === 0 ? loaded(withPattern).rules.length : refused(withPattern).map(({ code }) => code),
  ).toEqual(codes.length === 0 ? 2 : codes)
})
