import { expect, test } from 'vitest'
import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { importKey } from '../../src/approvals/grants/importKey.ts'
import { rotateKeys } from '../../src/approvals/grants/rotateKeys.ts'
import { tendKeys } from '../../src/approvals/grants/tendKeys.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { claimsAt, day, keyHouse, typed } from '../approvals/keyHouse.ts'
import { makeMine } from '../support/keyOfOperator.ts'
import { jobKeys, opened } from './opened.ts'

/** Two replicas on one database, each with sessions and keys of its own. */
async function twoReplicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const house = await keyHouse({ store: first.store })
  const here: Ports = { ...house.ports, ids: randomIds }
  const there: Ports = { ...here, store: second.store, signer: house.replica({ store: second.store }).signer }
  return { first, second, house, here, there }
}

test('two-replicas: both start at once, and the database has one key that signs and one that will', async () => {
  const { first, house, here, there } = await twoReplicas()

  await Promise.all([firstKeys(here), firstKeys(there)])

  expect((await house.keys()).map(({ status }) => status).sort()).toEqual(['active', 'next'])
  expect(await here.signer.signsWith()).toBe(await there.signer.signsWith())
  expect(await jobKeys(first)).toEqual(['keys:0'])
})

test('two-replicas: both rotate at once by the clock, and once it happens', async () => {
  const { house, here, there } = await twoReplicas()
  await firstKeys(here)
  house.world.clock.advance(90 * day)

  await Promise.all([tendKeys(here, { round: 0 }), tendKeys(there, { round: 0 })])

  expect((await house.keys()).map(({ status }) => status).sort()).toEqual(['active', 'next', 'retired'])
})

test('two-replicas: an operator gives a key at both at once, and it is the next one, once', async () => {
  const { house, here, there } = await twoReplicas()
  await firstKeys(here)
  const { pem: text } = await makeMine()

  const given = await Promise.allSettled(
    [here, there].map((ports) => importKey(ports, { ...typed, text, early: null })),
  )

  expect(given.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const keys = await house.keys()
  expect(
    keys
      .filter(({ sealed }) => sealed !== null)
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['active', 'next'])
  expect(keys).toHaveLength(3)
})

test('two-replicas: a rotation at one is heard at the other, which signs with the new key without any time passing', async () => {
  const { here, there } = await twoReplicas()
  await firstKeys(here)
  const before = await there.signer.signsWith()

  const { active } = await rotateKeys(here, { ...typed, early: 'to see' })

  await expect.poll(() => there.signer.signsWith()).toBe(active)
  expect(active).not.toBe(before)
  const token = await there.signer.sign(claimsAt(there), { kid: active, typ: 'JWT' })
  expect(await here.signer.read(token)).toMatchObject({ signedBy: { id: active } })
})

test('stale-replica: one that hears nothing at all follows when what it knows is five seconds old', async () => {
  const { second, house, here } = await twoReplicas()
  await firstKeys(here)
  const deaf = house.replica({ store: second.store, deaf: true }).signer
  const before = await deaf.signsWith()
  const { active } = await rotateKeys(here, { ...typed, early: 'to see' })
  expect(await deaf.signsWith()).toBe(before) // control: it has not heard

  house.world.clock.advance(6)

  expect(await deaf.signsWith()).toBe(active)
})
