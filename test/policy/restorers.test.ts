import { describe, expect, test } from 'vitest'
import { loadBundle } from '../../src/policy/load.ts'
import { restorersOf } from '../../src/policy/restorers.ts'
import { bundleChanges } from '../../src/policyTools/difference/bundleChanges.ts'
import { loosened } from '../../src/policyTools/difference/loosened.ts'
import { emptySets } from '../../src/policyTools/lint/emptySets.ts'
import { bundleFiles, bundleYaml, loaded } from './files.ts'

const files = (restorers: string) => bundleFiles({ 'bundle.yaml': `${bundleYaml}${restorers}` })
const bundle = (restorers: string) => loaded(files(restorers))
const any =
  'Any two full members can let the ledger go on from a restored backup; it was those who are named.'

test('restorers are names of the directory; without a bundle, or a line, nobody is named', () => {
  expect(restorersOf(bundle('restorers: [group:security, group:platform]\n'))?.map(({ ref }) => ref)).toEqual(
    ['group:platform', 'group:security'],
  )
  expect(restorersOf(bundle(''))).toBeNull()
  expect(restorersOf(null)).toBeNull()
})

test.each([
  ['restorers: []\n', /must name somebody/],
  ['restorers: [owner]\n', /group:<name> or user:<name>/],
  ['restorers: [group:nowhere]\n', /"group:nowhere" is not in `directory`/],
  ['restorers: [group:platform, group:platform]\n', /the same twice/],
])('%j is refused', (written, message) => {
  const read = loadBundle(files(written))

  expect(read.ok ? [] : read.problems.map((one) => one.message)).toEqual([expect.stringMatching(message)])
})

describe('an edit', () => {
  const [some, more] = ['restorers: [group:platform]\n', 'restorers: [group:platform, group:security]\n']

  test.each([
    [some, more, ['group:security can let the ledger go on from a restored backup, with one other person.']],
    [some, '', [any]],
    ['', some, []],
    [more, some, []],
    [some, some, []],
  ])('from %j to %j is told as one that can weaken, where more people can', (base, head, said) => {
    expect(loosened(bundle(base), bundle(head)).map(({ message }) => message)).toEqual(said)
  })

  test('of restorers is shown, and makes another bundle', () => {
    expect(bundleChanges(bundle(some), bundle(more)).join('\n')).toContain('group:platform, group:security')
    expect(bundle(some).digest).not.toBe(bundle(more).digest)
  })
})

test('restorers are looked up by lint --live', () => {
  const found = emptySets(bundle('restorers: [group:security]\n'), ({ ref }) =>
    ref === 'group:security' ? [] : null,
  )

  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('"group:security"')])
})
