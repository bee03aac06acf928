import { expect, test } from 'vitest'
import { sqlHere } from '../../../src/parsing/here.ts'
import { runTests } from '../../../src/policyTools/tests/runTests.ts'
import { filesIn, loaded } from '../../policy/files.ts'

const files = filesIn('policies')
const readText = await sqlHere()
const report = runTests(loaded(files), files, { readText })

test('every test of the policy that ships passes', () => {
  expect(report.problems).toEqual([])
  expect(report.files.flatMap(({ results }) => results.filter(({ passed }) => !passed))).toEqual([])
})

test('every rule is matched by a test, and decides one unless it only observes', () => {
  expect(report.coverage.neverMatched).toEqual([])
  expect(report.coverage.neverDecisive).toEqual([])
})

test('no mistake goes unnoticed', () => {
  expect(report.survivors.map(({ rule, what }) => `${rule}: ${what}`)).toEqual([])
})

test('it passes its tests with the ids of any workspace, since they go by the names of the directory', () => {
  const elsewhere = new Map(files)
  for (const [path, text] of files)
    if (!path.startsWith('tests/')) elsewhere.set(path, text.replace(/\b([SUC])0([A-Z]+)\b/g, '$199$2'))

  expect(elsewhere.get('bundle.yaml')).not.toBe(files.get('bundle.yaml'))
  expect(runTests(loaded(elsewhere), elsewhere, { mutants: false, readText })).toMatchObject({
    ok: true,
    failed: 0,
  })
})

test('the example of the design passes as it is written there', () => {
  const example = filesIn('test/policy/example')

  expect(runTests(loaded(example), example)).toMatchObject({ ok: true, passed: 2, failed: 0 })
})
