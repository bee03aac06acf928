import { describe, expect, test } from 'vitest'
import { loadBundle } from '../../src/policy/load.ts'
import { registrarsOf } from '../../src/policy/registrars.ts'
import { bundleChanges } from '../../src/policyTools/difference/bundleChanges.ts'
import { loosened } from '../../src/policyTools/difference/loosened.ts'
import { emptySets } from '../../src/policyTools/lint/emptySets.ts'
import { bundleFiles, bundleYaml, loaded } from './files.ts'

const files = (registrars: string) => bundleFiles({ 'bundle.yaml': `${bundleYaml}${registrars}` })
const bundle = (registrars: string) => loaded(files(registrars))

test('registrars are names of the directory; without a line nobody is named', () => {
  const named = registrarsOf(bundle('registrars: [group:security, group:platform]\n'))
  expect(named?.map(({ ref }) => ref)).toEqual(['group:platform', 'group:security'])
  expect(registrarsOf(bundle(''))).toBeNull()
})

test.each([
  ['registrars: []\n', /must name somebody/],
  ['registrars: [owner]\n', /group:<name> or user:<name>/],
  ['registrars: [group:nowhere]\n', /"group:nowhere" is not in `directory`/],
])('%j is refused', (written, message) => {
  const read = loadBundle(files(written))

  expect(read.ok ? [] : read.problems.map((one) => one.message)).toEqual([expect.stringMatching(message)])
})

describe('an edit', () => {
  const [some, more] = ['registrars: [group:platform]\n', 'registrars: [group:platform, group:security]\n']

  test.each([
    [some, more, ['group:security can register agents of their own in Slack.']],
    [some, '', ['Every full member can register agents of their own in Slack; it was those who are named.']],
    ['', some, []],
    [more, some, []],
  ])('from %j to %j is told as one that can weaken, where more people can', (base, head, said) => {
    expect(loosened(bundle(base), bundle(head)).map(({ message }) => message)).toEqual(said)
  })

  test('of registrars is shown, and makes another bundle', () => {
    expect(bundleChanges(bundle(some), bundle(more)).join('\n')).toContain('group:platform, group:security')
    expect(bundle(some).digest).not.toBe(bundle(more).digest)
  })
})

test('registrars are looked up by lint --live', () => {
  const found = emptySets(bundle('registrars: [group:security]\n'), ({ ref }) =>
    ref === 'group:security' ? [] : null,
  )

  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('"group:security"')])
})
