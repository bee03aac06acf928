import { describe, expect, test } from 'vitest'
import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { retireKey } from '../../src/approvals/grants/retireKey.ts'
import { tendKeys } from '../../src/approvals/grants/tendKeys.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { day, type KeyHouse, keyHouse, typed } from './keyHouse.ts'

/** The process dies at its nth commit: before it was written, or after, before anybody heard so. */
function dyingAt(ports: Ports, nth: number, when: 'before' | 'after'): Ports {
  let commits = 0
  const commit: Ports['store']['commit'] = async (change) => {
    commits += 1
    if (commits === nth && when === 'after') await ports.store.commit(change)
    if (commits >= nth) throw new Error('killed')
    return ports.store.commit(change)
  }
  return { ...ports, store: { ...ports.store, commit } }
}

async function expectWhole(house: KeyHouse, store: ReturnType<typeof memoryStore>) {
  const keys = await house.keys()
  expect(keys.filter(({ status }) => status === 'active')).toHaveLength(1)
  expect(keys.filter(({ status }) => status === 'next')).toHaveLength(1)
  // One job at least is left, which looks after them.
  expect([...store.jobs.keys()].some((key) => key.startsWith('keys:'))).toBe(true)
  // Each key has the entries of its life, and no other has any.
  const created = store.ledger.filter(({ type }) => type === 'key.created').map(({ subject }) => subject.id)
  expect(created.sort()).toEqual(keys.map(({ id }) => id).sort())
  const { keys: published } = await house.replica().signer.jwks()
  expect(published.length).toBeGreaterThanOrEqual(2)
}

describe.each(['before', 'after'] as const)('killed just %s its commit', (when) => {
  const started = async () => {
    const store = memoryStore()
    const house = await keyHouse({ store })
    await firstKeys(house.ports)
    return { store, house }
  }

  test('the first start leaves nothing or everything, and the next start the rest', async () => {
    const store = memoryStore()
    const house = await keyHouse({ store })
    await expect(firstKeys(dyingAt(house.ports, 1, when))).rejects.toThrow('killed')
    expect(await house.keys()).toHaveLength(when === 'before' ? 0 : 2)

    await firstKeys(house.ports)

    expect(await house.keys()).toHaveLength(2)
    await expectWhole(house, store)
  })

  test('a rotation by the clock happens once, however often its job runs again', async () => {
    const { store, house } = await started()
    house.world.clock.advance(90 * day)
    await expect(tendKeys(dyingAt(house.ports, 1, when), { round: 0 })).rejects.toThrow('killed')

    await tendKeys(house.ports, { round: 0 })

    expect(await house.keys()).toHaveLength(3)
    await expectWhole(house, store)
  })

  test('a retirement can be repeated, and says so when there is nothing left to do', async () => {
    const { store, house } = await started()
    const { id } = await house.key('active')
    const ask = { ...typed, key: id, reason: 'It leaked' }
    await expect(retireKey(dyingAt(house.ports, 1, when), ask)).rejects.toThrow('killed')

    const again = retireKey(house.ports, ask)

    if (when === 'before') await again
    else await expect(again).rejects.toMatchObject({ code: 'not_applicable' })
    expect((await house.key('retired')).id).toBe(id)
    await expectWhole(house, store)
  })
})
