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
