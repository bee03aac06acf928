import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { explainCommand } from '../../src/cli/policy/explain.ts'
import { lintCommand } from '../../src/cli/policy/lint.ts'
import { schemaCommand } from '../../src/cli/policy/schema.ts'
import { type SimulateOptions, simulateCommand } from '../../src/cli/policy/simulate.ts'
import { testCommand } from '../../src/cli/policy/test.ts'
import { bundleFiles } from '../policy/files.ts'
import { bundle, directoryOf, rule, steady, tests } from './bundles.ts'

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
const requestFile = () => file('request.json', JSON.stringify(request, null, 2))
const requestsFile = (...requests: readonly unknown[]) =>
  file('requests.jsonl', requests.map((one) => `${JSON.stringify(one)}\n`).join('\n'))

describe('policy lint', () => {
  const broken = () => bundle({ 'rules/a.yaml': rule.replace('params.rows', 'params.row') })

  test('a clean bundle is exit code 0', () => {
    const directory = bundle()

    const { text, exitCode } = lintCommand(directory, { format: 'text' })

    expect(exitCode).toBe(0)
    expect(text).toContain('1 rule, 4 actions · 0 errors')
  })

  test('as annotations: one line each, on the file of the repository', () => {
    const directory = broken()

    const { text } = lintCommand(directory, { format: 'github' })

    expect(text).toContain(
      `::error file=${directory}/rules/a.yaml,line=4,col=15,title=cel/unknown-field in export.bulk::`,
    )
    expect(text.trimEnd().split('\n')).toHaveLength(1)
  })

  test('as JSON', () => {
    const { text } = lintCommand(broken(), { format: 'json' })

    expect(JSON.parse(text)).toMatchObject({
      bundle: null,
      findings: [{ level: 'error', code: 'cel/unknown-field' }],
    })
  })

  test('warnings and notes do not fail', () => {
    const free = '- {id: free, description: Copies are free., match: {actions: [s3.copy]}, verdict: allow}\n'

    const { text, exitCode } = lintCommand(bundle({ 'rules/b.yaml': free }), { format: 'text' })

    expect(text).toContain('warning allow/unconditional')
    expect(exitCode).toBe(0)
  })

  test('against the bundle it would replace, edits that can weaken are noted', () => {
    const head = bundle({
      'rules/a.yaml': rule.replace('params.rows > 1000', 'params.rows > 1000\n  unless: params.table == "x"'),
    })

    const { text, exitCode } = lintCommand(head, { format: 'text', base: bundle() })

    expect(text).toContain('loosen/unless')
    expect(exitCode).toBe(0)
  })

  test('a catalogue that no change of the policy fits is an error: it could never be changed again', () => {
    const actions = `${bundleFiles().get('actions.yaml')}  policy.activate: {effect: admin, params: {digest: string}}\n`

    const { text, exitCode } = lintCommand(bundle({ 'actions.yaml': actions }), { format: 'text' })

    expect(text).toContain('activation/parameters')
    expect(exitCode).toBe(1)
  })

  test('a directory that cannot be read says so', () => {
    expect(() => lintCommand('/there/is/none', { format: 'text' })).toThrow(/could not be read/)
  })
})

describe('policy test', () => {
  test('as annotations and as JSON', () => {
    const directory = bundle({ 'rules/a.yaml': rule.replace('45m', '30m') })

    expect(testCommand(directory, { format: 'github' }).text).toContain(
      `::error file=${directory}/tests/a.yaml,line=9,col=1,title=a bulk export needs Security::expires_in: expected`,
    )
    expect(JSON.parse(testCommand(directory, { format: 'json' }).text)).toMatchObject({
      ok: false,
      failed: 1,
    })
  })

  test('a test file that cannot be read fails', () => {
    const directory = bundle({ 'tests/a.yaml': tests.replace('expect:', 'expcet:') })

    expect(testCommand(directory, { format: 'text' }).exitCode).toBe(1)
  })
})

describe('policy explain', () => {
  test('a request in a file', async () => {
    const { text, exitCode } = await explainCommand(bundle(), requestFile(), { format: 'text' })

    expect(exitCode).toBe(0)
    expect(text).toContain('db.export on warehouse.users (prod) by nightly')
    expect(text).toContain('when   true    params.rows > 1000    [params.rows = 5000]')
  })

  test('as JSON, with the whole evaluation', async () => {
    const { text } = await explainCommand(bundle(), requestFile(), { format: 'json' })

    expect(JSON.parse(text)).toMatchObject({
      evaluation: { verdict: { kind: 'require_approval', rules: ['export.bulk'] } },
    })
  })

  test.each([
    ['is not JSON', '{', /is not JSON/],
    ['is not a request', '{"action": "db.export"}', /is not a request. .resource. is missing/],
  ])('what %s is refused with its place', (_, text, message) => {
    const directory = bundle()

    expect(() => explainCommand(directory, file('r.json', text), { format: 'text' })).toThrow(message)
  })

  test('nothing to explain says what to give', () => {
    expect(() => explainCommand('policies', undefined, { format: 'text' })).toThrow(/nothing to explain/)
  })
})

describe('policy simulate', () => {
  const options = (
    given: Pick<SimulateOptions, 'base' | 'head'> & Partial<SimulateOptions>,
  ): SimulateOptions => ({
    format: 'text',
    last: 10,
    ...given,
  })
  const looser = () =>
    bundle({
      'rules/a.yaml': rule
        .replace('count: 1', 'count: 1}\n      - {name: data, from: [group:data], count: 1')
        .replace('45m', '30m'),
    })

  test.each([
    ['one request', request],
    ['a list of requests', [request, request]],
  ])('%s over several lines is refused with how to put one on each line', async (_, value) => {
    const spread = file('ask.json', JSON.stringify(value, null, 2))

    await expect(simulateCommand(spread, options({ base: bundle(), head: bundle() }))).rejects.toThrow(
      expect.objectContaining({ fix: expect.stringContaining('Write each request on one line') }),
    )
  })

  test('unchanged is exit code 0', async () => {
    const { text, exitCode } = await simulateCommand(
      requestsFile(request),
      options({ base: bundle(), head: bundle() }),
    )

    expect(exitCode).toBe(0)
    expect(text).toContain('unchanged 1 · tightened 0 · loosened 0')
  })

  test('as annotations: the summary, then each group', async () => {
    const { text } = await simulateCommand(
      requestsFile(request),
      options({ base: looser(), head: bundle(), format: 'github' }),
    )

    const [summary, group] = text.split('\n')
    expect(summary).toMatch(
      /^::warning title=policy simulation::Of the last request, 1 would be judged more loosely/,
    )
    expect(group).toMatch(
      /^::warning title=loosened%3A 1 × db\.export::require_approval\(export\.bulk\) → .*%0Aapprovals/,
    )
  })

  test('what was replayed can be saved for its reader alone, and replayed again', async () => {
    const path = join(directoryOf(new Map()), 'saved.jsonl')
    const [base, head] = [looser(), bundle()]

    const first = await simulateCommand(requestsFile(request), options({ base, head, save: path }))
    const again = await simulateCommand(path, options({ base, head }))

    expect(steady(again.text)).toBe(steady(first.text))
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('a file without requests is refused: a green check would have checked nothing', async () => {
    const path = file('requests.jsonl', '\n\n')

    await expect(simulateCommand(path, options({ base: bundle(), head: bundle() }))).rejects.toMatchObject({
      message: `${path} holds no requests, so nothing was compared.`,
      fix: expect.stringContaining('--save'),
    })
  })

  test('a wrong line is refused by its number', async () => {
    const path = requestsFile(request, { action: 'x' })

    await expect(simulateCommand(path, options({ base: bundle(), head: bundle() }))).rejects.toThrow(
      /:3 is not a request/,
    )
  })

  test('a head that does not load is refused, not compared', async () => {
    const head = bundle({ 'rules/a.yaml': '- {' })

    await expect(simulateCommand(requestsFile(request), options({ base: bundle(), head }))).rejects.toThrow(
      /does not load/,
    )
  })
})

test('policy schema says what to name where it was given a file', () => {
  expect(() => schemaCommand(file('there.json', '{}'))).toThrow(
    expect.objectContaining({ fix: expect.stringContaining('Name a directory') }),
  )
})

test('policy schema writes a schema for every file, as they are kept in docs', () => {
  const directory = join(directoryOf(new Map()), 'schema')

  const { text } = schemaCommand(directory)

  const names = readdirSync(directory)
  expect(text.trimEnd().split('\n')).toHaveLength(names.length)
  expect(names.filter((name) => !existsSync(join('docs/schema', name)))).toEqual([])
  for (const name of names)
    expect(readFileSync(join(directory, name), 'utf8')).toBe(readFileSync(join('docs/schema', name), 'utf8'))
})
