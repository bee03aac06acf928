import { expect, test } from 'vitest'
import { loadBundle } from '../../src/policy/load.ts'
import { loosened } from '../../src/policyTools/difference/loosened.ts'
import { bundleFiles, bundleYaml, loaded } from './files.ts'

const files = (line: string) =>
  bundleFiles({ 'bundle.yaml': bundleYaml.replace('  expires_in: 1h\n', `  expires_in: 1h\n${line}`) })
const bundle = (line: string) => loaded(files(line))
const problems = (line: string) => {
  const read = loadBundle(files(line))
  return read.ok ? [] : read.problems.map(({ code, message }) => `${code} ${message}`)
}

test.each([
  ['', 600],
  ['  deny_cooldown: 45s\n', 45],
  ['  deny_cooldown: 0\n', 0],
])('deny_cooldown: %s → %s seconds', (line, seconds) => {
  expect(bundle(line).brakes.denyCooldownSeconds).toBe(seconds)
})

test.each(['10', '"0"', '-5m', '0m', '31d', 'true', '[]', 'off'])(
  'deny_cooldown: %s is refused with what it may be',
  (written) => {
    expect(problems(`  deny_cooldown: ${written}\n`)).toEqual([
      expect.stringMatching(/^schema\/\S+ `deny_cooldown` must be .*such as/),
    ])
  },
)

test.each([
  ['', 20],
  ['  max_pending: 1\n', 1],
  ['  max_pending: 10000\n', 10_000],
])('max_pending: %s → %s', (line, count) => {
  expect(bundle(line).brakes.maxPending).toBe(count)
})

test.each(['0', '-1', '1.5', '10001', '"20"', 'none'])('max_pending: %s is refused', (written) => {
  expect(problems(`  max_pending: ${written}\n`)).toEqual([
    expect.stringMatching(/^schema\/\S+ `max_pending` must be /),
  ])
})

test.each([
  ['', 30],
  ['  mentions_per_day: 3\n', 3],
  ['  mentions_per_day: 1000\n', 1_000],
])('mentions_per_day: %s → %s', (line, count) => {
  expect(bundle(line).brakes.mentionsPerDay).toBe(count)
})

test.each(['0', '2', '-1', '4.5', '1001', '"30"', 'none'])('mentions_per_day: %s is refused', (written) => {
  expect(problems(`  mentions_per_day: ${written}\n`)).toEqual([
    expect.stringMatching(/^schema\/\S+ `mentions_per_day` must be /),
  ])
})

test('a rule cannot have its own', () => {
  expect(problems('  require: {deny_cooldown: 0}\n')).toEqual([
    expect.stringContaining('schema/unknown-property'),
  ])
})

test.each([
  ['', '  deny_cooldown: 1m\n', ['What a person denied can be asked again after 1m; it was denied for 10m.']],
  ['', '  deny_cooldown: 0\n', ['What a person denied can be asked again at once; it was denied for 10m.']],
  ['', '  deny_cooldown: 1h\n', []],
  ['  deny_cooldown: 0\n', '', []],
  ['', '  max_pending: 50\n', ['50 requests of one agent may wait at once; it was 20.']],
  ['', '  max_pending: 5\n', []],
  ['', '  mentions_per_day: 60\n', ['A person may be mentioned 60 times a day; it was 30.']],
  ['', '  mentions_per_day: 9\n', []],
])('from %j to %j the edits that can weaken are %j', (base, head, said) => {
  expect(loosened(bundle(base), bundle(head)).map(({ message }) => message)).toEqual(said)
})
