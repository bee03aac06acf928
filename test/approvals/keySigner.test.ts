import { createHook } from 'node:async_hooks'
import { generateKeyPairSync, sign as signAtOnce } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { publicJwkOf } from '../../src/approvals/grants/openKey.ts'
import { rotateKeys } from '../../src/approvals/grants/rotateKeys.ts'
import { sealerOf, testSealer } from '../support/testSealer.ts'
import { claimsAt, signing, typed } from './keyHouse.ts'

const early = { ...typed, early: 'to see' }

describe('a token', () => {
  test('says its key, its type and its claims, and is the same for the same claims in whatever order', async () => {
    const { signer, kid, sign, ports } = await signing()
    const claims = claimsAt(ports)

    const token = await sign(claims)

    const [header = ''] = token.split('.')
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'RS256',
      typ: 'at+jwt',
      kid,
    })
    expect(await sign(Object.fromEntries(Object.entries(claims).reverse()))).toBe(token)
    expect(await signer.read(token)).toEqual({ signedBy: { id: kid, version: 1 }, claims })
  })

  test('is read whatever its times say: whoever asks judges them', async () => {
    const { signer, sign, ports, world } = await signing()
    const token = await sign(claimsAt(ports, { exp: 1 }))

    world.clock.advance(3_600)

    expect(await signer.read(token)).toMatchObject({ claims: { exp: 1 } })
  })

  test.each([
    ['nothing', () => ''],
    ['text', () => 'a.b.c'],
    [
      'another claim under the same signature',
      (token: string) => changed(token, { aud: 'https://other.test' }),
    ],
    ['no signature', (token: string) => `${token.split('.').slice(0, 2).join('.')}.`],
    [
      'alg: none',
      (token: string) => `${encoded({ alg: 'none', kid: kidIn(token) })}.${token.split('.')[1]}.`,
    ],
    ['a part more', (token: string) => `${token}.${token}`],
  ])('with %s says nothing', async (_, make) => {
    const { signer, sign } = await signing()

    expect(await signer.read(make(await sign()))).toBeNull()
  })

  test("says nothing when somebody else's key signed it, under our kid or their own", async () => {
    const { signer, kid, ports } = await signing()
    const { publicKey, privateKey } = stranger()
    const by = (header: Record<string, unknown>) =>
      new SignJWT({ ...claimsAt(ports) }).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey)
    const jwk = await exportJWK(publicKey)

    for (const header of [{ kid }, { kid: (await publicJwkOf(publicKey)).kid }, { jwk }, { kid, jwk }, {}])
      expect(await signer.read(await by(header))).toBeNull()
  })

  test('says nothing when it is signed by our public key as if that were a shared secret', async () => {
    const { signer, kid, ports } = await signing()
    const { keys } = await signer.jwks()
    const secret = Buffer.from(JSON.stringify(keys.find((key) => key.kid === kid)))
    const token = await new SignJWT({ ...claimsAt(ports) })
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(secret)

    expect(await signer.read(token)).toBeNull()
  })
})

describe('off the event loop', () => {
  test('signing is handed to a thread', async () => {
    const { sign } = await signing()
    await sign()

    expect(await jobsOf(sign)).toContain('SIGNREQUEST')
  })

  test('control: what signs on the event loop hands nothing over', async () => {
    const { privateKey } = stranger()
    expect(await jobsOf(async () => signAtOnce('sha256', Buffer.from('x'), privateKey))).not.toContain(
      'SIGNREQUEST',
    )
  })
})

describe('a retired key', () => {
  test('signs nothing new, and again what it has signed', async () => {
    const { signer, ports, kid, sign, world } = await signing()
    const before = claimsAt(ports)
    const token = await sign(before)
    await rotateKeys(ports, early)
    world.clock.advance(60)

    expect(await sign(before)).toBe(token)
    await expect(sign(claimsAt(ports))).rejects.toMatchObject({ code: 'not_ready' })
    const { iat: _, ...undated } = claimsAt(ports)
    await expect(sign(undated)).rejects.toMatchObject({ code: 'not_ready' })
    expect(await signer.signsWith()).not.toBe(kid)
  })

  test('control: the active one signs what is new', async () => {
    const { ports, sign, world } = await signing()
    world.clock.advance(60)

    expect(await sign(claimsAt(ports))).toMatch(/^ey/)
  })

  test('the next one signs nothing yet', async () => {
    const { signer, ports, key } = await signing()

    await expect(
      signer.sign(claimsAt(ports), { kid: (await key('next')).id, typ: 'JWT' }),
    ).rejects.toMatchObject({ code: 'not_ready' })
  })
})

test('a row that somebody wrote into the database without the secret is neither published nor believed', async () => {
  const { ports, world, signer, kid } = await signing()
  const { publicKey, privateKey } = stranger()
  const publicJwk = await publicJwkOf(publicKey)
  const at = world.clock().toISOString()
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const row = {
    id: publicJwk.kid,
    version: 1,
    status: 'retired',
    publicJwk,
    createdAt: at,
    since: at,
  } as const
  const token = await new SignJWT({ ...claimsAt(ports) })
    .setProtectedHeader({ alg: 'RS256', kid: row.id })
    .sign(privateKey)

  const forged = sealerOf('a guess').seal(pem, { purpose: 'signing-key', row: row.id })
  await world.store.commit({
    signingKeys: [{ expected: null, next: { ...row, sealed: forged } }],
    entries: [],
  })

  expect(await signer.read(token)).toBeNull()
  expect((await signer.jwks()).keys.map((key) => key.kid)).not.toContain(row.id)
  expect(await signer.signsWith()).toBe(kid)

  // Control: with the secret it is one of ours.
  const sealed = testSealer.seal(pem, { purpose: 'signing-key', row: row.id })
  await world.store.commit({
    signingKeys: [{ expected: 1, next: { ...row, version: 2, sealed } }],
    entries: [],
  })
  expect(await signer.read(token)).toMatchObject({ signedBy: { id: row.id } })
})

let strangers: ReturnType<typeof generateKeyPairSync> | null = null

/** The key pair of somebody else. */
function stranger() {
  strangers ??= generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return strangers
}

/** What other threads have done while this ran, by the names that Node gives its jobs. */
async function jobsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const begun = new Map<number, string>()
  const ended: string[] = []
  const hook = createHook({
    init: (id, type) => void begun.set(id, type),
    // A job that is done at once, on the event loop, is begun and never comes back.
    before: (id) => void ended.push(begun.get(id) ?? ''),
  }).enable()
  await work()
  hook.disable()
  return ended
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function changed(token: string, claims: object): string {
  const [header, payload = '', signature] = token.split('.')
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return `${header}.${encoded({ ...said, ...claims })}.${signature}`
}

function kidIn(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
}
