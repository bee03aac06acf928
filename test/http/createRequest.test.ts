import { describe, expect, test } from 'vitest'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { requestSchema } from '../../src/http/requestSchema.ts'
import { anotherAgent } from '../support/chainWorld.ts'
import { click } from '../support/world.ts'
import { baseUrl, deleteBody, exportBody, idIn, openHouse, readBody } from './house.ts'

describe('asking', () => {
  test('for what people decide answers 202 with where and when to look', async () => {
    const house = await openHouse()

    const reply = await house.submit(exportBody)

    expect(reply.status).toBe(202)
    expect(reply.headers.get('location')).toBe(`${baseUrl}/v1/requests/${idIn(reply)}`)
    expect(reply.headers.get('retry-after')).toBe('2')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('etag')).toBe(`"${idIn(reply)}-1"`)
    expect(requestSchema.strict().parse(reply.body)).toMatchObject({
      state: 'pending',
      action: 'db.export',
      resource: exportBody.resource,
      params: exportBody.params,
      environment: 'prod',
      agent: { id: house.agent.agent.id, name: 'billing-agent' },
      initiator: { attested: false },
      verdict: { kind: 'require_approval', rules: ['export'], code: 'rules' },
      requirement: {
        legs: [
          { name: 'data', count: 1, filled: 0 },
          { name: 'security', count: 1, filled: 0 },
        ],
      },
      decisions: [],
      outcome: null,
      settled_at: null,
    })
  })

  test('through others: what it said of them comes back as it was sent, and no id of anybody', async () => {
    const house = await openHouse()
    const through = [
      { kind: 'agent', name: 'planner\u202e' },
      { kind: 'agent', name: 'billing-agent' },
    ]

    const reply = await house.submit({ ...exportBody, run: { session: 's', through } })

    expect(requestSchema.strict().parse(reply.body).run).toEqual({ session: 's', through })
    expect((await house.store.request(idIn(reply)))?.run?.through?.[1]).toMatchObject({
      agent: house.agent.agent.id,
    })
  })

  test('through an agent that is revoked answers 409 with its place', async () => {
    const house = await openHouse()
    const { agent } = await anotherAgent(house, 'planner', 'bob')
    const by = { email: 'bob@acme.test' }
    await revokeAgent(house.ports, { name: agent.name, by, via: 'test' })

    const reply = await house.submit({ ...readBody, run: { through: [{ kind: 'agent', name: 'planner' }] } })

    expect(reply.status).toBe(409)
    expect(reply.body).toMatchObject({ code: 'chain_revoked', errors: [{ pointer: '/run/through/0' }] })
  })

  test('for what policy allows answers 201, approved', async () => {
    const house = await openHouse()

    const reply = await house.submit(readBody)

    expect(reply.status).toBe(201)
    expect(reply.headers.get('retry-after')).toBeNull()
    expect(reply.body).toMatchObject({ state: 'approved', requirement: null, verdict: { kind: 'allow' } })
  })

  test('for what policy denies is no error but a denied request', async () => {
    const house = await openHouse()

    const reply = await house.submit(deleteBody)

    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({
      state: 'denied',
      verdict: { kind: 'deny', message: 'Audit logs stay.' },
    })
  })

  test('for what a person has just denied is a denied request that says by whom and until when', async () => {
    const house = await openHouse()
    const first = idIn(await house.submit(exportBody))
    await click(house, first, 'U0BOB', { kind: 'deny' })

    const reply = await house.submit(exportBody)

    expect(reply.status).toBe(201)
    const body = requestSchema.strict().parse(reply.body)
    expect(body).toMatchObject({
      state: 'denied',
      requirement: null,
      verdict: {
        kind: 'deny',
        code: 'cooling_down',
        cooling_down: { request: first, at: '2026-11-24T14:00:00.000Z', until: '2026-11-24T14:10:00.000Z' },
      },
    })
    expect(body.outcome).toMatch(/^U0BOB denied exactly this on .* Until 2026-11-24 14:10:00 UTC/)
  })

  test('for more than may wait is 429, says what to do, and comes through when there is room', async () => {
    const house = await openHouse()
    for (let nth = 0; nth < 20; nth += 1) await house.submit({ ...exportBody, params: { rows: nth } })
    const key = { 'idempotency-key': 'the-next' }

    const reply = await house.submit(exportBody, key)

    expect(reply.status).toBe(429)
    expect(reply.headers.get('retry-after')).toBe('30')
    expect(reply.body).toMatchObject({
      code: 'too_many_pending',
      detail: expect.stringContaining('take some of it back'),
    })
    const [waiting] = await house.store.requests({ limit: 1 })
    await house.call('POST', `/v1/requests/${waiting?.id}/cancel`)
    expect((await house.submit(exportBody, key)).status).toBe(202)
  })

  test('for a resource that is spelled almost like a known one is refused with the name that is meant', async () => {
    const house = await openHouse()

    const reply = await house.submit({ ...readBody, resource: { type: 'table', id: 'WAREHOUSE.users' } })

    expect(reply.status).toBe(422)
    expect(reply.body).toMatchObject({
      code: 'lookalike_name',
      detail: expect.stringContaining('"warehouse.*"'),
      errors: [{ pointer: '/resource/id' }],
    })
    expect(reply.text).not.toContain('WAREHOUSE')
  })

  test('without an active policy is denied', async () => {
    const house = await openHouse({ policy: null })

    expect((await house.submit(readBody)).body).toMatchObject({
      state: 'denied',
      verdict: { code: 'no_policy' },
    })
  })

  test('tells the agent nothing about accounts, addresses or keys', async () => {
    const house = await openHouse()

    const { text } = await house.submit(exportBody)

    expect(text).not.toMatch(/alice@|slack:|key_|csk_|idempotency/i)
  })
})

describe('an idempotency key', () => {
  test('retry-storm: a hundred retries are one request with one set of entries', async () => {
    const house = await openHouse()
    const retry = () => house.submit(exportBody, { 'idempotency-key': 'k' })

    const replies = await Promise.all(Array.from({ length: 100 }, retry))

    expect(new Set(replies.map(idIn)).size).toBe(1)
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([202]))
    expect(await house.store.requests({ limit: 10 })).toHaveLength(1)
    expect(await house.store.entries(idIn(await retry()))).toHaveLength(1)
  })

  test('without one, each call is a new request', async () => {
    const house = await openHouse()

    const [first, second] = [await house.submit(exportBody), await house.submit(exportBody)]

    expect(idIn(first)).not.toBe(idIn(second))
  })

  test('makes a settled request answer 200 when it is asked for again', async () => {
    const house = await openHouse()

    const first = await house.submit(readBody, { 'idempotency-key': 'k' })
    const again = await house.submit(readBody, { 'idempotency-key': '"k"' })

    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toEqual(first.body)
  })

  test('does not care for white space and the order of properties', async () => {
    const house = await openHouse()
    const headers = { 'idempotency-key': 'k', 'content-type': 'application/json' }
    const turned = Object.fromEntries(Object.entries(exportBody).reverse())

    const first = await house.submit(exportBody, headers)
    const again = await house.call('POST', '/v1/requests', { headers, body: JSON.stringify(turned, null, 2) })

    expect(idIn(again)).toBe(idIn(first))
  })

  test('with another body is refused', async () => {
    const house = await openHouse()
    await house.submit(exportBody, { 'idempotency-key': 'k' })

    const reply = await house.submit({ ...exportBody, params: { rows: 11 } }, { 'idempotency-key': 'k' })

    expect(reply.status).toBe(422)
    expect(reply.body).toMatchObject({ code: 'idempotency_mismatch' })
  })

  test.each(['a b', 'a, b', '"a b"', '""', 'x'.repeat(256)])('that is none is refused: %j', async (key) => {
    const house = await openHouse()

    const reply = await house.submit(exportBody, { 'idempotency-key': key })

    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '' }] })
  })

  test('cannot be made to equal one that we chose', async () => {
    const house = await openHouse()
    await house.submit(exportBody)
    const [stored] = await house.store.requests({ limit: 1 })

    const reply = await house.submit(exportBody, { 'idempotency-key': stored?.idempotencyKey ?? '' })

    expect(reply.body).toMatchObject({ code: 'invalid_request' })
  })
})
