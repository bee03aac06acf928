import { expect, test } from 'vitest'
import { exportBody, openHouse } from './house.ts'

const json = 'application/json'
const whole = JSON.stringify(exportBody)
/** The body with its params replaced by this text. */
const params = (text: string) => whole.replace('{"rows":10}', text)
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

/** What is sent, what comes back: status, code, and the first place. */
const hostile: readonly [string, string | Uint8Array<ArrayBuffer>, number, string, string][] = [
  ['nothing', '', 400, 'invalid_json', ''],
  ['no JSON', 'hello', 400, 'invalid_json', ''],
  ['a comma too many', '{"action":"a",}', 400, 'invalid_json', ''],
  ['two values', '{} {}', 400, 'invalid_json', ''],
  ['NaN', params('{"rows":NaN}'), 400, 'invalid_json', ''],
  ['a byte order mark', `\ufeff${whole}`, 400, 'invalid_json', ''],
  ['bytes that are not UTF-8', Uint8Array.from([0x22, 0xc3, 0x28, 0x22]), 400, 'invalid_json', ''],
  ['an overlong encoding', Uint8Array.from([0x22, 0xc0, 0xaf, 0x22]), 400, 'invalid_json', ''],
  ['UTF-16', Uint8Array.from(Buffer.from(whole, 'utf16le')), 400, 'invalid_json', ''],
  ['a key twice', params('{"rows":10,"rows":10}'), 400, 'ambiguous_json', '/params/rows'],
  ['a key twice, once escaped', params('{"rows":10,"\\u0072ows":9}'), 400, 'ambiguous_json', '/params/rows'],
  ['the action twice', whole.replace('{', '{"action":"repo.read",'), 400, 'ambiguous_json', '/action'],
  ['an integer beyond 2^53', params('{"rows":9007199254740993}'), 400, 'ambiguous_json', '/params/rows'],
  ['a number out of range', params('{"rows":1e400}'), 400, 'ambiguous_json', '/params/rows'],
  [
    'more digits than a double holds',
    params('{"x":[0.1234567890123456789]}'),
    400,
    'ambiguous_json',
    '/params/x/0',
  ],
  ['negative zero', params('{"x":-0}'), 400, 'ambiguous_json', '/params/x'],
  ['half a surrogate pair', params('{"x":"\\ud800"}'), 400, 'ambiguous_json', '/params/x'],
  ['half a surrogate pair as a key', params('{"\\udc00":1}'), 400, 'ambiguous_json', '/params'],
  ['a prototype', params('{"__proto__":{"rows":1}}'), 400, 'ambiguous_json', '/params/__proto__'],
  ['a prototype at the top', whole.replace('{', '{"__proto__":{},'), 400, 'ambiguous_json', '/__proto__'],
  ['too much depth', params(nested(32)), 400, 'too_deep', `/params${'/a'.repeat(31)}`],
  ['depth that would exhaust a stack', params(nested(20_000)), 400, 'too_deep', `/params${'/a'.repeat(31)}`],
  ['too many items', params(`[${'1,'.repeat(1_000)}1]`), 413, 'too_large', '/params'],
  ['a long text', params(`{"x":"${'y'.repeat(200 * 1024 + 1)}"}`), 413, 'too_large', '/params/x'],
  ['U+0000 in a value', params('{"x":["a","\\u0000"]}'), 400, 'invalid_request', '/params/x/1'],
  ['U+0000 in a key', params('{"a\\u0000":1}'), 400, 'invalid_request', '/params'],
  ['a list', '[]', 400, 'invalid_request', ''],
  ['null', 'null', 400, 'invalid_request', ''],
  ['forged-state: a state', whole.replace('{', '{"state":"approved",'), 400, 'invalid_request', '/state'],
  [
    'forged-state: a decision',
    whole.replace('{', '{"decision":"approve",'),
    400,
    'invalid_request',
    '/decision',
  ],
  ['forged-state: decisions', whole.replace('{', '{"decisions":[],'), 400, 'invalid_request', '/decisions'],
  ['forged-state: a verdict', whole.replace('{', '{"verdict":"allow",'), 400, 'invalid_request', '/verdict'],
  [
    'caller-chooses: approvers',
    whole.replace('{', '{"approvers":["U0ME"],'),
    400,
    'invalid_request',
    '/approvers',
  ],
  [
    'caller-chooses: a channel',
    whole.replace('{', '{"channel":"C0MINE",'),
    400,
    'invalid_request',
    '/channel',
  ],
  [
    'caller-chooses: an agent',
    whole.replace('{', '{"agent":{"id":"agt_1"},'),
    400,
    'invalid_request',
    '/agent',
  ],
  [
    'ssrf: a callback',
    whole.replace('{', '{"callback_url":"http://169.254.169.254/",'),
    400,
    'invalid_request',
    '/callback_url',
  ],
]

test.each(hostile)('%s', async (_what, body, status, code, pointer) => {
  const house = await openHouse()

  const reply = await house.call('POST', '/v1/requests', { headers: { 'content-type': json }, body })

  expect(reply.status).toBe(status)
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json\b/)
  expect(reply.body).toMatchObject({ code, status, errors: [{ pointer }] })
  expect(await house.store.requests({ limit: 1 })).toEqual([])
})

test('a body over 256 KiB is refused', async () => {
  const house = await openHouse()

  const reply = await house.call('POST', '/v1/requests', {
    headers: { 'content-type': json },
    body: params(`{"x":["${'y'.repeat(50_000)}"${`,"${'y'.repeat(50_000)}"`.repeat(5)}]}`),
  })

  expect(reply.status).toBe(413)
  expect(reply.body).toMatchObject({ code: 'too_large' })
})

test.each([
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['application/json; charset=latin1', 415],
  ['application/jsonp', 415],
  ['application/json, text/plain', 415],
  ['nonsense', 415],
  ['application/json; charset=utf-8', 202],
  ['Application/JSON;charset="UTF-8"', 202],
])('a body of type %s is answered %i', async (type, status) => {
  const house = await openHouse()

  const reply = await house.call('POST', '/v1/requests', { headers: { 'content-type': type }, body: whole })

  expect(reply.status).toBe(status)
  if (status === 415) expect(reply.body).toMatchObject({ code: 'unsupported_media_type' })
})

test('text that only looks like U+0000 is taken', async () => {
  const house = await openHouse()

  const reply = await house.submit({ ...exportBody, params: { pattern: String.raw`\u0000` } })

  expect(reply.status).toBe(202)
})

test('an initiator whom the directory does not know is unknown, and so is one of several', async () => {
  const house = await openHouse()

  const reply = await house.submit({ ...exportBody, initiator: { email: 'nobody@acme.test' } })

  expect(reply.status).toBe(422)
  expect(reply.body).toMatchObject({ code: 'unknown_person', errors: [{ pointer: '/initiator/email' }] })
})

test('a directory that does not answer is worth another try', async () => {
  const house = await openHouse()
  house.directory.down = true

  const reply = await house.submit(exportBody)

  expect(reply.status).toBe(503)
  expect(reply.headers.get('retry-after')).toBe('1')
  expect(reply.body).toMatchObject({ code: 'directory_unavailable' })
})
