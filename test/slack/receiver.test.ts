import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Company, openCompany, signingSecret } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const challenge = JSON.stringify({ type: 'url_verification', challenge: 'abc' })

function headersFor(body: string, change: { secret?: string; shift?: number } = {}): Record<string, string> {
  const timestamp = String(Math.floor(company.world.clock().getTime() / 1_000) + (change.shift ?? 0))
  const hmac = createHmac('sha256', change.secret ?? signingSecret).update(`v0:${timestamp}:${body}`)
  return {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac.digest('hex')}`,
  }
}

async function post(body: string, headers: Record<string, string>) {
  const answer = await fetch(company.url, { method: 'POST', body, headers })
  return { status: answer.status, text: await answer.text() }
}

test('control: a delivery that Slack signed now is answered', async () => {
  expect(await post(challenge, headersFor(challenge))).toEqual({ status: 200, text: '{"challenge":"abc"}' })
})

test.each([
  ['with another secret', { secret: 'other' }],
  ['too long ago', { shift: -301 }],
  ['in the future', { shift: 301 }],
])('a delivery signed %s is 401', async (_, change) => {
  expect(await post(challenge, headersFor(challenge, change))).toEqual({ status: 401, text: '' })
})

test('a delivery without a signature, or with half of one, is 401', async () => {
  const { 'x-slack-signature': signature = '', ...unsigned } = headersFor(challenge)

  expect((await post(challenge, unsigned)).status).toBe(401)
  expect((await post(challenge, { ...unsigned, 'x-slack-signature': signature.slice(0, 20) })).status).toBe(
    401,
  )
  expect(
    (await post(challenge, { ...headersFor(challenge), 'x-slack-request-timestamp': 'now' })).status,
  ).toBe(401)
})

test('a body that was written again after signing is 401', async () => {
  const again = JSON.stringify(JSON.parse(challenge), null, 1)

  expect((await post(again, headersFor(challenge))).status).toBe(401)
})

test('what is signed and still no payload is 400, and too much is 413', async () => {
  const large = JSON.stringify({ pad: 'x'.repeat(1024 * 1024) })

  expect((await post('nonsense', headersFor('nonsense'))).status).toBe(400)
  expect((await post('[1]', headersFor('[1]'))).status).toBe(400)
  expect((await post(large, headersFor(large))).status).toBe(413)
})

test('a GET never does anything', async () => {
  expect((await fetch(company.url)).status).toBe(405)
})

test("Slack's certificate check is answered, and a signed payload that nobody takes is not a success", async () => {
  const form = 'ssl_check=1&token=x'
  const headers = { ...headersFor(form), 'content-type': 'application/x-www-form-urlencoded' }
  const unknown = JSON.stringify({
    type: 'something_new',
    api_app_id: 'A0COUNTERSIGN',
    team: { id: 'T0ACME' },
  })

  expect((await post(form, headers)).status).toBe(200)
  expect((await post(unknown, headersFor(unknown))).status).toBe(404)
})

test('a payload in a shape we do not know breaks nothing', async () => {
  const odd = JSON.stringify({
    type: 'block_actions',
    api_app_id: 'A0COUNTERSIGN',
    team: { id: 'T0ACME' },
    user: { id: 'U0BOB' },
    actions: [{}],
  })

  expect((await post(odd, headersFor(odd))).status).toBeGreaterThanOrEqual(400)
  expect((await post(challenge, headersFor(challenge))).status).toBe(200)
})
