import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { addResource, rotateResource } from '../../src/approvals/grants/resources.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { resourceLimits } from '../../src/http/limits.ts'
import { audience, type Granted, granted } from '../support/grantedRequest.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { proofKey } from './dpop.ts'
import { baseUrl, type House, openHouse } from './house.ts'

let store: MemoryStore
let house: House
let keys: { readonly resource: Bearer; readonly elsewhere: Bearer; readonly otherAgent: Bearer }
type Bearer = Readonly<Record<string, string>>

const bearer = (credential: string): Bearer => ({ authorization: `Bearer ${credential}` })
const json = { 'content-type': 'application/json' }

beforeEach(async () => {
  store = memoryStore()
  house = await openHouse({ store })
  const { ports } = house
  const lee = { email: 'lee@acme.test' }
  const resource = await addResource(ports, { name: 'warehouse', audience, via: 'test' })
  const elsewhere = await addResource(ports, {
    name: 'lake',
    audience: 'https://lake.acme.test',
    via: 'test',
  })
  const other = await addAgent(
    { ...ports, confirms: false },
    { name: 'other-agent', owner: lee, by: lee, via: 'test' },
  )
  keys = {
    resource: bearer(resource.credential),
    elsewhere: bearer(elsewhere.credential),
    otherAgent: bearer(other.credential),
  }
})

function redeems(what: Granted, change: object = {}, headers: Bearer = {}) {
  const body = JSON.stringify({
    token: what.token,
    attempt: 'one',
    digest: what.request.digest,
    ...change,
  })
  return house.call('POST', '/v1/grants/redeem', { headers: { ...json, ...headers }, body })
}

/** As nginx sends it. */
function byHeaders(what: Granted, headers: Bearer, body?: string) {
  return house.call('POST', '/v1/grants/redeem', {
    headers: { 'countersign-grant': what.token, 'countersign-attempt': 'one', ...headers },
    ...(body !== undefined && { body }),
  })
}

function oauth(path: 'introspect' | 'revoke', what: Pick<Granted, 'token'>, headers: Bearer = {}) {
  return house.call('POST', `/oauth/${path}`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ token: what.token, token_type_hint: 'access_token' }).toString(),
  })
}

const stateOf = async ({ request }: Granted) => (await store.request(request.id))?.state

describe('POST /v1/grants/redeem', () => {
  test('answers what was redeemed, and the same to the same attempt', async () => {
    const what = await granted(house)

    const [first, again] = [await redeems(what), await redeems(what)]

    expect([first.status, again.status]).toEqual([200, 200])
    expect(first.body).toEqual({
      id: what.grant.id,
      request: what.request.id,
      audience,
      digest: what.request.digest,
      attempt: 'one',
      redeemed_by: 'agent',
      redeemed_at: house.clock().toISOString(),
    })
    expect(again.body).toEqual(first.body)
    expect(await redeems(what, { attempt: 'two' })).toMatchObject({
      status: 409,
      body: { code: 'grant_spent' },
    })
  })

  test('takes the action as well as its digest, and not both', async () => {
    const what = await granted(house)
    const { action } = what.request

    const other = { ...action, environment: 'staging' }
    expect(await redeems(what, { digest: undefined, action: other })).toMatchObject({
      status: 403,
      body: { code: 'digest_mismatch' },
    })
    expect(await redeems(what, { action })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect((await redeems(what, { digest: undefined, action })).status).toBe(200)
  })

  test('says the same of everything that is wrong with a token', async () => {
    const what = await granted(house)

    const answers = [
      await redeems({ ...what, token: 'nothing' }),
      await redeems(what, {}, keys.otherAgent),
      await redeems(what, {}, keys.resource),
      await redeems(what, {}, keys.elsewhere),
    ]

    const said = answers.map(({ status, text }) => [status, text.replace(/urn:uuid:[\w-]+/, '')])
    expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 403, body: { code: 'invalid_grant' } })
    expect(house.log()).not.toContain(what.token.split('.')[2])
  })

  test('takes headers and an empty body, as nginx sends them', async () => {
    const [what, alone] = [
      await granted(house, { spentBy: 'resource' }),
      await granted(house, { spentBy: 'resource', tokenOnly: true }),
    ]

    expect(await byHeaders(what, { ...keys.resource, 'countersign-digest': '' })).toMatchObject({
      status: 400,
    })
    const digest = { 'countersign-digest': what.request.digest }
    expect(await byHeaders(what, { ...keys.resource, ...digest, ...json }, '{}')).toMatchObject({
      status: 400,
    })
    expect((await byHeaders(what, { ...keys.resource, ...digest })).status).toBe(200)
    expect((await byHeaders(alone, { ...keys.resource, 'countersign-digest': '' })).status).toBe(200)
  })

  test('a bound grant wants a proof of its key, for this address and this token', async () => {
    const key = await proofKey()
    const what = await granted(house, { jkt: key.jkt })
    const ath = createHash('sha256').update(what.token).digest('base64url')
    const proof = async (url: string, claims: Record<string, unknown>) => ({
      dpop: await key.proof(url, house.clock(), { claims }),
    })
    const here = `${baseUrl}/v1/grants/redeem`

    expect(await redeems(what)).toMatchObject({ status: 403, body: { code: 'invalid_grant' } })
    expect((await redeems(what, {}, await proof(here, {}))).body).toMatchObject({ code: 'invalid_grant' })
    expect((await redeems(what, {}, await proof(`${here}/x`, { ath }))).body).toMatchObject({
      code: 'invalid_dpop_proof',
    })
    expect((await redeems(what, {}, await proof(here, { ath }))).status).toBe(200)
  })

  test.each([
    [{ attempt: '' }, '/attempt'],
    [{ attempt: 'two words' }, '/attempt'],
    [{ digest: 'sha256:ABC' }, '/digest'],
    [{ digest: undefined }, '/digest'],
    [{ token: '' }, '/token'],
    [{ state: 'approved' }, '/state'],
  ])('forged-state: refuses a body that does not fit: %j', async (change, pointer) => {
    const what = await granted(house)

    const reply = await redeems(what, change)

    expect(reply).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } })
    expect(await stateOf(what)).toBe('approved')
  })
})

describe('a key of a resource', () => {
  test('opens nothing else', async () => {
    const what = await granted(house)
    const path = `/v1/requests/${what.request.id}`

    const answers = [
      await house.call('GET', path, { headers: keys.resource }),
      await house.call('POST', `${path}/cancel`, { headers: keys.resource }),
      await house.call('POST', '/v1/requests', { headers: { ...keys.resource, ...json }, body: '{}' }),
      await house.call('GET', '/metrics', { headers: keys.resource }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 403])
  })

  test('works for a day after it was rotated, and not at all where it is to end now', async () => {
    const { ports, clock } = house
    const next = await rotateResource(ports, { name: 'warehouse', endsNow: false, via: 'test' })
    const works = async (headers: Bearer) => (await oauth('introspect', { token: 'x' }, headers)).status

    expect([await works(keys.resource), await works(bearer(next.credential))]).toEqual([200, 200])
    clock.advance(86_400)
    expect([await works(keys.resource), await works(bearer(next.credential))]).toEqual([401, 200])

    const last = await rotateResource(ports, { name: 'warehouse', endsNow: true, via: 'test' })
    expect([await works(bearer(next.credential)), await works(bearer(last.credential))]).toEqual([401, 200])
  })

  test('has a pace of its own', async () => {
    const calls = resourceLimits.burst * 5

    const reply = await oauth('introspect', { token: 'x' }, keys.resource)

    expect(reply.headers.get('ratelimit')).toBe(`"other-calls";r=${calls - 1};t=1`)
  })
})

describe('POST /oauth/introspect', () => {
  test('tells the agent and resources of the audience what it is worth, and nobody else', async () => {
    const what = await granted(house)

    const active = {
      active: true,
      jti: what.grant.id,
      aud: audience,
      token_type: 'Bearer',
      request: what.request.id,
      digest: what.request.digest,
    }
    expect((await oauth('introspect', what)).body).toMatchObject(active)
    expect((await oauth('introspect', what, keys.resource)).body).toMatchObject(active)
    for (const headers of [keys.elsewhere, keys.otherAgent])
      expect(await oauth('introspect', what, headers)).toMatchObject({ status: 200, body: { active: false } })
    expect((await oauth('introspect', { token: 'nothing' })).body).toEqual({ active: false })
    expect(await stateOf(what)).toBe('approved')
  })

  test('of what was redeemed, has ended or is bound says so', async () => {
    const [spent, ended, bound] = [
      await granted(house),
      await granted(house, { expiresAt: house.clock().toISOString() }),
      await granted(house, { jkt: 'thumbprint' }),
    ]
    await redeems(spent)

    expect((await oauth('introspect', spent)).body).toEqual({ active: false })
    expect((await oauth('introspect', ended)).body).toEqual({ active: false })
    expect((await oauth('introspect', bound)).body).toMatchObject({ active: true, token_type: 'DPoP' })
  })

  test.each([
    ['token=a&token=b', 'application/x-www-form-urlencoded', 400],
    ['', 'application/x-www-form-urlencoded', 400],
    ['{"token":"a"}', 'application/json', 415],
  ])('refuses a form that is none: %s', async (body, type, status) => {
    const reply = await house.call('POST', '/oauth/introspect', { headers: { 'content-type': type }, body })

    expect(reply.status).toBe(status)
  })
})

describe('POST /oauth/revoke', () => {
  test('gives an unspent grant back, by the agent or a resource of the audience', async () => {
    const [mine, theirs] = [await granted(house), await granted(house, { spentBy: 'resource' })]

    expect((await oauth('revoke', mine)).status).toBe(200)
    expect((await oauth('revoke', theirs, keys.resource)).status).toBe(200)

    expect(await store.request(mine.request.id)).toMatchObject({ state: 'revoked', revokedBy: 'agent' })
    expect(await store.request(theirs.request.id)).toMatchObject({ state: 'revoked', revokedBy: 'resource' })
    expect((await redeems(mine)).body).toMatchObject({ code: 'invalid_grant' })
  })

  test('answers the same, and changes nothing, where there is nothing to give back', async () => {
    const [what, spent] = [await granted(house), await granted(house)]
    await redeems(spent)

    const answers = [
      await oauth('revoke', what, keys.otherAgent),
      await oauth('revoke', what, keys.elsewhere),
      await oauth('revoke', spent),
      await oauth('revoke', { token: 'nothing' }),
    ]

    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, '']))
    expect([await stateOf(what), await stateOf(spent)]).toEqual(['approved', 'executing'])
  })
})
