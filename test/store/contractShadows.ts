import { expect, test } from 'vitest'
import type { Subject } from './contract.ts'
import { activate } from './contractPolicies.ts'
import { madeBatch, madeKind, madeShadow, startMade } from './madeShadow.ts'

/** A candidate judges beside the active policy: one at a time, and what it finds is counted once. */
export function keepsShadows(open: () => Promise<Subject>): void {
  test('one runs, is found with its files, and ends', async () => {
    const { store } = await open()
    await activate(store, '1')
    const shadow = madeShadow()
    expect([await store.runningShadow(), await store.newestShadow()]).toEqual([null, null])

    expect(await startMade(store, shadow)).toBe('applied')

    expect(await store.runningShadow()).toEqual(shadow)
    expect(await store.policyFiles(shadow.filesDigest)).toMatchObject({
      digest: shadow.digest,
      name: shadow.name,
    })
    expect(await store.activeFiles()).toBe('sha256:f1')

    const next = { ...shadow, version: 2, ended: { at: shadow.endsAt, why: 'over' } } as const
    const end = () => store.commit({ shadows: [{ expected: 1, next }], entries: [] })
    expect([await end(), await end()]).toEqual(['applied', 'conflict'])
    expect([await store.runningShadow(), await store.newestShadow()]).toEqual([null, next])
  })

  test('there is never a second, also when two begin in the same instant; another may follow', async () => {
    const { store } = await open()
    await activate(store, '1')
    const [one, other] = [madeShadow(), madeShadow()]

    const outcomes = await Promise.all([startMade(store, one), startMade(store, other)])

    expect(outcomes.toSorted()).toEqual(['applied', 'conflict'])
    const running = await store.runningShadow()
    const next = { ...(running ?? one), version: 2, ended: { at: one.endsAt, why: 'stopped' } } as const
    await store.commit({ shadows: [{ expected: 1, next }], entries: [] })
    const third = madeShadow()
    expect(await startMade(store, third)).toBe('applied')
    expect((await store.newestShadow())?.id).toBe(third.id)
  })

  test('one that was compared with a policy that is not active any more does not begin', async () => {
    const { store } = await open()
    await activate(store, '1')
    const racing = { ...store, activeFiles: async () => 'sha256:f0' as const }

    expect(await startMade(racing, madeShadow())).toBe('conflict')
  })

  test('what replicas found adds up; the same batch counts once, and that of a shadow that is gone not at all', async () => {
    const { store } = await open()
    await activate(store, '1')
    const shadow = madeShadow()
    await startMade(store, shadow)
    const add = (given: Parameters<typeof madeBatch>[0]) =>
      store.addToShadow(madeBatch({ shadow: shadow.id, ...given }))

    await add({})
    await add({})
    await add({
      nth: 2,
      judges: false,
      problem: 'It ended.',
      found: [{ ...madeKind, examples: ['req_9'], count: 1 }],
    })
    await add({ id: 'rep_2', name: 'other', nth: 1, base: 'sha256:2' })
    await store.addToShadow(madeBatch({ shadow: 'shd_gone' }))

    const { replicas, differences } = await store.shadowRecord(shadow.id)
    expect(replicas).toMatchObject([
      { id: 'rep_1', judges: false, problem: 'It ended.', unchanged: 10, loosened: 4, failed: 2, dropped: 6 },
      { id: 'rep_2', judges: true, unchanged: 5, loosened: 2, failed: 1, dropped: 3 },
    ])
    const { count: _, examples: __, ...kind } = madeKind
    expect(differences).toEqual([
      { ...kind, base: 'sha256:1', count: 3, examples: ['req_9', 'req_2', 'req_1'] },
      { ...kind, base: 'sha256:2', count: 2, examples: ['req_2', 'req_1'] },
    ])
    expect(await store.shadowRecord('shd_gone')).toEqual({ replicas: [], differences: [] })
  })

  test('of each kind the newest five are named', async () => {
    const { store } = await open()
    await activate(store, '1')
    const shadow = madeShadow()
    await startMade(store, shadow)

    for (const nth of [1, 2, 3]) {
      const examples = [`req_${nth}b`, `req_${nth}a`]
      await store.addToShadow(madeBatch({ shadow: shadow.id, nth, found: [{ ...madeKind, examples }] }))
    }

    const [kind] = (await store.shadowRecord(shadow.id)).differences
    expect(kind).toMatchObject({ count: 6, examples: ['req_3b', 'req_3a', 'req_2b', 'req_2a', 'req_1b'] })
  })

  test('those that ended long ago are forgotten with what they found; one that runs is not', async () => {
    const { store } = await open()
    await activate(store, '1')
    const old = madeShadow()
    await startMade(store, old)
    await store.addToShadow(madeBatch({ shadow: old.id }))
    const next = { ...old, version: 2, ended: { at: old.endsAt, why: 'over' } } as const
    await store.commit({ shadows: [{ expected: 1, next }], entries: [] })
    const running = madeShadow()
    await startMade(store, running)
    const forget = () =>
      store.forgetPassing({ what: 'shadows', before: '2027-01-01T00:00:00.000Z', limit: 10 })

    expect([await forget(), await forget()]).toEqual([1, 0])

    expect(await store.newestShadow()).toEqual(running)
    expect(await store.shadowRecord(old.id)).toEqual({ replicas: [], differences: [] })
  })

  test('who watches hears of it', async () => {
    const { store } = await open()
    await activate(store, '1')
    const heard = new Promise<void>((resolve) => store.watch('shadow', () => resolve()))

    await startMade(store, madeShadow())

    await heard
  })
}
