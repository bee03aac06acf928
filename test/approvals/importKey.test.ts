import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { importKey } from '../../src/approvals/grants/importKey.ts'
import { retireKey } from '../../src/approvals/grants/retireKey.ts'
import { rotateKeys } from '../../src/approvals/grants/rotateKeys.ts'
import { type Mine, makeMine } from '../support/keyOfOperator.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { claimsAt, day, keyHouse, typed } from './keyHouse.ts'

let mine: Mine
let another: Mine
beforeAll(async () => {
  mine = await makeMine()
  another = await makeMine(3_072)
})

async function started() {
  const store = memoryStore()
  const house = await keyHouse({ store })
  await firstKeys(house.ports)
  const give = (text: string, early: string | null = null) =>
    importKey(house.ports, { ...typed, text, early })
  const published = async () => (await house.ports.signer.jwks()).keys.map(({ kid }) => kid)
  return { ...house, store, give, published }
}

describe('a key of the operator', () => {
  test('takes the place of the next one: published at once, and signing when verifiers have had their day', async () => {
    const house = await started()
    const [active, before] = [await house.key('active'), await house.key('next')]

    const done = await house.give(mine.pem)

    expect(done).toEqual({
      key: mine.kid,
      status: 'next',
      ripe: '2026-11-25T14:00:00.000Z',
      instead: before.id,
    })
    expect(await house.published()).toEqual(expect.arrayContaining([active.id, mine.kid]))
    expect(await house.published()).not.toContain(before.id)
    await expect(rotateKeys(house.ports, { ...typed, early: null })).rejects.toMatchObject({
      code: 'not_applicable',
    })
    house.world.clock.advance(day)
    await rotateKeys(house.ports, { ...typed, early: null })
    expect(await house.ports.signer.signsWith()).toBe(mine.kid)
    const token = await house.ports.signer.sign(claimsAt(house.ports), { kid: mine.kid, typ: 'at+jwt' })
    expect(await house.replica().signer.read(token)).toMatchObject({ signedBy: { id: mine.kid } })
  })

  test('signs at once for a reason, which is kept beside the entries; what the one before signed is believed', async () => {
    const house = await started()
    const [active, next] = [await house.key('active'), await house.key('next')]
    const token = await house.ports.signer.sign(claimsAt(house.ports), { kid: active.id, typ: 'at+jwt' })
    await expect(house.give(mine.pem, ' ')).rejects.toMatchObject({ code: 'reason_needed' })

    const done = await house.give(mine.pem, 'The auditor wants our own')

    expect(done).toEqual({ key: mine.kid, status: 'active', ripe: null, instead: active.id })
    expect(await house.ports.signer.signsWith()).toBe(mine.kid)
    expect(await house.published()).not.toContain(next.id)
    expect(await house.ports.signer.read(token)).toMatchObject({ signedBy: { id: active.id } })
    const entries = house.store.ledger.filter(({ actor }) => actor.id === 'operator' && actor.via === 'cli')
    expect(entries.map(({ type, data }) => [type, data.given ?? null])).toEqual([
      ['key.retired', null],
      ['key.created', true],
      ['key.retired', null],
      ['key.activated', null],
      ['key.created', null],
    ])
    expect(entries[0]?.blobs.map(({ name }) => name).sort()).toEqual(['reason', 'shell'])
  })

  test('that was killed before it signed signs when it is given again', async () => {
    const house = await started()
    await house.give(mine.pem)

    expect(await house.give(mine.pem, 'It was killed')).toMatchObject({ key: mine.kid, status: 'active' })
    expect(await house.ports.signer.signsWith()).toBe(mine.kid)
  })

  test('never brings another into force: one that somebody publishes in between waits for its day', async () => {
    const house = await started()
    const active = await house.key('active')
    let commits = 0
    const store = {
      ...house.ports.store,
      async commit(change: Parameters<typeof house.ports.store.commit>[0]) {
        const outcome = await house.ports.store.commit(change)
        commits += 1
        if (commits === 1) await house.give(another.pem)
        return outcome
      },
    }

    const giving = importKey({ ...house.ports, store }, { ...typed, text: mine.pem, early: 'The auditor' })

    await expect(giving).rejects.toMatchObject({ code: 'busy' })
    expect(await house.key('active')).toEqual(active)
    expect((await house.key('next')).id).toBe(another.kid)
  })

  test('signs at once where none does yet, and the first start makes the next one', async () => {
    const house = await keyHouse({ store: memoryStore() })

    const done = await importKey(house.ports, { ...typed, text: mine.pem, early: null })
    await firstKeys(house.ports)

    expect(done).toMatchObject({ status: 'active', instead: null })
    expect((await house.key('active')).id).toBe(mine.kid)
    expect((await house.key('next')).id).not.toBe(mine.kid)
  })

  test('is the same key as PEM and as JWK, and its kid is its thumbprint whatever the JWK says', async () => {
    const house = await started()

    expect(
      await house.give(JSON.stringify({ ...mine.jwk, kid: 'mine', alg: 'RS256', use: 'sig' })),
    ).toMatchObject({ key: mine.kid })
  })

  test('does not come twice, and not again once it is retired', async () => {
    const house = await started()
    await house.give(mine.pem)
    await expect(house.give(mine.pem)).rejects.toMatchObject({ code: 'not_applicable' })
    await retireKey(house.ports, { ...typed, key: mine.kid, reason: 'It leaked' })

    await expect(house.give(JSON.stringify(mine.jwk))).rejects.toMatchObject({
      code: 'not_applicable',
      problems: [{ detail: expect.stringContaining('is retired') }],
    })
    expect(await house.give(another.pem)).toMatchObject({ status: 'next' }) // control
  })

  test('stands in the record only sealed, and in no entry', async () => {
    const house = await started()
    await house.give(mine.pem)

    const everything = JSON.stringify([
      await house.keys(),
      house.store.ledger,
      [...house.store.blobs.values()],
    ])

    expect(everything).not.toMatch(/PRIVATE KEY|"d":/)
    expect(everything).not.toContain(String(mine.jwk.d).slice(0, 30))
  })

  test('of two that come at once both are taken, one after the other, and one of them is the next one', async () => {
    const house = await started()

    await Promise.all([house.give(mine.pem), house.give(another.pem)])

    expect([mine.kid, another.kid]).toContain((await house.key('next')).id)
    expect((await house.keys()).filter(({ status }) => status === 'active')).toHaveLength(1)
  })
})

const rsa = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey
const pkcs8 = (key: ReturnType<typeof rsa>) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const jwkWith = (change: Record<string, unknown>) => JSON.stringify({ ...mine.jwk, ...change })

describe('a file without such a key is refused, with what helps, and nothing of it is repeated', () => {
  test.each<readonly [string, () => string, RegExp]>([
    [
      'an encrypted one',
      () =>
        createPrivateKey(mine.pem)
          .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
          .toString(),
      /openssl pkey -in/,
    ],
    [
      'PKCS#1',
      () => createPrivateKey(mine.pem).export({ type: 'pkcs1', format: 'pem' }).toString(),
      /openssl pkcs8 -topk8/,
    ],
    [
      'a public key',
      () =>
        generateKeyPairSync('rsa', { modulusLength: 2_048 })
          .publicKey.export({ type: 'spki', format: 'pem' })
          .toString(),
      /public key/,
    ],
    ['a certificate', () => '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', /certificate/],
    [
      'a curve',
      () =>
        generateKeyPairSync('ec', { namedCurve: 'P-256' })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      /no RSA key/,
    ],
    [
      'Ed25519',
      () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      /no RSA key/,
    ],
    [
      'RSA-PSS',
      () =>
        generateKeyPairSync('rsa-pss', { modulusLength: 2_048 })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      /no RSA key/,
    ],
    ['1024 bits', () => pkcs8(rsa(1_024)), /1024 bits/],
    ['the exponent 3', () => pkcs8(rsa(2_048, 3)), /exponent is not 65537/],
    ['a cut', () => mine.pem.slice(0, 400), /damaged/],
    ['nothing', () => '', /neither PKCS#8/],
    ['a password', () => 'hunter2-hunter2', /neither PKCS#8/],
    ['no JSON', () => '{"kty":"RSA","d":"secret', /no JSON/],
    ['a set', () => JSON.stringify({ keys: [mine.jwk] }), /set of keys/],
    ['a public JWK', () => jwkWith({ d: undefined }), /public key/],
    ['a JWK of another kind', () => jwkWith({ kty: 'oct', k: 'c2VjcmV0' }), /kty/],
    ['a JWK for PS256', () => jwkWith({ alg: 'PS256' }), /alg/],
    ['a JWK for encryption', () => jwkWith({ use: 'enc' }), /use/],
    ['a JWK that may only verify', () => jwkWith({ key_ops: ['verify'] }), /key_ops/],
    ['half a JWK', () => jwkWith({ p: undefined }), /damaged/],
    ['a JWK of two keys', () => jwkWith({ n: another.jwk.n }), /damaged/],
    [
      'a JWK of two keys of one size',
      () => jwkWith({ d: 'A'.repeat(300), dp: 'AQAB', dq: 'AQAB' }),
      /damaged/,
    ],
  ])('%s', async (_, text, says) => {
    const house = await started()
    const given = text()

    const fault = await house.give(given).catch((thrown: unknown) => thrown)

    expect(fault).toMatchObject({
      code: 'invalid_request',
      problems: [{ pointer: '/file', detail: expect.stringMatching(says) }],
    })
    expect(JSON.stringify([fault, String(fault), String((fault as Error).cause)])).not.toMatch(
      /hunter2|secret|MII[A-Za-z0-9+/]{8}/,
    ) // it is thrown
    expect((await house.keys()).map(({ status }) => status).sort()).toEqual(['active', 'next'])
  })
})
