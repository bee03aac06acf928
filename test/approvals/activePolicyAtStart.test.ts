import { expect, onTestFinished, test } from 'vitest'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import { followPolicy } from '../../src/approvals/policy/activePolicy.ts'
import { nobodyHears } from '../support/health.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { testWorld } from '../support/world.ts'
import { holdingBack } from './heldReads.ts'

// A start may take its time. What is read while it does has a limit of its own.
const limits = { firstLimitMs: 5, limitMs: 600_000, everyMs: 600_000 }

test('a first read that never ends is given up', async () => {
  const { store } = await testWorld({ policy: null })
  const never = () => new Promise<never>(() => {})

  const following = followPolicy({ store: { ...store, activePolicy: never }, ...nobodyHears, ...limits })

  await expect(following).rejects.toMatchObject({ name: 'Overdue' })
})

test('so is a later one, until the start has activated what it has to', async () => {
  const { store, ports } = await testWorld({ policy: null })
  const held = holdingBack(store)
  const active = await followPolicy({
    store: { ...store, activePolicy: held.read },
    ...nobodyHears,
    ...limits,
    firstLimitMs: 20,
  })
  onTestFinished(active.stop)
  await activatePolicy(ports, { bundle: testBundle(), files: bundleFiles, by: 'startup', via: 'startup' })
  held.hold()

  await expect(active.renew()).rejects.toMatchObject({ name: 'Overdue' })
})
