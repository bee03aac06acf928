import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import { type FollowOptions, followPolicy } from '../../src/approvals/policy/activePolicy.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { heardHealth, nobodyHears } from '../support/health.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { testWorld, type World } from '../support/world.ts'
import { holdingBack } from './heldReads.ts'
import { guarded, looser, stricter } from './policyHouse.ts'

type Files = Readonly<Record<string, string>>

let world: World
let health: ReturnType<typeof heardHealth>
beforeEach(async () => {
  world = await testWorld({ policy: null })
  health = heardHealth()
})

const activate = (files: Files, bundle = testBundle(files)) =>
  activatePolicy(world.ports, { bundle, files, by: 'startup', via: 'startup' })
const never = 600_000

/** Follows a store that is as a test makes it, and looks by itself every so many milliseconds: never, unless it is said. */
async function follow(store: Partial<Store>, options: Partial<FollowOptions> = {}) {
  const active = await followPolicy({
    store: { ...world.store, ...store },
    ...nobodyHears,
    health: health.health,
    everyMs: never,
    ...options,
  })
  onTestFinished(active.stop)
  return active
}

const broken = { ...bundleFiles, 'rules/all.yaml': 'nonsense: true' }
const activateBroken = () => activate(broken, { ...testBundle(), digest: 'sha256:broken' })

describe('the active policy', () => {
  test('is stored once and followed', async () => {
    const active = await follow({})
    expect(active.current()).toBeNull()

    expect(await activate(bundleFiles)).toBe('activated')
    expect(await activate(bundleFiles)).toBe('unchanged')

    await expect.poll(() => active.current()?.digest).toBe(testBundle().digest)
    expect(active.files()).toBe((await world.store.activePolicy())?.filesDigest)
  })

  test('whoever wants to know hears of each change', async () => {
    const active = await follow({})
    const seen: unknown[] = []
    active.watch(() => seen.push(active.current()?.digest))

    await activate(guarded)
    await active.renew()
    await active.renew()
    await activate(looser)
    await active.renew()

    expect(seen).toEqual([testBundle(guarded).digest, testBundle(looser).digest])
  })
})

describe('stale-replica: nothing is missed for good', () => {
  test('by a store that never wakes: it looks by itself', async () => {
    await activate(guarded)
    const active = await follow({ watch: () => () => {} }, { everyMs: 5 })

    await activate(stricter)

    await expect.poll(() => active.current()?.digest).toBe(testBundle(stricter).digest)
  })

  test('control: without looking by itself it would go on with the old one', async () => {
    await activate(guarded)
    const active = await follow({ watch: () => () => {} })

    await activate(stricter)

    expect(active.current()?.digest).toBe(testBundle(guarded).digest)
    await active.renew()
    expect(active.current()?.digest).toBe(testBundle(stricter).digest)
  })

  test('when another is activated between the first read and the watch', async () => {
    await activate(guarded)
    const once = activatingAfter(1, () => activate(stricter))

    const active = await follow(once)

    await expect.poll(() => active.current()?.digest).toBe(testBundle(stricter).digest)
  })

  test('when it is woken while it reads: it reads again', async () => {
    await activate(guarded)
    const wakes: (() => void)[] = []
    const held = holdingBack(world.store)
    const active = await follow({
      activePolicy: held.read,
      activeFiles: async () => 'sha256:unlike',
      watch: (_, wake) => {
        wakes.push(wake)
        return () => {}
      },
    })
    held.hold()
    wakes.forEach((wake) => void wake()) // this read sees what is active before …
    await held.waits()
    await activate(stricter) // … and this is only in the next one
    wakes.forEach((wake) => void wake())

    held.letGo()

    await expect.poll(() => active.current()?.digest).toBe(testBundle(stricter).digest)
  })

  test('by answers that come out of order: there is only one at a time, and one that is given up counts no more', async () => {
    await activate(guarded)
    const held = holdingBack(world.store)
    const active = await follow({ activePolicy: held.read }, { limitMs: 20 })
    active.expectOne()
    await activate(looser)
    held.hold()
    await expect(active.renew()).rejects.toMatchObject({ name: 'Overdue' })
    const late = held.letGo()

    await activate(stricter)
    await active.renew()
    late()
    await new Promise((resolve) => setImmediate(resolve))

    expect(active.current()?.digest).toBe(testBundle(stricter).digest)
  })

  test('by one read that fails: that is told as what it is, and tried again', async () => {
    await activate(guarded)
    const told: object[] = []
    let fail = false
    const activeFiles = async () => {
      if (!fail) return world.store.activeFiles()
      fail = false
      throw new Error('the connection broke')
    }
    const log = {
      warn: (fields: object) => void told.push(fields),
      error: (fields: object) => void told.push(fields),
    }
    const active = await follow({ activeFiles }, { everyMs: 20, log })

    fail = true
    await activate(stricter)

    await expect.poll(() => active.current()?.digest).toBe(testBundle(stricter).digest)
    expect(told).toEqual([{ err: expect.objectContaining({ message: 'the connection broke' }) }])
    expect(health.raised).toEqual([])
  })

  test('reads that fail for a while make this process unsure, until one succeeds', async () => {
    await activate(guarded)
    let [now, away, reads] = [0, false, 0]
    const activeFiles = async () => {
      reads += 1
      if (away) throw new Error('away')
      return world.store.activeFiles()
    }
    await follow({ activeFiles }, { everyMs: 5, unsureAfterMs: 1_000, elapsed: () => now })

    away = true
    now = 999
    const before = reads
    await expect.poll(() => reads).toBeGreaterThan(before + 2)
    expect(health.now()).toEqual([])
    now = 1_001
    await expect.poll(health.now).toEqual(['policy_unconfirmed'])
    away = false
    await expect.poll(health.now).toEqual([])
  })
})

describe('an active policy that this version cannot load', () => {
  test('is told, and no older one judges in its place', async () => {
    await activate(bundleFiles)
    const active = await follow({})

    await activateBroken()
    await active.renew()

    expect(active.current()).toBeNull()
    expect(active.files()).toBeNull()
    expect(health.now()).toEqual(['policy_unloadable'])
    expect(health.raised).toEqual([
      { code: 'policy_unloadable', detail: expect.stringMatching(/test is active.*rules\/all.yaml/) },
    ])
  })

  test('is told at start too, and is over when another is activated', async () => {
    await activateBroken()
    const active = await follow({})
    expect(health.now()).toEqual(['policy_unloadable'])

    await activate(bundleFiles)
    await active.renew()

    expect(health.now()).toEqual([])
    expect(active.current()?.digest).toBe(testBundle().digest)
  })
})

test('files at which loading itself fails are told as unloadable, and do not pass for a policy', async () => {
  await activate(bundleFiles)
  const alien = { ...bundleFiles, 'bundle.yaml': { of: 'a newer version' } as never }
  const active = await follow({
    activeFiles: async () => 'sha256:alien',
    activePolicy: async () => {
      const version = await world.store.activePolicy()
      return version && { ...version, filesDigest: 'sha256:alien', files: alien }
    },
  })

  await active.renew() // the second look finds nothing new, and what is wrong stays told

  expect(active.current()).toBeNull()
  expect(health.now()).toEqual(['policy_unloadable'])
})

describe('no active policy', () => {
  test('is no fault before a first start had its turn, however often it is looked at, and then is one until a policy appears', async () => {
    const active = await follow({})
    await active.renew()
    await active.renew()
    expect(health.now()).toEqual([])

    active.expectOne()
    expect(health.now()).toEqual(['no_policy'])
    await active.renew()
    expect(health.now()).toEqual(['no_policy'])

    await activate(bundleFiles)
    await active.renew()
    expect(health.now()).toEqual([])
  })
})

describe('the end', () => {
  test('is one: nothing is taken over or raised afterwards, not even by a read that was under way', async () => {
    await activate(guarded)
    const held = holdingBack(world.store)
    const active = await follow({ activePolicy: held.read }, { everyMs: 5 })
    held.hold()
    await activate(stricter)
    await held.waits()

    const stopped = active.stop()
    held.letGo()()
    await stopped
    await activateBroken()
    await active.renew()

    expect(active.current()?.digest).toBe(testBundle(guarded).digest)
    expect(health.raised).toEqual([])
  })

  test('a first read that fails leaves nothing running', async () => {
    let watching = 0
    const watch = () => {
      watching += 1
      return () => {
        watching -= 1
      }
    }
    const activePolicy = () => Promise.reject(new Error('away'))

    await expect(follow({ watch, activePolicy })).rejects.toThrow('away')

    expect(watching).toBe(0)
  })
})

/** Reads of the active policy of which, after the `nth`, another is activated at once, before anything else happens. */
function activatingAfter(nth: number, activateNow: () => Promise<unknown>): Pick<Store, 'activePolicy'> {
  let reads = 0
  return {
    async activePolicy() {
      const version = await world.store.activePolicy()
      reads += 1
      if (reads === nth) await activateNow()
      return version
    },
  }
}
