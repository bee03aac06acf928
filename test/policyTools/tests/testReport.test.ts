import { describe, expect, test } from 'vitest'
import { runTests } from '../../../src/policyTools/tests/runTests.ts'
import { sayTests } from '../../../src/policyTools/tests/sayTests.ts'
import { skeletonFor } from '../../../src/policyTools/tests/skeleton.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'
import { files, head, one, right, rules, run } from './written.ts'

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
      '23 copy.never the rule removed',
      '1 export.bulk `unless` removed',
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
  ✗ a shorter wait  tests/a.yaml:19
      expires_in: expected "45m", got "30m"

1 passed, 1 failed · 25 ms
rule coverage 2/3 · never matched: copy.never
mistakes that no test notices are looked for only when every test passes
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

    expect(sayTests(named, null)).toContain('  ✗ �[2Kfine�  tests/a.yaml:12\n')
  })

  test('says why another verdict came than was expected', () => {
    const denied = run(one('{verdict: allow}').replace('{}', '{action: s3.copy, params: {bucket: b}}'))
    const invalid = run(one('{verdict: allow}').replace('{}', '{params: {}}'))
    const right = run(one('{verdict: allow}'))

    expect(sayTests(denied, null)).toContain(
      'verdict: expected "allow", got "deny", because of copy.never: Copies are made by people.\n',
    )
    expect(sayTests(invalid, null)).toMatch(/got "deny", because invalid_request: .*`?table`?.*\n/)
    expect(sayTests(right, null)).toContain('got "require_approval", because of export.bulk\n')
  })

  test('says the name that most likely was meant where a test names no rule', () => {
    const wrong = run(one('{decided_by: [export.bluk], observed: [nothing.like.it]}'))

    expect(wrong.files[0]?.results[0]?.differences).toMatchObject([
      { field: 'decided_by', note: 'there is no rule "export.bluk". Did you mean "export.bulk"?' },
      { field: 'observed', note: 'there is no rule "nothing.like.it".' },
    ])
  })

  test('does not say that there are no tests where a file could not be read', () => {
    const said = sayTests(run('  - name: "a" b\n'), null)

    expect(said).toContain('yaml/syntax')
    expect(said).not.toContain('There are no tests')
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
