import { describe, expect, test } from 'vitest'
import { activatePolicy } from '../../../src/approvals/policy/activatePolicy.ts'
import { prunePassing } from '../../../src/approvals/prunePassing.ts'
import { stopShadow } from '../../../src/approvals/shadow/end.ts'
import { endWhenOver } from '../../../src/approvals/shadow/endWhenOver.ts'
import { startShadow } from '../../../src/approvals/shadow/start.ts'
import type { MemoryStore } from '../../support/memoryStore.ts'
import { memoryStore } from '../../support/memoryStore.ts'
import { bundleFiles, testBundle } from '../../support/testBundle.ts'
import { testWorld } from '../../support/world.ts'
import { guarded, looser, stricter } from '../policyHouse.ts'

const day = 86_400
const shell = { user: 'lee', host: 'laptop' }

/** A world whose policy is active with its files, and in which candidates are started. */
async function house(store: MemoryStore = memoryStore()) {
  const world = await testWorld({ store, policy: null })
  const { ports } = world
  const activate = (files: Readonly<Record<string, string>>) =>
    activatePolicy(ports, { bundle: testBundle(files), files, by: 'startup', via: 'startup' })
  await activate(bundleFiles)
  const start = (files = looser, given: { readonly seconds?: number; readonly reason?: string } = {}) =>
    startShadow(ports, {
      bundle: testBundle(files),
      files,
      via: 'cli',
      shell,
      seconds: 7 * day,
      reason: 'Less friction',
      ...given,
    })
  const entries = () => store.ledger.filter(({ type }) => type.startsWith('shadow.'))
  const stop = () => stopShadow(ports, { via: 'cli', shell, reason: null })
  return { ...world, store, ports, activate, start, stop, entries }
}

describe('a shadow begins', () => {
  test('on the word of whoever has the shell, is recorded as claimed, and ends by itself', async () => {
    const { start, store, clock, entries } = await house()

    const shadow = await start()

    expect(Date.parse(shadow.endsAt) - clock().getTime()).toBe(7 * day * 1_000)
    expect(await store.runningShadow()).toEqual(shadow)
    expect(entries()).toMatchObject([
      {
        type: 'shadow.started',
        actor: { kind: 'system', id: 'operator', via: 'cli' },
        subject: { kind: 'policy', id: testBundle(looser).digest },
        data: { shadow: shadow.id, ends_at: shadow.endsAt, base: testBundle().digest, standing: 'claimed' },
        blobs: [{ name: 'reason' }, { name: 'shell' }],
      },
    ])
    expect(store.jobs.get(`endShadow:${shadow.id}`)).toMatchObject({ at: shadow.endsAt })
  })

  test('and changes nothing about which policy is active', async () => {
    const { start, store } = await house()
    const before = await store.activePolicy()

    await start()

    expect(await store.activePolicy()).toEqual(before)
    expect(await store.policyFiles((await store.runningShadow())?.filesDigest ?? '')).toMatchObject({
      files: looser,
    })
  })

  test.each([
    ['the active policy itself', bundleFiles, {}, /always say the same/],
    ['for a moment', looser, { seconds: 5 }, /1 minute to 90 days/],
    ['for ever', looser, { seconds: 365 * day }, /1 minute to 90 days/],
  ])('never %s', async (_, files, given, why) => {
    const { start, entries } = await house()

    await expect(start(files, given)).rejects.toThrow(why)

    expect(entries()).toEqual([])
  })

  test('never before there is a policy, and never beside another', async () => {
    const { ports, start } = await house()
    const { ports: empty } = await testWorld({ policy: null })
    const ask = { bundle: testBundle(looser), files: looser, via: 'cli', seconds: day, reason: null }

    await expect(startShadow(empty, ask)).rejects.toThrow(/No policy is active/)
    const running = await start()
    await expect(startShadow(ports, ask)).rejects.toThrow(running.id)
  })
})

describe('a shadow ends', () => {
  test('when it is stopped, once', async () => {
    const { start, stop, store, entries } = await house()
    const shadow = await start()

    expect((await stop())?.ended?.why).toBe('stopped')
    expect(await stop()).toBeNull()

    expect(await store.runningShadow()).toBeNull()
    expect(entries().at(-1)).toMatchObject({
      type: 'shadow.ended',
      data: { why: 'stopped', standing: 'claimed' },
    })
    expect([...store.jobs.keys()].filter((key) => key.startsWith('endShadow'))).toEqual([])
    await expect(start()).resolves.not.toBe(shadow.id)
  })

  test('when its time is over, and not before', async () => {
    const { start, ports, store, clock, entries } = await house()
    const shadow = await start(looser, { seconds: day })

    await endWhenOver(ports, { shadow: shadow.id })
    expect(await store.runningShadow()).toEqual(shadow)
    clock.advance(day)
    await Promise.all([1, 2].map(() => endWhenOver(ports, { shadow: shadow.id })))

    expect((await store.newestShadow())?.ended?.why).toBe('over')
    expect(entries().filter(({ type }) => type === 'shadow.ended')).toMatchObject([
      { actor: { id: 'deadline', via: 'clock' }, data: { why: 'over' } },
    ])
  })

  test('when it becomes the active policy; another that does leaves it', async () => {
    const { start, ports, store, activate } = await house()
    const shadow = await start()
    const settled = async () => {
      expect(store.jobs.has(`endShadow:${shadow.id}:early`)).toBe(true)
      await endWhenOver(ports, { shadow: shadow.id, early: true })
    }

    await activate(stricter)
    await settled()
    expect(await store.runningShadow()).toEqual(shadow)
    expect(store.jobs.has(`endShadow:${shadow.id}`), 'its time goes on').toBe(true)
    await activate(looser)
    await settled()

    expect((await store.newestShadow())?.ended?.why).toBe('activated')
  })

  test('and what it found is forgotten a while later', async () => {
    const { start, stop, ports, store, clock } = await house()
    await start(guarded)
    await stop()

    clock.advance(29 * day)
    await prunePassing(ports)
    expect(await store.newestShadow()).not.toBeNull()
    clock.advance(2 * day)
    await prunePassing(ports)

    expect(await store.newestShadow()).toBeNull()
  })
})
