import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readSignature } from '../../src/http/webhookSignature.ts'

const secret = Buffer.from('0123456789abcdef0123456789abcdef')
const now = new Date('2026-11-22T10:00:00Z')
const seconds = now.getTime() / 1_000

function signed(at: number, body = '{}', id = 'msg_1') {
  const mac = createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${mac}` }
}

function callWith(headers: Record<string, string>, body = '{}') {
  return {
    headers,
    body: Buffer.from(body),
    params: {},
    query: new URLSearchParams(),
    ended: () => new AbortController().signal,
  }
}

test('a signature over these bytes is by its secret and by no other', () => {
  const signature = readSignature(callWith(signed(seconds)), now)

  expect(signature.isBy(secret)).toBe(true)
  expect(signature.isBy(Buffer.from('another'))).toBe(false)
})

test.each([
  ['another body', callWith(signed(seconds), '{ }')],
  ['another id', callWith({ ...signed(seconds), 'webhook-id': 'msg_2' })],
  ['another time', callWith({ ...signed(seconds), 'webhook-timestamp': String(seconds + 1) })],
])('a signature does not fit %s', (_what, call) => {
  expect(readSignature(call, now).isBy(secret)).toBe(false)
})

test.each([-300, -299, 0, 299, 300])('a delivery %i seconds from our clock is taken', (offset) => {
  expect(readSignature(callWith(signed(seconds + offset)), now).isBy(secret)).toBe(true)
})

test.each([-301, 301, 86_400])(
  'a delivery %i seconds from our clock is refused, however well signed',
  (offset) => {
    expect(() => readSignature(callWith(signed(seconds + offset)), now)).toThrow(
      expect.objectContaining({ code: 'unauthenticated' }),
    )
  },
)

test('one of several signatures is enough', () => {
  const headers = signed(seconds)
  const others = `v1,${Buffer.alloc(32).toString('base64')} v1a,abc`
  const call = callWith({ ...headers, 'webhook-signature': `${others} ${headers['webhook-signature']}` })

  expect(readSignature(call, now).isBy(secret)).toBe(true)
})

test.each([
  ['no id', { 'webhook-id': '' }],
  ['no timestamp', { 'webhook-timestamp': '' }],
  ['a timestamp that is no number', { 'webhook-timestamp': '1e9' }],
  ['no signature', { 'webhook-signature': '' }],
  [
    'only another version',
    { 'webhook-signature': signed(seconds)['webhook-signature'].replace('v1,', 'v1a,') },
  ],
  ['a short signature', { 'webhook-signature': 'v1,AAAA' }],
])('%s is refused', (_what, change) => {
  expect(() => readSignature(callWith({ ...signed(seconds), ...change }), now)).toThrow(
    expect.objectContaining({ code: 'unauthenticated' }),
  )
})
