import { exportJWK, generateKeyPair } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { click } from '../support/world.ts'
import { proofKey } from './dpop.ts'
import { asksGrant, tokenIn } from './grantCalls.ts'
import { baseUrl, exportBody, type House, idIn, openHouse, type Reply } from './house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})

async function approved(): Promise<string> {
  const id = idIn(await house.submit(exportBody))
  await click(house, id, 'U0BOB')
  await click(house, id, 'U0SAM')
  return id
}

const asks = (id: string, headers?: Record<string, string>, body?: object) =>
  asksGrant(house, id, headers, body)

describe('POST /v1/requests/{id}/grant', () => {
  test('gives the token once, and the same to whoever asks again', async () => {
    const id = await approved()

    const first = await asks(id)
    house.clock.advance(30)
    const second = await asks(id, {}, {})

    expect(first.status).toBe(201)
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect(first.body).toEqual({
      id: id.replace('req_', 'grt_'),
      request: id,
      token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      audience: baseUrl,
      issued_at: '2026-11-24T14:00:00.000Z',
      expires_at: '2026-11-24T14:03:00.000Z',
      expires_in: 180,
      spent_by: 'agent',
    })
    expect(second).toMatchObject({ status: 200, body: { expires_in: 150 } })
    expect(tokenIn(second)).toBe(tokenIn(first))
  })

  test('shows the request with its grant, and never the token; nor does the log have it', async () => {
    const id = await approved()
    const token = tokenIn(await asks(id))

    const shown = await house.call('GET', `/v1/requests/${id}`)

    expect(shown.body).toMatchObject({ grant: { id: id.replace('req_', 'grt_'), redeemed_at: null } })
    for (const text of [shown.text, house.log()]) expect(text).not.toContain(token.split('.')[2])
  })

  test.each<[string, () => Promise<Reply>, number, string]>([
    ['waits', async () => asks(idIn(await house.submit(exportBody))), 409, 'not_approved'],
    ['is another agent’s', otherAgents, 404, 'unknown_request'],
    ['does not exist', async () => asks('req_01kb3g5jq8e7gr8m2n5p9s0tvw'), 404, 'unknown_request'],
    ['lapsed', async () => late(16 * 60), 409, 'grant_lapsed'],
    ['was granted, and that is over', async () => late(181, true), 409, 'grant_over'],
    [
      'was granted for another audience',
      async () => {
        const id = await approved()
        await asks(id)
        return asks(id, {}, { audience: 'https://elsewhere.test' })
      },
      409,
      'grant_taken',
    ],
    [
      'has no such audience',
      async () => asks(await approved(), {}, { audience: 'https://elsewhere.test' }),
      422,
      'unknown_audience',
    ],
    ['has no such property', async () => asks(await approved(), {}, { for: 'x' }), 400, 'invalid_request'],
  ])('a request that %s', async (_, call, status, code) => {
    expect(await call()).toMatchObject({ status, body: { code } })
  })

  async function otherAgents(): Promise<Reply> {
    const id = await approved()
    const by = { email: 'lee@acme.test' }
    const other = await addAgent(house.ports, { name: 'other-agent', owner: by, by, via: 'test' })
    return asks(id, { authorization: `Bearer ${other.credential}` })
  }

  async function late(seconds: number, granted = false): Promise<Reply> {
    const id = await approved()
    if (granted) await asks(id)
    house.clock.advance(seconds)
    return asks(id)
  }

  test('is for the audience that policy has for the type of resource', async () => {
    const yaml = `${bundleFiles['bundle.yaml']}audiences:
  - {id: "https://k8s.acme.test", resource_types: [cluster], profile: id, spent_by: agent}
  - {id: "https://db.acme.test", resource_types: [table], profile: at+jwt, spent_by: resource}
  - {id: "https://db2.acme.test", resource_types: all, profile: id, spent_by: agent}
`
    house.setPolicy(testBundle({ ...bundleFiles, 'bundle.yaml': yaml }))
    const [one, other] = [await approved(), await approved()]

    const first = await asks(one)
    const named = await asks(other, {}, { audience: 'https://db2.acme.test' })

    expect(first.body).toMatchObject({ audience: 'https://db.acme.test', spent_by: 'resource' })
    const [header = ''] = tokenIn(first).split('.')
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      alg: 'RS256',
      typ: 'at+jwt',
    })
    expect(named.body).toMatchObject({ audience: 'https://db2.acme.test', spent_by: 'agent' })
    // Not for its type of resource.
    expect(await asks(await approved(), {}, { audience: 'https://k8s.acme.test' })).toMatchObject({
      status: 422,
    })
  })
})

describe('a DPoP proof', () => {
  const url = (id: string) => `${baseUrl}/v1/requests/${id}/grant`

  test('binds the token to its key; only who holds that key gets it again', async () => {
    const id = await approved()
    const { proof, jkt } = await proofKey()
    const other = await proofKey()

    const first = await asks(id, { dpop: await proof(url(id), house.clock()) })

    expect(first).toMatchObject({ status: 201, body: { token_type: 'DPoP' } })
    expect((await house.ports.signer.read(tokenIn(first)))?.claims).toMatchObject({ cnf: { jkt } })
    expect(await asks(id, { dpop: await other.proof(url(id), house.clock()) })).toMatchObject({
      body: { code: 'grant_taken' },
    })
    expect(await asks(id)).toMatchObject({ body: { code: 'grant_taken' } })
    const again = await asks(id, { dpop: await proof(url(id), house.clock()) })
    expect(tokenIn(again)).toBe(tokenIn(first))
  })

  test('that was shown before proves nothing: the commit knows its name, whichever replica asks', async () => {
    const id = await approved()
    const { proof } = await proofKey()
    const dpop = await proof(url(id), house.clock())

    expect((await asks(id, { dpop })).status).toBe(201)

    expect(await asks(id, { dpop })).toMatchObject({ status: 400, body: { code: 'invalid_dpop_proof' } })
  })

  const wrong: readonly (readonly [string, () => Promise<{ claims?: object; header?: object }>])[] = [
    ['is for another address', async () => ({ claims: { htu: `${baseUrl}/v1/requests` } })],
    ['is for another method', async () => ({ claims: { htm: 'GET' } })],
    ['is a minute old', async () => ({ claims: { iat: seconds() - 61 } })],
    ['is of the future', async () => ({ claims: { iat: seconds() + 61 } })],
    ['has no time', async () => ({ claims: { iat: undefined } })],
    ['has no name', async () => ({ claims: { jti: undefined } })],
    ['is another kind of token', async () => ({ header: { typ: 'JWT' } })],
    [
      'names another key than it was signed with',
      async () => ({ header: { jwk: await exportJWK((await generateKeyPair('ES256')).publicKey) } }),
    ],
    [
      'shows a private key',
      async () => {
        const { privateKey } = await generateKeyPair('ES256', { extractable: true })
        return { header: { jwk: await exportJWK(privateKey) } }
      },
    ],
  ]
  const seconds = () => Math.floor(house.clock().getTime() / 1_000)

  test.each(wrong)('that %s is refused, and nothing is granted', async (_, change) => {
    const id = await approved()
    const { proof } = await proofKey()
    const dpop = await proof(url(id), house.clock(), (await change()) as Parameters<typeof proof>[2])

    expect(await asks(id, { dpop })).toMatchObject({ status: 400, body: { code: 'invalid_dpop_proof' } })
    expect(await entriesOf(house.store, id, 'grant.issued')).toEqual([])
  })

  test.each(['', 'nonsense', 'a.b.c', 'x'.repeat(9_000)])('that is no token is refused: %#', async (dpop) => {
    const id = await approved()

    expect(await asks(id, { dpop: dpop || ' ' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_dpop_proof' },
    })
  })

  test('control: at the edge of its minute it is taken, with a query in its address too', async () => {
    const id = await approved()
    const { proof } = await proofKey()
    const dpop = await proof(`${url(id)}?x=1`, house.clock(), { claims: { iat: seconds() - 60 } })

    expect((await asks(id, { dpop })).status).toBe(201)
  })
})
