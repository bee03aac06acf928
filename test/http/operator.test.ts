import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { ReceivedCall } from '../../src/http/call.ts'
import { admitOperator } from '../../src/http/operator.ts'
import { openHouse, replyOf } from './house.ts'

const token = 'operators-token-of-this-test-0123456789'
const paths = ['/metrics', '/readyz?strict'] as const

/** A call by nobody in particular; `fetch` would not let a test name the host. */
function get(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}

describe.each(paths)('%s is for the operator only', (path) => {
  test('from this machine it answers without a token, whether or not one is set', async () => {
    for (const options of [{}, { operatorToken: token }]) {
      const house = await openHouse(options)
      expect(await get(house.url + path)).toBe(200)
      expect(await get(house.url + path, { host: 'localhost:3000' })).toBe(200)
    }
  })

  test.each([
    ['x-forwarded-for', '203.0.113.7'],
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-host', 'approvals.example.com'],
    ['x-forwarded-proto', 'https'],
    ['forwarded', 'for=127.0.0.1'],
    ['via', '1.1 proxy'],
    ['x-real-ip', '127.0.0.1'],
    ['host', 'approvals.example.com'],
    ['host', 'localhost.evil.example'],
    ['host', '127.0.0.1.evil.example:3000'],
  ])(
    'a call that was handed on, or is meant for another name (%s: %s), needs the token',
    async (name, value) => {
      const house = await openHouse({ operatorToken: token })

      expect(await get(house.url + path, { [name]: value })).toBe(403)
      expect(await get(house.url + path, { [name]: value, authorization: `Bearer ${token}` })).toBe(200)
    },
  )

  test.each([
    ['another', `Bearer ${token.replace('0', '1')}`],
    ['its beginning', `Bearer ${token.slice(0, -1)}`],
    ['more than it', `Bearer ${token}0`],
    ['nothing', 'Bearer '],
    ['another scheme', `Basic ${token}`],
    ['two', `Bearer ${token} ${token}`],
  ])('%s in place of the token is refused, from this machine too', async (_, authorization) => {
    const house = await openHouse({ operatorToken: token })

    expect(await get(house.url + path, { authorization })).toBe(403)
  })

  test('where no token is set, none is right, and the key of an agent never is', async () => {
    const house = await openHouse()

    expect(await get(house.url + path, { authorization: 'Bearer null' })).toBe(403)
    expect(await get(house.url + path, { authorization: `Bearer ${token}` })).toBe(403)
    expect((await house.call('GET', path)).status).toBe(403)
  })

  test('the answer is a problem, and neither it nor the log says the token', async () => {
    const house = await openHouse({ operatorToken: token })

    const reply = await replyOf(
      await fetch(house.url + path, { headers: { authorization: `Bearer ${token}0` } }),
    )

    expect(reply).toMatchObject({ status: 403, body: { code: 'operator_only', status: 403 } })
    expect(reply.text + house.log()).not.toContain(token)
  })
})

describe('the other end of the connection decides, whatever the headers say', () => {
  const from = (remoteAddress: string | undefined): ReceivedCall => ({
    params: {},
    query: new URLSearchParams(),
    headers: { host: '127.0.0.1:3000' },
    remoteAddress,
    body: Buffer.alloc(0),
    tell: () => {},
    ended: () => new AbortController().signal,
  })

  test.each(['127.0.0.1', '127.8.0.9', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) => {
    expect(() => admitOperator(null, from(address))).not.toThrow()
  })

  test.each([
    '10.0.0.9',
    '172.17.0.1',
    '::ffff:10.0.0.9',
    'fe80::1',
    '2001:db8::127.0.0.1',
    '127.0.0.1.example',
    undefined,
  ])('%s is not', (address) => {
    expect(() => admitOperator(null, from(address))).toThrow(
      expect.objectContaining({ code: 'operator_only' }),
    )
  })
})

describe('what is degraded', () => {
  const conditions = async () => [{ code: 'channel_away', detail: 'Slack is away.' }] as const

  test('is 503 for whoever asks strictly, with why in the log', async () => {
    const house = await openHouse({ conditions })

    expect(await get(`${house.url}/readyz?strict`)).toBe(503)
    expect(await get(`${house.url}/readyz?strict=0`)).toBe(503)
    expect(house.log()).toContain('channel_away: Slack is away.')
  })

  test('control: is 200 for everybody else, also from elsewhere', async () => {
    const house = await openHouse({ conditions })

    expect(await get(`${house.url}/readyz`, { 'x-forwarded-for': '203.0.113.7' })).toBe(200)
  })
})

test('the page of metrics has the content type that Prometheus asks for, and HEAD is answered alike', async () => {
  const house = await openHouse()
  const reply = await fetch(`${house.url}/metrics`)

  expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4')
  expect(reply.headers.get('cache-control')).toBe('no-store')
  expect((await fetch(`${house.url}/metrics`, { method: 'HEAD' })).status).toBe(200)
})
