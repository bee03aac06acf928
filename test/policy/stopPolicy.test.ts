import { describe, expect, test } from 'vitest'
import { loadBundle } from '../../src/policy/load.ts'
import { stopsByItself } from '../../src/policy/stopPolicy.ts'
import { loosened } from '../../src/policyTools/difference/loosened.ts'
import { emptySets } from '../../src/policyTools/lint/emptySets.ts'
import { bundleFiles, bundleYaml, loaded } from './files.ts'

const files = (stop: string) => bundleFiles({ 'bundle.yaml': `${bundleYaml}${stop}` })
const bundle = (stop: string) => loaded(files(stop))

test.each([
  ['', [], []],
  ['stop: {}\n', [], []],
  ['stop: {who: [group:platform]}\n', ['group:platform'], []],
  [
    'stop: {who: [group:platform], on: [double_spend, deviation]}\n',
    ['group:platform'],
    ['double_spend', 'deviation'],
  ],
])('%j names %j, and stops by itself on %j', (written, who, on) => {
  expect(bundle(written).stop).toEqual({ who, on })
})

test.each([
  ['stop: {who: []}\n', /must name somebody/],
  ['stop: {who: [owner]}\n', /group:<name> or user:<name>/],
  ['stop: {who: [group:nowhere]}\n', /"group:nowhere" is not in `directory`/],
  ['stop: {on: []}\n', /must name something/],
  ['stop: {on: [deviation, deviation]}\n', /the same twice/],
  ['stop: {on: [suspicion]}\n', /deviation/],
  ['stop: {when: always}\n', /`stop\.when`|when/],
])('%j is refused', (written, message) => {
  const read = loadBundle(files(written))

  expect(read.ok ? [] : read.problems.map((one) => one.message)).toEqual([expect.stringMatching(message)])
})

describe('an edit that takes a stop away is told', () => {
  const full = 'stop: {who: [group:platform, group:security], on: [deviation, double_spend]}\n'

  test.each([
    [
      full,
      'stop: {who: [group:platform], on: [deviation, double_spend]}\n',
      ['group:security can no longer stop anything in Slack.'],
    ],
    [
      full,
      'stop: {who: [group:platform, group:security], on: [deviation]}\n',
      ['An agent is no longer stopped by itself on double_spend.'],
    ],
    [full, full, []],
    ['', full, []],
  ])('from %j to %j', (base, head, said) => {
    expect(loosened(bundle(base), bundle(head)).map(({ message }) => message)).toEqual(said)
  })
})

test('whoever may stop is looked up by lint --live', () => {
  const found = emptySets(bundle('stop: {who: [group:security]}\n'), ({ ref }) =>
    ref === 'group:security' ? [] : null,
  )

  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('"group:security"')])
})

test('what stops an agent by itself is what the bundle says', () => {
  const { stop } = bundle('stop: {on: [deviation]}\n')

  expect([stopsByItself({ stop }, 'deviation'), stopsByItself({ stop }, 'double_spend')]).toEqual([
    true,
    false,
  ])
})
