import { beforeEach, expect, test } from 'vitest'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import { observedDays } from '../../src/approvals/policy/observing.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { testWorld, type World } from '../support/world.ts'

const days = 86_400
let world: World
beforeEach(async () => {
  world = await testWorld()
})

type Mode = 'observe' | 'enforce'
/** The world's bundle with two more rules, in these modes; `note` only makes another version of it. */
const withModes = (first: Mode, second: Mode, note = 'x') => ({
  ...bundleFiles,
  'rules/watching.yaml': [
    `- {id: first, description: ${note}, match: {actions: [table.drop]}, verdict: deny, mode: ${first}}`,
    `- {id: second, description: ${note}, match: {actions: [node.drain]}, verdict: deny, mode: ${second}}`,
  ].join('\n'),
})
const activate = (files: Readonly<Record<string, string>>) =>
  activatePolicy(world.ports, { bundle: testBundle(files), files, by: 'startup', via: 'startup' })
const observed = async (files: Readonly<Record<string, string>>) =>
  Object.fromEntries((await observedDays(world.store, testBundle(files), world.clock())).days)

test('a rule observes since the first of an unbroken row of versions in which it did', async () => {
  await activate(withModes('observe', 'enforce', 'one'))
  world.clock.advance(10 * days)
  await activate(withModes('observe', 'observe', 'two'))
  world.clock.advance(25 * days)

  expect(await observed(withModes('observe', 'observe', 'three'))).toEqual({ first: 35, second: 25 })
})

test('a version in which it did not is a break, however long it observed before', async () => {
  await activate(withModes('observe', 'observe', 'one'))
  world.clock.advance(40 * days)
  await activate(withModes('enforce', 'observe', 'two'))
  world.clock.advance(days / 2)
  await activate(withModes('observe', 'observe', 'three'))
  world.clock.advance(2 * days)

  expect(await observed(withModes('observe', 'observe'))).toEqual({ first: 2, second: 42 })
})

test('a rule that the active version does not have, or enforces, has not observed at all', async () => {
  await activate(withModes('enforce', 'observe'))
  world.clock.advance(40 * days)
  await activate(bundleFiles)

  expect(await observed(withModes('observe', 'observe'))).toEqual({})
})

test('a rule that does not observe today is not counted', async () => {
  await activate(withModes('observe', 'observe'))
  world.clock.advance(40 * days)

  expect(await observed(withModes('enforce', 'observe'))).toEqual({ second: 40 })
})

test('the record is read as far back as it takes', async () => {
  for (let nth = 0; nth < 70; nth += 1) {
    await activate(withModes('observe', 'enforce', `version ${nth}`))
    world.clock.advance(days)
  }

  const { days: found, activations } = await observedDays(
    world.store,
    testBundle(withModes('observe', 'enforce')),
    world.clock(),
  )

  expect([...found]).toEqual([['first', 70]])
  expect(activations).toBe(70)
})
