import { describe, expect, test } from 'vitest'
import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { retireKey } from '../../src/approvals/grants/retireKey.ts'
import { rotateKeys } from '../../src/approvals/grants/rotateKeys.ts'
import { tendKeys } from '../../src/approvals/grants/tendKeys.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { testSealer } from '../support/testSealer.ts'
import { claimsAt, day, type KeyHouse, keyHouse, typed } from './keyHouse.ts'

async function started(): Promise<KeyHouse & { readonly store: ReturnType<typeof memoryStore> }> {
  const store = memoryStore()
  const house = await keyHouse({ store })
  await firstKeys(house.ports)
  return { ...house, store }
}

const statuses = async (house: KeyHouse) => (await house.keys()).map(({ status }) => status).sort()
const published = async (house: KeyHouse) =>
  (await house.ports.signer.jwks()).keys.map(({ kid }) => kid).sort()
const types = (house: { readonly store: ReturnType<typeof memoryStore> }) =>
  house.store.ledger.map(({ type }) => type).filter((type) => type.startsWith('key.'))

describe('the first start', () => {
  test('makes the key that signs and the next one, and publishes both', async () => {
    const house = await started()

    const [active, next] = [await house.key('active'), await house.key('next')]
    expect(await published(house)).toEqual([active.id, next.id].sort())
    expect(await house.ports.signer.signsWith()).toBe(active.id)
    expect(types(house)).toEqual(['key.created', 'key.created'])
  })

  test('is made once, however many replicas start at once, and a later start makes nothing', async () => {
    const house = await keyHouse()

    await Promise.all([firstKeys(house.ports), firstKeys(house.ports), firstKeys(house.ports)])
    await firstKeys(house.ports)

    expect(await statuses(house)).toEqual(['active', 'next'])
  })

  test('sets the job that looks after the keys to the time of this configuration', async () => {
    const house = await started()
    expect(house.store.jobs.get('keys:0')).toMatchObject({ at: '2027-02-22T14:00:00.000Z' })

    await firstKeys({ ...house.ports, keyDays: 10 })

    expect(house.store.jobs.get('keys:0')).toMatchObject({ at: '2026-12-04T14:00:00.000Z' })
  })
})

describe('a rotation by an operator', () => {
  test('waits until verifiers have had a day to fetch the next key', async () => {
    const house = await started()
    const next = await house.key('next')
    house.world.clock.advance(day - 1)
    await expect(rotateKeys(house.ports, { ...typed, early: null })).rejects.toMatchObject({
      code: 'not_applicable',
      problems: [{ detail: expect.stringContaining('--now --reason') }],
    })

    house.world.clock.advance(1)
    await rotateKeys(house.ports, { ...typed, early: null })

    expect((await house.key('active')).id).toBe(next.id)
    expect(await statuses(house)).toEqual(['active', 'next', 'retired'])
  })

  test('goes ahead at once for a reason, which is kept beside the entries', async () => {
    const house = await started()
    await expect(rotateKeys(house.ports, { ...typed, early: ' ' })).rejects.toMatchObject({
      code: 'reason_needed',
    })

    await rotateKeys(house.ports, { ...typed, early: 'A laptop was stolen' })

    const entries = house.store.ledger.filter(({ actor }) => actor.id === 'operator' && actor.via === 'cli')
    expect(entries.map(({ type }) => type)).toEqual(['key.retired', 'key.activated', 'key.created'])
    expect(entries[0]?.data).toMatchObject({
      standing: 'claimed',
      believed_until: '2026-11-24T14:15:00.000Z',
    })
    expect(house.store.blobs.filter(({ name }) => name === 'reason').map(({ text }) => text)).toEqual(
      Array(3).fill('A laptop was stolen'),
    )
  })

  test('of two at once one takes effect, and the other is judged by what it made', async () => {
    const house = await started()
    house.world.clock.advance(day)

    const both = await Promise.allSettled([
      rotateKeys(house.ports, { ...typed, early: null }),
      rotateKeys(house.ports, { ...typed, early: null }),
    ])

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await statuses(house)).toEqual(['active', 'next', 'retired'])
  })

  test('is refused while the next key does not open, and names the command that replaces it', async () => {
    const house = await started()
    const next = await house.key('next')
    await tamper(house, next.id)
    house.world.clock.advance(day)

    await expect(rotateKeys(house.ports, { ...typed, early: null })).rejects.toMatchObject({
      problems: [{ detail: expect.stringContaining(`countersign keys retire ${next.id}`) }],
    })
  })
})

describe('a retired key', () => {
  test('is published until what it signed has ended, then loses its private part, and never comes back', async () => {
    const house = await started()
    const old = await house.key('active')
    house.world.clock.advance(day)
    await rotateKeys(house.ports, { ...typed, early: null })

    house.world.clock.advance(15 * 60 - 1)
    await tendKeys(house.ports, { round: 0 })
    expect(await published(house)).toContain(old.id)

    house.world.clock.advance(1)
    expect(await published(house)).not.toContain(old.id) // by the clock, before anybody has tidied up
    await tendKeys(house.ports, { round: 1 })
    expect((await house.key('retired')).sealed).toBeNull()
    expect(await published(house)).not.toContain(old.id)
    expect(types(house).at(-1)).toBe('key.erased')
    await expect(retireKey(house.ports, { ...typed, key: old.id, reason: 'x' })).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })
})

describe('a key that has leaked', () => {
  test('is retired at once: not published, nothing of it believed, and the next one signs', async () => {
    const house = await started()
    const [old, next] = [await house.key('active'), await house.key('next')]
    const token = await house.ports.signer.sign(claimsAt(house.ports), { kid: old.id, typ: 'JWT' })
    expect(await house.ports.signer.read(token)).not.toBeNull()

    await retireKey(house.ports, { ...typed, key: old.id, reason: 'Found on a paste site' })

    expect(await house.replica().signer.read(token)).toBeNull()
    expect(await house.replica().signer.signsWith()).toBe(next.id)
    expect((await house.replica().signer.jwks()).keys.map(({ kid }) => kid)).not.toContain(old.id)
    expect((await house.key('retired')).sealed).toBeNull()
  })

  test('control: what a key signed that was rotated is believed', async () => {
    const house = await started()
    const old = await house.key('active')
    const token = await house.ports.signer.sign(claimsAt(house.ports), { kid: old.id, typ: 'JWT' })

    await rotateKeys(house.ports, { ...typed, early: 'to see' })

    expect(await house.replica().signer.read(token)).toMatchObject({ signedBy: { id: old.id } })
  })

  test('may be the next one, or one that is retired already', async () => {
    const house = await started()
    const [first, next] = [await house.key('active'), await house.key('next')]

    await retireKey(house.ports, { ...typed, key: next.id, reason: 'x' })
    await rotateKeys(house.ports, { ...typed, early: 'x' })
    await retireKey(house.ports, { ...typed, key: first.id, reason: 'x' })

    expect(await statuses(house)).toEqual(['active', 'next', 'retired', 'retired'])
    const withPrivate = (await house.keys()).filter(({ sealed }) => sealed !== null)
    expect(withPrivate.map(({ status }) => status).sort()).toEqual(['active', 'next'])
  })

  test('gives way to a new one when the next one does not open', async () => {
    const house = await started()
    const [old, next] = [await house.key('active'), await house.key('next')]
    await tamper(house, old.id)
    await tamper(house, next.id)

    const { active } = await retireKey(house.ports, { ...typed, key: old.id, reason: 'it does not open' })

    expect([old.id, next.id]).not.toContain(active)
    expect(await house.replica().signer.signsWith()).toBe(active)
    expect(await published(house)).toHaveLength(2)
  })

  test('needs a reason, and a key that there is', async () => {
    const house = await started()
    const { id } = await house.key('active')

    await expect(retireKey(house.ports, { ...typed, key: id, reason: '' })).rejects.toMatchObject({
      code: 'reason_needed',
    })
    await expect(retireKey(house.ports, { ...typed, key: 'none', reason: 'x' })).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })
})

describe('by itself', () => {
  test('the keys are rotated when the active one is as old as the configuration says, and the next look is set', async () => {
    const house = await started()
    const next = await house.key('next')
    house.world.clock.advance(90 * day - 1)
    await tendKeys(house.ports, { round: 0 })
    expect(await statuses(house)).toEqual(['active', 'next'])

    house.world.clock.advance(1)
    await tendKeys(house.ports, { round: 1 })

    expect((await house.key('active')).id).toBe(next.id)
    expect(house.store.ledger.at(-1)?.actor).toEqual({ kind: 'system', id: 'issuer', via: 'clock' })
    // The next thing to do is to erase what the old key could still sign.
    expect(house.store.jobs.get('keys:0')).toMatchObject({ at: '2027-02-22T14:15:00.000Z' })
  })

  test('two replicas at once rotate once', async () => {
    const house = await started()
    house.world.clock.advance(90 * day)

    await Promise.all([tendKeys(house.ports, { round: 0 }), tendKeys(house.ports, { round: 0 })])

    expect(await statuses(house)).toEqual(['active', 'next', 'retired'])
  })

  test('a next key that nobody can open is replaced, and never signs', async () => {
    const house = await started()
    const [active, next] = [await house.key('active'), await house.key('next')]
    await tamper(house, next.id)
    house.world.clock.advance(90 * day)

    await tendKeys(house.ports, { round: 0 })

    expect((await house.key('active')).id).toBe(active.id)
    expect((await house.key('next')).id).not.toBe(next.id)
    house.world.clock.advance(day)
    await tendKeys(house.ports, { round: 1 })
    expect((await house.key('active')).id).not.toBe(active.id)
  })
})

test('secrets: no private part stands unsealed in a record, an entry or beside one', async () => {
  const house = await started()
  await rotateKeys(house.ports, { ...typed, early: 'to see' })

  const written = JSON.stringify([await house.keys(), house.store.ledger, house.store.blobs])
  expect(written).not.toMatch(/PRIVATE KEY|"d":|"p":|"q":/)
  // Control: the private part is there, for who has the secret.
  const { id, sealed } = await house.key('active')
  expect(testSealer.open(sealed ?? '', { purpose: 'signing-key', row: id })).toContain('PRIVATE KEY')
})

/** Somebody changes the sealed text in the database. */
async function tamper(house: KeyHouse, id: string): Promise<void> {
  const key = (await house.keys()).find((one) => one.id === id)
  if (!key?.sealed) throw new Error('nothing to tamper with')
  const sealed = `${key.sealed.slice(0, -2)}${key.sealed.endsWith('AA') ? 'BB' : 'AA'}`
  const next = { ...key, sealed, version: key.version + 1 }
  await house.world.store.commit({ signingKeys: [{ expected: key.version, next }], entries: [] })
}
