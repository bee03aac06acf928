import { describe, expect, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { setBodySchema } from '../../src/http/requestSchema.ts'
import { clickAll } from '../support/setWorld.ts'
import { click } from '../support/world.ts'
import { type House, openHouse } from './house.ts'

const on = (action: string, table: string) => ({
  action,
  resource: { type: 'table', id: table },
  params: { rows: 10 },
  environment: 'prod',
})

const three = {
  requests: [
    on('deploy.start', 'warehouse.a'),
    on('repo.read', 'warehouse.b'),
    on('table.drop', 'warehouse.c'),
  ],
  initiator: { email: 'alice@acme.test' },
  reason: 'The release of Tuesday',
} as const

const send = (house: House, body: unknown, headers: Record<string, string> = {}) =>
  house.call('POST', '/v1/sets', {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const read = async (house: House, id: string, headers: Record<string, string> = {}) =>
  house.call('GET', `/v1/sets/${id}`, { headers })

const setOf = (body: unknown) => setBodySchema.strict().parse(body)
const statesOf = (body: unknown) => setOf(body).requests.map(({ state }) => state)

describe('POST /v1/sets', () => {
  test('answers with a request for each, in order, and where the set lives', async () => {
    const house = await openHouse()

    const reply = await send(house, three)

    expect(reply.status).toBe(202)
    const { id, requests, links } = setOf(reply.body)
    expect(reply.headers.get('location')).toBe(links.self)
    expect(links.self).toMatch(new RegExp(`/v1/sets/${id}$`))
    expect(requests.map(({ action, state, set }) => [action, state, set])).toEqual([
      ['deploy.start', 'pending', id],
      ['repo.read', 'approved', id],
      ['table.drop', 'pending', id],
    ])
    expect(requests.map(({ reason }) => reason)).toEqual([three.reason, three.reason, three.reason])
  })

  test('is 201 where nobody is asked, and 200 when it comes again', async () => {
    const house = await openHouse()
    const body = { requests: [on('repo.read', 'warehouse.a'), on('audit.delete', 'warehouse.b')] }

    const replies = [0, 1].map(() => send(house, body, { 'idempotency-key': 'once' }))
    const [first, again] = [await replies[0], await replies[1]]

    expect([first?.status, again?.status].sort()).toEqual([200, 201])
    expect(setOf(again?.body).id).toBe(setOf(first?.body).id)
    expect(statesOf(first?.body)).toEqual(['approved', 'denied'])
  })

  test('what was sent under the key before makes another set no more, and no request', async () => {
    const house = await openHouse()
    await send(house, three, { 'idempotency-key': 'k' })

    const other = await send(house, { requests: three.requests.slice(1) }, { 'idempotency-key': 'k' })
    const single = await house.submit(on('repo.read', 'warehouse.a'), { 'idempotency-key': 'k' })

    for (const reply of [other, single]) expect(reply.body).toMatchObject({ code: 'idempotency_mismatch' })
  })

  test.each([
    ['no member', { requests: [] }, '/requests'],
    [
      'more than twenty',
      { requests: Array.from({ length: 21 }, (_, n) => on('repo.read', `t${n}`)) },
      '/requests',
    ],
    [
      'a member of another shape',
      { requests: [on('repo.read', 'a'), { ...on('repo.read', 'b'), environment: 'Prod' }] },
      '/requests/1/environment',
    ],
    ['a member with a grant', { requests: [{ ...on('repo.read', 'a'), grant: true }] }, '/requests/0/grant'],
    [
      'a member with a rollback',
      { requests: [{ ...on('repo.read', 'a'), rollback: on('table.drop', 'a') }] },
      '/requests/0/rollback',
    ],
    ['the same action twice', { requests: [on('repo.read', 'a'), on('repo.read', 'a')] }, '/requests/1'],
  ])('refuses %s with its place, and makes nothing', async (_, body, pointer) => {
    const house = await openHouse()

    const reply = await send(house, body)

    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] })
    expect((await house.call('GET', '/v1/requests')).body).toMatchObject({ requests: [] })
  })

  test('each member counts as a submission, and what policy allows a fifth', async () => {
    const house = await openHouse({ submissions: { perSecond: 0.01, burst: 10 } })
    const many = (action: string, count: number, from = 0) =>
      send(house, { requests: Array.from({ length: count }, (_, n) => on(action, `warehouse.x${n + from}`)) })

    const reads = await many('repo.read', 5)
    expect(reads.headers.get('ratelimit')).toContain('r=9')
    const asked = await many('deploy.start', 6)
    expect(asked.headers.get('ratelimit')).toContain('r=3')
    const refused = await many('deploy.start', 4, 10)

    expect([refused.status, refused.body]).toMatchObject([429, { code: 'rate_limited' }])
    // The refused call itself counted, like any.
    expect((await many('deploy.start', 2, 20)).status).toBe(202)
  })
})

describe('GET /v1/sets/{id}', () => {
  test('shows each member as it stands, and changes its tag with each', async () => {
    const house = await openHouse()
    const { id, requests } = setOf((await send(house, three)).body)
    const before = await read(house, id)
    const etag = before.headers.get('etag') ?? ''
    expect((await read(house, id, { 'if-none-match': etag })).status).toBe(304)

    await click(house, requests[2]?.id ?? '', 'U0GRACE')

    const after = await read(house, id, { 'if-none-match': etag })
    expect(after.status).toBe(200)
    expect(statesOf(after.body)).toEqual(['pending', 'approved', 'approved'])
    const alone = await house.call('GET', `/v1/requests/${requests[2]?.id}`)
    expect(alone.body).toMatchObject({ state: 'approved', set: id })
  })

  test('waits until all are settled', async () => {
    const house = await openHouse()
    const made = setOf((await send(house, three)).body)
    const requests = await house.store.setOf(made.id)
    const set = { id: made.id, requests, created: true }

    const waiting = read(house, made.id, { prefer: 'wait=30' })
    await click(house, made.requests[0]?.id ?? '', 'U0GRACE')
    await clickAll(house, set, 'U0NOOR', { kind: 'deny', reason: 'Not this one.' })

    const reply = await waiting
    expect(reply.headers.get('preference-applied')).toBe('wait=30')
    expect(statesOf(reply.body)).toEqual(['approved', 'approved', 'denied'])
  })

  test('is of the agent that asked, and of no other; what cannot be one is not looked up', async () => {
    const house = await openHouse()

    for (const id of ['set_01kaxyz0000000000000000000', 'req_01kaxyz0000000000000000000', 'x']) {
      const reply = await read(house, id)
      expect([reply.status, reply.body]).toMatchObject([404, { code: 'unknown_set' }])
    }
  })
})

describe('with the client', () => {
  test('an agent asks for several, waits for all, and each has its grant', async () => {
    const house = await openHouse()
    const client = createClient({ url: house.url, key: house.agent.credential })

    const { id, requests } = await client.askTogether(three, { idempotencyKey: 'run-7' })
    const waiting = client.waitForAll(id)
    const set = { id, requests: await house.store.setOf(id), created: true }
    await clickAll(house, set, 'U0GRACE')

    expect((await waiting).requests.map(({ state }) => state)).toEqual(['approved', 'approved', 'approved'])
    expect((await client.grant(requests[2]?.id ?? '')).request).toBe(requests[2]?.id)
    expect((await client.askTogether(three, { idempotencyKey: 'run-7' })).id).toBe(id)
  })
})
