import { beforeEach, describe, expect, test } from 'vitest'
import { identityProviders } from '../../src/oidc/providers.ts'
import { agesOf, testClock } from '../support/testClock.ts'
import { issuedAt, type TestProvider, testProvider } from '../support/testIssuer.ts'
import { exportBody, type House, idIn, openHouse } from './house.ts'

let issuer: TestProvider
let house: House
let answer: () => Promise<string>
beforeEach(async () => {
  issuer = await testProvider()
  answer = async () => issuer.document()
  house = await openHouse({
    identityProviders: identityProviders([issuer.provider], {
      read: () => answer(),
      ages: agesOf(testClock()),
    }),
  })
})

const bodyWith = async (claims: Record<string, unknown> = {}) => ({
  ...exportBody,
  initiator: { id_token: await issuer.token(claims) },
})
const keyed = { 'idempotency-key': 'run-1' }

describe('attested: an agent relays an ID token', () => {
  test('and is told that its initiator is attested; with a claim it is told that they are not', async () => {
    expect((await house.submit(await bodyWith())).body).toMatchObject({ initiator: { attested: true } })
    expect((await house.submit(exportBody)).body).toMatchObject({ initiator: { attested: false } })
  })

  test('and repeats its call with a fresh token of the same person: it is the same call', async () => {
    const first = await house.submit(await bodyWith(), keyed)
    const fresh = await bodyWith({ jti: 'another', iat: issuedAt + 30, exp: issuedAt + 4_000 })

    const again = await house.submit(fresh, keyed)

    expect(again.status).toBe(202)
    expect(idIn(again)).toBe(idIn(first))
  })

  test.each([
    ['of somebody else', { sub: 'sub-bob' }],
    ['of another issuer', { iss: 'https://other.example.com' }],
  ])('control: with a token %s it is another call', async (_, claims) => {
    await house.submit(await bodyWith(), keyed)

    expect(await house.submit(await bodyWith(claims), keyed)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    })
  })

  test('that proves nothing, and hears why: 422, and nothing of the token is logged or told', async () => {
    const body = await bodyWith({ exp: issuedAt + 1 })

    const reply = await house.submit(body)

    expect(reply).toMatchObject({
      status: 422,
      body: {
        code: 'id_token_refused',
        errors: [{ pointer: '/initiator/id_token', detail: expect.stringContaining('is over') }],
      },
    })
    expect(reply.text + house.log()).not.toContain(body.initiator.id_token.split('.')[1])
  })

  test('whose provider is deaf: 503, to come again', async () => {
    answer = () => Promise.reject(new Error('it did not answer in time'))

    const reply = await house.submit(await bodyWith())

    expect(reply).toMatchObject({ status: 503, body: { code: 'id_token_unchecked' } })
    expect(reply.headers.get('retry-after')).toBe('5')
  })
})
