import { describe, expect, test } from 'vitest'
import { isSettled } from '../../src/core/lifecycle.ts'
import { requestSchema } from '../../src/http/requestSchema.ts'
import { click } from '../support/world.ts'
import { baseUrl, deleteBody, exportBody, idIn, openHouse, readBody } from './house.ts'

describe('asking', () => {
  test('for what people decide answers 202 with where and when to look', async () => {
    const house = await openHouse()

    const reply = await house.ask(exportBody)

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

  test('for what policy allows answers 201, approved', async () => {
    const house = await openHouse()

    const reply = await house.ask(readBody)

    expect(reply.status).toBe(201)
    expect(reply.headers.get('retry-after')).toBeNull()
    expect(reply.body).toMatchObject({ state: 'approved', requirement: null, verdict: { kind: 'allow' } })
  })

  test('for what policy denies is no error but a denied request', async () => {
    const house = await openHouse()

    const reply = await house.ask(deleteBody)

    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({
      state: 'denied',
      verdict: { kind: 'deny', message: 'Audit logs stay.' },
    })
  })

  test('without an active policy is denied', async () => {
    const house = await openHouse({ policy: null })

    expect((await house.ask(readBody)).body).toMatchObject({
      state: 'denied',
      verdict: { code: 'no_policy' },
    })
  })

  test('tells the agent nothing about accounts, addresses or keys', async () => {
    const house = await openHouse()

    const { text } = await house.ask(exportBody)

    expect(text).not.toMatch(/alice@|slack:|key_|csk_|idempotency/i)
  })
})

describe('an idempotency key', () => {
  test('retry-storm: a hundred retries are one request with one set of entries', async () => {
    const house = await openHouse()
    const retry = () => house.ask(exportBody, { 'idempotency-key': 'k' })

    const replies = await Promise.all(Array.from({ length: 100 }, retry))

    expect(new Set(replies.map(idIn)).size).toBe(1)
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([202]))
    expect(await house.store.requests({ limit: 10 })).toHaveLength(1)
    expect(await house.store.entries(idIn(await retry()))).toHaveLength(1)
  })

  test('without one, each call is a new request', async () => {
    const house = await openHouse()

    const [first, second] = [await house.ask(exportBody), await house.ask(exportBody)]

    expect(idIn(first)).not.toBe(idIn(second))
  })

  test('makes a settled request answer 200 when it is asked for again', async () => {
    const house = await openHouse()

    const first = await house.ask(readBody, { 'idempotency-key': 'k' })
    const again = await house.ask(readBody, { 'idempotency-key': '"k"' })

    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toEqual(first.body)
  })

  test('does not care for white space and the order of properties', async () => {
    const house = await openHouse()
    const headers = { 'idempotency-key': 'k', 'content-type': 'application/json' }
    const turned = Object.fromEntries(Object.entries(exportBody).reverse())

    const first = await house.ask(exportBody, headers)
    const again = await house.call('POST', '/v1/requests', { headers, body: JSON.stringify(turned, null, 2) })

    expect(idIn(again)).toBe(idIn(first))
  })

  test('with another body is refused', async () => {
    const house = await openHouse()
    await house.ask(exportBody, { 'idempotency-key': 'k' })

    const reply = await house.ask({ ...exportBody, params: { rows: 11 } }, { 'idempotency-key': 'k' })

    expect(reply.status).toBe(422)
    expect(reply.body).toMatchObject({ code: 'idempotency_mismatch' })
  })

  test.each(['a b', 'a, b', '"a b"', '""', 'x'.repeat(256)])('that is none is refused: %j', async (key) => {
    const house = await openHouse()

    const reply = await house.ask(exportBody, { 'idempotency-key': key })

    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '' }] })
  })

  test('cannot be made to equal one that we chose', async () => {
    const house = await openHouse()
    await house.ask(exportBody)
    const [stored] = await house.store.requests({ limit: 1 })

    const reply = await house.ask(exportBody, { 'idempotency-key': stored?.idempotencyKey ?? '' })

    expect(reply.body).toMatchObject({ code: 'invalid_request' })
  })
})

describe('waiting', () => {
  test('hears of a decision as soon as it is committed', async () => {
    const house = await openHouse()
    const reply = house.ask(exportBody, { prefer: 'wait=30' })
    const id = await house.watched()

    await click(house, id, 'U0BOB')
    await click(house, id, 'U0SAM')

    const { status, headers, body } = await reply
    expect(status).toBe(201)
    expect(headers.get('preference-applied')).toBe('wait=30')
    expect(body).toMatchObject({ state: 'approved', requirement: { legs: [{ filled: 1 }, { filled: 1 }] } })
  })

  test('hears the reason of a denial', async () => {
    const house = await openHouse()
    const asked = await house.ask(exportBody)
    const reply = house.call('GET', `/v1/requests/${idIn(asked)}`, { headers: { prefer: 'wait=30' } })

    await click(house, idIn(asked), 'U0SAM', { kind: 'deny', reason: 'Use the sample.' })

    expect((await reply).body).toMatchObject({
      state: 'denied',
      decisions: [{ kind: 'deny', reason: 'Use the sample.', via: 'slack' }],
    })
  })

  test('ends with 202 and the state of the moment when its time is over', async () => {
    const house = await openHouse()

    const reply = await house.ask(exportBody, { prefer: 'wait=0' })

    expect(reply.status).toBe(202)
    expect(reply.headers.get('preference-applied')).toBe('wait=0')
  })

  test('is capped, and says so', async () => {
    const house = await openHouse()

    expect((await house.ask(readBody, { prefer: 'wait=3600' })).headers.get('preference-applied')).toBe(
      'wait=55',
    )
  })

  test('a preference that is not understood is ignored', async () => {
    const house = await openHouse()

    const reply = await house.ask(exportBody, { prefer: 'wait=soon' })

    expect(reply.status).toBe(202)
    expect(reply.headers.get('preference-applied')).toBeNull()
  })

  test('stops when the caller hangs up', async () => {
    const house = await openHouse()
    const hangUp = new AbortController()
    const gone = house.call('POST', '/v1/requests', {
      headers: { 'content-type': 'application/json', prefer: 'wait=55' },
      body: JSON.stringify(exportBody),
      signal: hangUp.signal,
    })
    const id = await house.watched()

    hangUp.abort()

    await expect(gone).rejects.toThrow()
    await house.unwatched()
    expect(isSettled((await house.store.request(id))?.state ?? 'approved')).toBe(false)
  })

  test('is answered with the state of the moment when the server closes', async () => {
    const house = await openHouse()
    const waiting = Array.from({ length: 5 }, () =>
      house.ask(exportBody, { prefer: 'wait=55', 'idempotency-key': 'k' }),
    )
    await house.watched(5)

    await house.server.close()

    // Whoever was not answered by then is cut off, and would have thrown.
    expect((await Promise.all(waiting)).map((reply) => reply.status)).toEqual([202, 202, 202, 202, 202])
  })
})
