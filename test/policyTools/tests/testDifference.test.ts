import { describe, expect, test } from 'vitest'
import { loosenedTests } from '../../../src/policyTools/difference/loosened.ts'
import { testDifference, testsIn } from '../../../src/policyTools/tests/testDifference.ts'

type Files = Readonly<Record<string, string>>

describe('tests between two bundles', () => {
  const test1 = (name: string, verdict = 'deny') =>
    `  - {name: ${name}, request: {action: db.query}, expect: {verdict: ${verdict}}}\n`
  const file = (...tests: readonly string[]) =>
    `apiVersion: countersign/v1\nkind: PolicyTests\ntests:\n${tests.join('')}`
  const said = (base: Files, head: Files) =>
    loosenedTests(
      testDifference(testsIn(new Map(Object.entries(base))), testsIn(new Map(Object.entries(head)))),
    ).map(({ message }) => message)

  test('that were taken away or changed are named', () => {
    const base = { 'tests/a.yaml': file(test1('one'), test1('two'), test1('three')) }

    expect(said(base, { 'tests/a.yaml': file(test1('one'), test1('two', 'allow')) })).toEqual([
      'A test was taken away: “three”.',
      'A test expects something else, or of another request: “two”.',
    ])
  })

  test('count when what they have in common changes, and when a file can no longer be read', () => {
    const base = { 'tests/a.yaml': file(test1('one')) }

    expect(
      said(base, {
        'tests/a.yaml': base['tests/a.yaml'].replace('tests:', 'base: {environment: dev}\ntests:'),
      }),
    ).toHaveLength(1)
    expect(said(base, { 'tests/a.yaml': '- {' })).toEqual(['A test was taken away: “one”.'])
  })

  test('with one name in two files count each', () => {
    const two = { 'tests/a.yaml': file(test1('one')), 'tests/b.yaml': file(test1('one')) }

    expect(said(two, { 'tests/a.yaml': file(test1('one')) })).toHaveLength(1)
  })

  test('that were moved, added, or only commented are silent', () => {
    const base = { 'tests/a.yaml': file(test1('one'), test1('two')) }

    expect(
      said(base, { 'tests/b.yaml': `# Moved.\n${file(test1('two'), test1('three'), test1('one'))}` }),
    ).toEqual([])
  })

  test('that are many are counted, and the first few named', () => {
    const many = Array.from({ length: 9 }, (_, nth) => test1(`t${nth}`))

    expect(said({ 'tests/a.yaml': file(...many) }, {})).toEqual([
      '9 tests were taken away: “t0”, “t1”, “t2”, “t3”, “t4” and 4 more.',
    ])
  })
})
