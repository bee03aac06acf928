import { describe, expect, test } from 'vitest'
import { auditorsOf } from '../../src/policy/auditors.ts'
import { loadBundle } from '../../src/policy/load.ts'
import { bundleChanges } from '../../src/policyTools/difference/bundleChanges.ts'
import { loosened } from '../../src/policyTools/difference/loosened.ts'
import { emptySets } from '../../src/policyTools/lint/emptySets.ts'
import { bundleFiles, bundleYaml, loaded } from './files.ts'

const files = (auditors: string) => bundleFiles({ 'bundle.yaml': `${bundleYaml}${auditors}` })
const bundle = (auditors: string) => loaded(files(auditors))

test('auditors are names of the directory; without a bundle, or a line, there are none', () => {
  expect(auditorsOf(bundle('auditors: [group:security, group:platform]\n')).map(({ ref }) => ref)).toEqual([
    'group:platform',
    'group:security',
  ])
  expect(auditorsOf(bundle(''))).toEqual([])
  expect(auditorsOf(null)).toEqual([])
})

test.each([
  ['auditors: []\n', /must name somebody/],
  ['auditors: [owner]\n', /group:<name> or user:<name>/],
  ['auditors: [group:nowhere]\n', /"group:nowhere" is not in `directory`/],
  ['auditors: [group:platform, group:platform]\n', /the same twice/],
  ['auditors: {who: [group:platform]}\n', /list/],
])('%j is refused', (written, message) => {
  const read = loadBundle(files(written))

  expect(read.ok ? [] : read.problems.map((one) => one.message)).toEqual([expect.stringMatching(message)])
})

describe('an edit', () => {
  const [some, more] = ['auditors: [group:platform]\n', 'auditors: [group:platform, group:security]\n']

  test.each([
    [some, more, ['group:security can read everything that is recorded, as an auditor.']],
    ['', some, ['group:platform can read everything that is recorded, as an auditor.']],
    [more, some, []],
    [some, some, []],
  ])('from %j to %j is told as one that can weaken, where somebody is added', (base, head, said) => {
    expect(loosened(bundle(base), bundle(head)).map(({ message }) => message)).toEqual(said)
  })

  test('of auditors is shown, and makes another bundle', () => {
    expect(bundleChanges(bundle(some), bundle(more)).join('\n')).toContain('group:platform, group:security')
    expect(bundle(some).digest).not.toBe(bundle(more).digest)
  })
})

test('auditors are looked up by lint --live', () => {
  const found = emptySets(bundle('auditors: [group:security]\n'), ({ ref }) =>
    ref === 'group:security' ? [] : null,
  )

  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('"group:security"')])
})
