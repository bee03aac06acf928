import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { describe, expect, test } from 'vitest'
import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { rotateKeys } from '../../src/approvals/grants/rotateKeys.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { claimsAt, keyHouse, typed } from '../approvals/keyHouse.ts'
import { testIssuer } from '../support/testSigner.ts'
import { type House, openHouse } from './house.ts'

/** A verifier reaches the house under its name, as if TLS ended in front of it. */
const reaching =
  ({ url }: Pick<House, 'url'>) =>
  (address: string, by: { readonly method: string; readonly headers: Record<string, string> }) =>
    fetch(address.replace(testIssuer, url), { method: by.method, headers: by.headers })

/** A house that signs with the keys of its store. */
async function signingHouse() {
  const keys = await keyHouse()
  await firstKeys(keys.ports)
  const house = await openHouse({ signer: keys.ports.signer })
  return { house, ports: keys.ports }
}

const discovery = '/.well-known/openid-configuration'
const jwks = '/.well-known/jwks.json'

test('both documents are for anybody, and may be kept for five minutes', async () => {
  const house = await openHouse()

  for (const path of [discovery, jwks]) {
    const { status, headers } = await house.call('GET', path, { headers: { authorization: '' } })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('public, max-age=300')
    expect(headers.get('content-type')).toContain('application/json')
  }
})

test('control: every other answer is not kept', async () => {
  const house = await openHouse()

  expect((await house.call('GET', '/healthz')).headers.get('cache-control')).toBe('no-store')
})

test('the keys have nothing private in them', async () => {
  const { house } = await signingHouse()

  const { text } = await house.call('GET', jwks)

  expect(text).not.toMatch(/"(d|p|q|dp|dq|qi|k|sealed)":/)
  expect(JSON.parse(text).keys).toHaveLength(2)
})

describe('code that is not ours', () => {
  test('oauth4webapi finds us, and verifies a token of ours by what it found', async () => {
    const { house, ports } = await signingHouse()
    const issuer = new URL(testIssuer)
    const [customFetch, found] = [{ [oauth.customFetch]: reaching(house) }, oauth.discoveryRequest]

    const server = await oauth.processDiscoveryResponse(issuer, await found(issuer, customFetch))
    const token = await accessToken(ports)
    const request = new Request('https://api.test/', { headers: { authorization: `Bearer ${token}` } })
    const claims = await oauth.validateJwtAccessToken(server, request, 'https://api.test', customFetch)

    expect(claims).toMatchObject({ iss: testIssuer, aud: 'https://api.test', jti: 'grt_1' })
  })

  test('oauth4webapi refuses one whose claims were changed', async () => {
    const { house, ports } = await signingHouse()
    const server: oauth.AuthorizationServer = { issuer: testIssuer, jwks_uri: testIssuer + jwks }
    const [header, payload = '', signature] = (await accessToken(ports)).split('.')
    const said = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const changed = Buffer.from(JSON.stringify({ ...said, jti: 'grt_2' })).toString('base64url')
    const request = new Request('https://api.test/', {
      headers: { authorization: `Bearer ${header}.${changed}.${signature}` },
    })

    await expect(
      oauth.validateJwtAccessToken(server, request, 'https://api.test', {
        [oauth.customFetch]: reaching(house),
      }),
    ).rejects.toThrow()
  })

  test('openid-client finds us, with the endpoints that there are', async () => {
    const { house } = await signingHouse()

    const found = await openid.discovery(new URL(testIssuer), 'a-client', undefined, undefined, {
      [openid.customFetch]: reaching(house),
    })

    expect(found.serverMetadata()).toMatchObject({
      issuer: testIssuer,
      jwks_uri: `${testIssuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      introspection_endpoint: `${testIssuer}/oauth/introspect`,
      revocation_endpoint: `${testIssuer}/oauth/revoke`,
    })
    expect(found.serverMetadata().token_endpoint).toBeUndefined()
  })

  test('a verifier that fetched the keys before a rotation knows the one that signs after it', async () => {
    const { house, ports } = await signingHouse()
    const before = createLocalJWKSet(await (await fetch(house.url + jwks)).json())
    const old = await accessToken(ports)

    const { active } = await rotateKeys(ports, { ...typed, early: 'to see' })
    await expect.poll(() => ports.signer.signsWith()).toBe(active)

    const token = await accessToken(ports)
    expect(decodeProtectedHeader(old).kid).not.toBe(active)
    expect(decodeProtectedHeader(token).kid).toBe(active)
    await compactVerify(token, before)
    // And one that fetches them now still verifies what was signed before.
    await compactVerify(old, createLocalJWKSet(await (await fetch(house.url + jwks)).json()))
  })
})

test('while the keys cannot be known, there is neither document: 503, and nothing that could be kept', async () => {
  const { signer } = (await keyHouse()).ports
  const refusing = {
    ...signer,
    jwks: async () => {
      throw new Refusal('not_ready', 'the address is not https')
    },
  }
  const house = await openHouse({ signer: refusing })

  for (const path of [discovery, jwks]) {
    const reply = await house.call('GET', path)
    expect(reply).toMatchObject({ status: 503, body: { code: 'not_ready' } })
    expect(reply.headers.get('cache-control')).toBe('no-store')
  }
})

/** By RFC 9068, for an audience of its own, alive for two minutes of the real clock, by which verifiers go. */
async function accessToken({
  signer,
  clock,
}: Awaited<ReturnType<typeof keyHouse>>['ports']): Promise<string> {
  const iat = Math.floor(Date.now() / 1_000)
  const claims = claimsAt({ clock }, { iat, exp: iat + 120, sub: 'approval', client_id: 'billing-agent' })
  return signer.sign(claims, { kid: await signer.signsWith(), typ: 'at+jwt' })
}
