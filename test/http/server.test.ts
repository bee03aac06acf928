import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { refusals } from '../../src/core/refusals.ts'
import { exportBody, idIn, openHouse, readBody, replyOf } from './house.ts'

describe('every answer', () => {
  test.each(['/healthz', '/nowhere', '/%zz', '/v1/requests/x', '/openapi.json'])(
    'of %s is locked down for browsers',
    async (path) => {
      const house = await openHouse()

      const { headers } = await house.call('GET', path)

      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('strict-transport-security')).toContain('max-age')
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  test('has an id of ours, whatever the caller sends', async () => {
    const house = await openHouse()

    const { headers } = await house.call('GET', '/healthz', {
      headers: { 'x-request-id': 'mine', 'request-id': 'mine' },
    })

    expect(headers.get('x-request-id')).not.toBe('mine')
  })
})

describe('what is not there', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/v1/requests/a/b'],
    ['POST', '/v1/requests/'],
    ['GET', '/v1/requests//cancel'],
    ['POST', '/V1/requests'],
    ['GET', '/%zz'],
    ['GET', `/v1/requests/${'a'.repeat(5_000)}`],
  ])('%s %s is an unknown route', async (method, path) => {
    const house = await openHouse()

    const reply = await house.call(method, path)

    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(reply.body).toMatchObject({ status: 404, code: 'unknown_route' })
    expect(reply.headers.get('allow')).toBeNull()
  })

  test.each([
    ['PUT', '/v1/requests', 'POST, GET, HEAD'],
    ['DELETE', '/v1/requests?agent=x', 'POST, GET, HEAD'],
    ['OPTIONS', '/v1/requests', 'POST, GET, HEAD'],
    ['PROPFIND', '/v1/requests', 'POST, GET, HEAD'],
    ['PUT', `/v1/requests/req_${'0'.repeat(26)}`, 'GET, HEAD'],
    ['PATCH', '/v1/requests/no-id', 'GET, HEAD'],
    ['GET', `/v1/requests/req_${'0'.repeat(26)}/cancel`, 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['DELETE', '/openapi.json', 'GET, HEAD'],
  ])('%s %s is a method that the address does not take; Allow says %s', async (method, path, allow) => {
    const house = await openHouse()

    const reply = await house.call(method, path)

    expect(reply).toMatchObject({ status: 405, body: { status: 405, code: 'method_not_allowed' } })
    expect(reply.headers.get('allow')).toBe(allow)
    // Control: it is true of each of them.
    for (const allowed of allow.split(', ')) expect((await house.call(allowed, path)).status).not.toBe(405)
  })
})

describe('health', () => {
  test('says ready when it can work, to anybody', async () => {
    const house = await openHouse()

    expect((await replyOf(await fetch(`${house.url}/readyz`))).body).toEqual({ status: 'ready' })
    expect((await replyOf(await fetch(`${house.url}/healthz`))).body).toEqual({ status: 'ok' })
  })

  test('says 503 when it cannot, and why only in the log', async () => {
    const away = { code: 'cannot_write', detail: 'database is away' } as const
    const house = await openHouse({ conditions: async () => [away] })

    const reply = await house.call('GET', '/readyz')

    expect(reply).toMatchObject({ status: 503, body: { code: 'not_ready' } })
    expect(reply.text).not.toContain('database')
    expect(house.log()).toContain('database is away')
    expect((await house.call('GET', '/healthz')).status).toBe(200)
  })

  test('says ready with what is wrong for all replicas alike', async () => {
    const away = { code: 'channel_away', detail: 'invalid_auth' } as const
    const house = await openHouse({ conditions: async () => [away] })

    const reply = await house.call('GET', '/readyz')

    expect(reply).toMatchObject({ status: 200, body: { status: 'ready', degraded: ['channel_away'] } })
    expect(reply.text).not.toContain('invalid_auth')
  })
})

describe('a bug of ours', () => {
  test('is 500 that says nothing, and is in the log under the id of the call', async () => {
    const house = await openHouse({ policy: null })
    const id = idIn(await house.submit(exportBody))
    Object.assign(house.ports.store, { placedRequest: () => Promise.reject(new TypeError('secret detail')) })

    const reply = await house.call('GET', `/v1/requests/${id}`)

    expect(reply.status).toBe(500)
    expect(reply.body).toMatchObject({ code: 'internal' })
    expect(reply.text).not.toContain('secret detail')
    const [logged] = house
      .log()
      .split('\n')
      .filter((line) => line.includes('secret detail'))
    expect(logged).toContain(`"call":"${reply.headers.get('x-request-id')}"`)
  })
})

describe('the log', () => {
  test('never holds a key, a header, a body or a query', async () => {
    const house = await openHouse()
    await house.submit({ ...exportBody, params: { password: 'hunter2' } })
    await house.submit({ ...exportBody, params: { password: 'hunter2' }, extra: 'hunter2' })
    await house.call('GET', '/nowhere?token=hunter2', { headers: { 'x-mine': 'hunter2' } })
    await house.call('GET', '/v1/requests/hunter2', { headers: { authorization: 'Bearer hunter2' } })

    expect(house.log()).toContain('"code":"unauthenticated"')
    expect(house.log()).not.toMatch(/hunter2|csk_|alice/)
  })
})

describe('flood', () => {
  test('one agent that asks too fast is told when to come back, retries included, and goes on after that', async () => {
    const house = await openHouse({ submissions: { perSecond: 1, burst: 3 } })
    const submit = () => house.submit(readBody, { 'idempotency-key': 'k' })

    const replies = [await submit(), await submit(), await submit(), await submit()]

    expect(replies.map((reply) => reply.status)).toEqual([201, 200, 200, 429])
    expect(replies[3]?.headers.get('retry-after')).toBe('1')
    expect(replies[3]?.body).toMatchObject({ code: 'rate_limited' })
    house.clock.advance(1)
    expect((await submit()).status).toBe(200)
  })

  test('looking goes on while asking is limited', async () => {
    const house = await openHouse({ submissions: { perSecond: 1, burst: 1 } })
    const id = idIn(await house.submit(exportBody))

    expect((await house.submit(exportBody)).status).toBe(429)
    expect((await house.call('GET', `/v1/requests/${id}`)).status).toBe(200)
  })

  test('who finds no seat to wait is answered at once, and the seat is free again when somebody leaves', async () => {
    const house = await openHouse({ waiting: 1 })
    const id = idIn(await house.submit(exportBody))
    const wait = () => house.call('GET', `/v1/requests/${id}`, { headers: { prefer: 'wait=30' } })
    const seated = wait()
    await house.watched()

    const standing = await wait()
    await house.call('POST', `/v1/requests/${id}/cancel`)

    expect(standing).toMatchObject({ status: 200, body: { state: 'pending' } })
    expect(standing.headers.get('preference-applied')).toBeNull()
    expect((await seated).body).toMatchObject({ state: 'cancelled' })
    const next = idIn(await house.submit(exportBody))
    const headers = { prefer: 'wait=0' }
    expect(
      (await house.call('GET', `/v1/requests/${next}`, { headers })).headers.get('preference-applied'),
    ).toBe('wait=0')
  })

  test('a stranger spends nothing of the agent', async () => {
    const house = await openHouse({ submissions: { perSecond: 1, burst: 1 } })
    for (let calls = 0; calls < 5; calls += 1)
      await house.submit(exportBody, { authorization: 'Bearer csk_x' })

    expect((await house.submit(exportBody)).status).toBe(202)
  })
})

describe('a mount', () => {
  test('gets the request as it came, unread, and nothing of ours is added', async () => {
    const seen: IncomingMessage[] = []
    const house = await openHouse({
      mounts: [
        {
          prefix: '/slack/events',
          handle: (request, response) => {
            seen.push(request)
            response.setHeader('x-length', String(request.headers['content-length']))
            request.pipe(response)
          },
        },
      ],
    })
    const sent = 'payload=%7B%7D'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }

    const reply = await replyOf(
      await fetch(`${house.url}/slack/events?x=1`, { method: 'POST', headers, body: sent }),
    )

    expect(reply).toMatchObject({ status: 200, text: sent })
    expect(reply.headers.get('x-request-id')).toBeNull()
    expect(seen[0]?.url).toBe('/slack/events?x=1')
  })

  test('that throws is 500 and does not take the server with it', async () => {
    const fail = () => {
      throw new Error('broken mount')
    }
    const house = await openHouse({ mounts: [{ prefix: '/sandbox/', handle: fail }] })

    expect((await fetch(`${house.url}/sandbox/page`)).status).toBe(500)
    expect((await house.call('GET', '/healthz')).status).toBe(200)
    expect(house.log()).toContain('broken mount')
  })
})

describe('the errors page', () => {
  test('is where the type of a problem leads: each code has its place', async () => {
    const house = await openHouse()

    const { headers, text } = await house.call('GET', '/errors')

    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    for (const code of [...Object.keys(refusals), 'internal']) expect(text).toContain(`<dt id="${code}">`)
  })
})

describe('closing', () => {
  test('does not wait for a caller that never finishes its call', async () => {
    const house = await openHouse()
    const { port } = new URL(house.url)
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write('POST /v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
    const gone = once(socket, 'close')
    let heard = ''
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
    })

    await house.server.close()

    await gone
    expect(heard).toBe('') // it was cut off: waiting until its call had taken too long would have answered 408
  })

  test('an address that is taken is an error of listen', async () => {
    const house = await openHouse()
    const other = await openHouse()

    await other.server.close()

    await expect(other.server.listen('127.0.0.1', Number(new URL(house.url).port))).rejects.toThrow()
  })
})
