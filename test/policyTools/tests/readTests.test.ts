import { describe, expect, test } from 'vitest'
import { runTests } from '../../../src/policyTools/tests/runTests.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'
import { head, one, rules, voting } from './written.ts'

describe('test files that cannot be read', () => {
  const problems = (text: string) => {
    const all = bundleFiles({ 'rules/a.yaml': rules, 'tests/a.yaml': text })
    const report = runTests(loaded(all), all)
    expect(report.ok).toBe(false)
    return report.problems.map(({ line, code, message }) => `${line} ${code} ${message}`)
  }

  test.each([
    [
      'an unknown property',
      head + one('{verdict: deny, decides: [x]}'),
      /14 schema\/unknown-property .*decides/,
    ],
    ['an empty expectation', head + one('{}'), /schema\/value .*must expect something/],
    ['nothing at all', '', /schema\//],
    ['an alias', `${head}  - &a {name: x, request: {}, expect: {verdict: deny}}\n`, /yaml\/alias/],
    [
      'a missing agent',
      head.replace(/ {2}agent:.*\n/, '') + one('{verdict: deny}'),
      /schema\/missing `agent` is missing: add it to the request, or to `base`/,
    ],
    [
      'a time without a zone',
      head.replace('+01:00', '') + one('{verdict: deny}'),
      /`time` must be a time with its zone/,
    ],
    [
      'a name twice',
      head + one('{verdict: deny}') + one('{verdict: deny}'),
      /schema\/value Another test of this file/,
    ],
    [
      'a group that is not there',
      head + voting('by: {id: U2, groups: [group:securty]}, expect: rejected'),
      /directory\/unknown .*Did you mean "group:security"/,
    ],
  ])('%s', (_, text, said) => {
    expect(problems(text)).toEqual([expect.stringMatching(said)])
  })
})
