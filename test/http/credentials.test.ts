import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import { details } from '../../src/http/details.ts'
import { exportBody, type House, idIn, openHouse, type Reply, replyOf, signingSecret } from './house.ts'

const lee = { email: 'lee@acme.test' }
const body = JSON.stringify(exportBody)
const json = { 'content-type': 'application/json' }

describe('a bearer key', () => {
  const wrong: readonly [string, (credential: string) => Record<string, string>][] = [
    ['missing', () => ({})],
    ['empty', () => ({ authorization: '' })],
    ['without a scheme', (credential) => ({ authorization: credential })],
    ['under another scheme', (credential) => ({ authorization: `Basic ${credential}` })],
    ['with a character more', (credential) => ({ authorization: `Bearer ${credential}x` })],
    [
      'with another secret',
      (credential) => ({ authorization: `Bearer ${credential.slice(0, -43)}${'A'.repeat(43)}` }),
    ],
    [
      'of another agent id',
      (credential) => ({ authorization: `Bearer csk_${'0'.repeat(26)}${credential.slice(30)}` }),
    ],
    ['twice', (credential) => ({ authorization: `Bearer ${credential}, Bearer ${credential}` })],
    ['in the address', () => ({})],
  ]

  test.each(wrong)('%s: 401 that says nothing else', async (what, headersFor) => {
    const house = await openHouse()
    const { credential } = house.agent
    const path = what === 'in the address' ? `/v1/requests?access_token=${credential}` : '/v1/requests'

    const reply = await bare(house, path, { ...json, ...headersFor(credential) })

    expectStranger(reply)
    expect(await house.store.requests({ limit: 1 })).toEqual([])
  })

  test('that was rotated away is refused, and the new one works', async () => {
    const house = await openHouse()
    const { credential } = await rotateKey(house.ports, { name: 'billing-agent', by: lee, via: 'test' })

    expectStranger(await house.submit(exportBody))
    expect((await house.submit(exportBody, { authorization: `Bearer ${credential}` })).status).toBe(202)
  })

  test('of a revoked agent is refused, for looking too', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    await revokeAgent(house.ports, { name: 'billing-agent', by: lee, via: 'test' })

    expectStranger(await house.submit(exportBody))
    expectStranger(await house.call('GET', `/v1/requests/${id}`))
    expectStranger(await house.call('POST', `/v1/requests/${id}/cancel`))
  })

  test('comes before everything else: a stranger hears nothing about the body', async () => {
    const house = await openHouse()

    expectStranger(await bare(house, '/v1/requests', { 'content-type': 'text/plain' }, '{"a":1,"a":2'))
  })

  test('agent-approves: no route decides, whatever the agent calls it', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))

    for (const verb of ['decisions', 'approve', 'decide', 'deny']) {
      const reply = await house.call('POST', `/v1/requests/${id}/${verb}`, {
        headers: json,
        body: '{"decision":"approve"}',
      })
      // People decide there, by tokens of their own: the key of an agent is none.
      const refused =
        verb === 'decisions'
          ? { status: 401, code: 'unauthenticated' }
          : { status: 404, code: 'unknown_route' }
      expect(reply.body).toMatchObject(refused)
    }
    // What an agent can do after an approval approves nothing.
    const granted = await house.call('POST', `/v1/requests/${id}/grant`, { headers: json, body: '{}' })
    expect(granted.body).toMatchObject({ status: 409, code: 'not_approved' })
    expect((await house.store.request(id))?.version).toBe(1)
  })
})

describe('a webhook signature', () => {
  test('by a real signer is taken, and its id is the idempotency key', async () => {
    const house = await openHouse()

    const first = await signed(house)
    const again = await signed(house)

    expect(first.status).toBe(202)
    expect(idIn(again)).toBe(idIn(first))
    const [entry] = await house.store.entries(idIn(first))
    expect(entry?.actor).toEqual({ kind: 'agent', id: house.agent.agent.id, via: 'webhook' })
  })

  test('names the agent by id as well', async () => {
    const house = await openHouse()

    expect((await signed(house, { agent: house.agent.agent.id })).status).toBe(202)
  })

  const wrong: readonly [string, Change][] = [
    ['over other bytes', { sent: `${body} ` }],
    ['over a re-serialised body', { sent: JSON.stringify(exportBody, null, 1) }],
    ['by another key', { secret: signingSecret('key_another') }],
    ['under another id', { headers: { 'webhook-id': 'msg_2' } }],
    ['that is missing', { headers: { 'webhook-signature': '' } }],
    ['too old', { offset: -301 }],
    ['from the future', { offset: 301 }],
    ['for an agent that does not exist', { agent: 'nobody' }],
    ['for no agent', { agent: '' }],
    ['for an agent with a strange name', { agent: '%00' }],
    ['for two agents', { agent: 'billing-agent&agent=billing-agent' }],
  ]

  test.each(wrong)('bad-signature: %s is refused and nothing runs', async (_what, change) => {
    const house = await openHouse()

    expectStranger(await signed(house, change))
    expect(await house.store.requests({ limit: 1 })).toEqual([])
  })

  test('one of several is enough while a secret rotates', async () => {
    const house = await openHouse()
    const old = `v1,${Buffer.alloc(32, 7).toString('base64')}`

    expect((await signed(house, { before: `${old} ` })).status).toBe(202)
  })

  test('by a key that was rotated away is refused', async () => {
    const house = await openHouse()
    await rotateKey(house.ports, { name: 'billing-agent', by: lee, via: 'test' })

    expectStranger(await signed(house))
  })

  test('does not help beside a wrong bearer key', async () => {
    const house = await openHouse()

    expectStranger(await signed(house, { headers: { authorization: 'Bearer csk_wrong' } }))
  })

  test('cannot be sent again under another idempotency key', async () => {
    const house = await openHouse()

    const reply = await signed(house, { headers: { 'idempotency-key': 'another' } })

    expect(reply.body).toMatchObject({ status: 400, code: 'invalid_request' })
    expect((await signed(house, { headers: { 'idempotency-key': 'msg_1' } })).status).toBe(202)
  })

  test('is for asking only: over an empty body it would fit every other call', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))

    expectStranger(await signed(house, { path: `/v1/requests/${id}/cancel`, sent: '', signedBody: '' }))
    expect((await house.store.request(id))?.state).toBe('pending')
  })
})

interface Change {
  readonly agent?: string
  readonly path?: string
  /** The bytes that go over the wire, when they are not those that were signed. */
  readonly sent?: string
  readonly signedBody?: string
  readonly secret?: Buffer
  /** Seconds between our clock and the sender's. */
  readonly offset?: number
  readonly before?: string
  readonly headers?: Record<string, string>
}

async function signed(house: House, change: Change = {}) {
  const sentAt = new Date(house.clock().getTime() + (change.offset ?? 0) * 1_000)
  const signer = new Webhook(change.secret ?? signingSecret(house.agent.key.id), { format: 'raw' })
  const headers = {
    ...json,
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
    'webhook-signature': (change.before ?? '') + signer.sign('msg_1', sentAt, change.signedBody ?? body),
    ...change.headers,
  }
  return bare(
    house,
    `${change.path ?? '/v1/requests'}?agent=${change.agent ?? 'billing-agent'}`,
    headers,
    change.sent ?? body,
  )
}

/** A call with these headers and no others. */
async function bare(house: House, path: string, headers: Record<string, string>, sent = body) {
  return replyOf(await fetch(house.url + path, { method: 'POST', headers, body: sent }))
}

function expectStranger(reply: Reply) {
  expect(reply.status).toBe(401)
  expect(reply.headers.get('www-authenticate')).toBe('Bearer')
  expect(reply.body).toEqual({
    type: 'https://countersign.test/errors#unauthenticated',
    title: 'Authentication is needed.',
    detail: details.unauthenticated,
    status: 401,
    instance: `urn:uuid:${reply.headers.get('x-request-id')}`,
    code: 'unauthenticated',
  })
}
