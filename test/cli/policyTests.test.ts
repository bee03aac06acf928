import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lintCommand } from '../../src/cli/policy/lint.ts'
import { testCommand } from '../../src/cli/policy/test.ts'
import { bundleFiles } from '../policy/files.ts'
import { bundle, directoryOf, rule, tests } from './bundles.ts'

const untestedBundle = () => directoryOf(bundleFiles({ 'rules/a.yaml': rule }))

test('tests that were taken away are noted too', () => {
  const other = tests.replace('a bulk export needs Security', 'a large export needs Security')

  const { text } = lintCommand(bundle({ 'tests/a.yaml': other }), { format: 'text', base: bundle() })

  expect(text).toContain('A test was taken away: “a bulk export needs Security”.')
})

test('a bundle without tests is an error: it could not be made active', () => {
  const { text, exitCode } = lintCommand(untestedBundle(), { format: 'text' })

  expect(text).toMatch(/error +activation\/untested .*\n.*put one into tests\/first\.yaml/)
  expect(exitCode).toBe(1)
})

test('no tests at all is exit code 1, in every format', () => {
  const directory = untestedBundle()

  expect(testCommand(directory, { format: 'text' })).toMatchObject({
    exitCode: 1,
    text: expect.stringContaining('There are no tests, so nothing was checked'),
  })
  expect(testCommand(directory, { format: 'github' }).text).toMatch(/^::error .*title=activation\/untested/)
  expect(JSON.parse(testCommand(directory, { format: 'json' }).text)).toMatchObject({ ok: false })
})

test('the first test that is offered passes, also for a bundle without rules', () => {
  for (const directory of [untestedBundle(), directoryOf(bundleFiles())]) {
    const { text } = testCommand(directory, { format: 'text' })

    mkdirSync(join(directory, 'tests'))
    writeFileSync(join(directory, 'tests/first.yaml'), text.slice(text.indexOf('apiVersion')))

    expect(testCommand(directory, { format: 'text' })).toMatchObject({ exitCode: 0 })
  }
})

const head = 'apiVersion: countersign/v1\nkind: PolicyTests\n'

test.each([
  ['empty', '', 'activation/untested'],
  ['nothing but a comment', '# soon\n', 'activation/untested'],
  ['without a test', `${head}tests: []\n`, 'activation/untested'],
  ['with a name misspelt', tests.replace('expect:', 'expects:'), 'Did you mean "expect"?'],
  ['no YAML', `${head}tests:\n  - name: "a" b\n`, 'yaml/syntax'],
])('lint finds a test file that is %s, and so do the tests', (_, text, says) => {
  const directory = directoryOf(bundleFiles({ 'rules/a.yaml': rule, 'tests/first.yaml': text }))

  const lint = lintCommand(directory, { format: 'text' })
  const ran = testCommand(directory, { format: 'github' })

  expect(lint).toMatchObject({ exitCode: 1, text: expect.stringContaining(says) })
  expect(lint.text).toContain('tests/first.yaml:')
  expect(ran).toMatchObject({ exitCode: 1, text: expect.stringContaining(says) })
})

test('control: lint has nothing against a bundle whose tests can be read', () => {
  expect(lintCommand(bundle(), { format: 'text' })).toMatchObject({ exitCode: 0 })
})

test('a bundle with another test file that says something is not untested', () => {
  const directory = directoryOf(
    bundleFiles({ 'rules/a.yaml': rule, 'tests/a.yaml': tests, 'tests/b.yaml': `${head}tests: []\n` }),
  )

  expect(lintCommand(directory, { format: 'text' }).text).not.toContain('activation/untested')
})
