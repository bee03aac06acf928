import { describe, expect, test } from 'vitest'
import { resourceCredential } from '../../src/approvals/grants/resourceKeys.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { hashSecret } from '../../src/approvals/people/authenticate.ts'
import type { Json } from '../../src/core/json.ts'
import { moved } from '../support/executing.ts'
import { exportBody, type House, idIn, openHouse, type Reply, readBody, withoutPlace } from './house.ts'

const { initiator: _, ...exported } = exportBody

/** A request whose grant was redeemed. */
async function executing(house: House): Promise<string> {
  const id = idIn(await house.submit(exportBody))
  await moved(house.store, id, 'approve', 'redeem')
  return id
}

function report(house: House, id: string, body: Json, credential?: string): Promise<Reply> {
  const headers = {
    'content-type': 'application/json',
    ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
  }
  return house.call('POST', `/v1/requests/${id}/executions`, { headers, body: JSON.stringify(body) })
}

/** A resource of an audience, and its key. */
async function resourceOf(house: House, audience: string): Promise<string> {
  const id = house.ports.ids.next('rsc')
  const secret = house.ports.ids.secret()
  const next = {
    id,
    version: 1,
    name: `resource-${audience}`,
    audience,
    secretHash: hashSecret(secret),
    earlier: null,
    status: 'active',
    createdBy: { kind: 'system', id: 'operator', via: 'cli' },
    createdAt: house.clock().toISOString(),
  } as const
  await house.store.commit({ resources: [{ expected: null, next }], entries: [] })
  return resourceCredential(id, secret)
}

describe('reporting what was done', () => {
  test('ends the request, and shows it with its grant and its executions, never a token', async () => {
    const house = await openHouse()
    const id = await executing(house)

    const reply = await report(house, id, { state: 'succeeded', action: exported, note: 'All of it.' })

    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({
      state: 'succeeded',
      outcome: 'It was reported as done.',
      outcome_code: 'approved',
      grant: { id: id.replace('req_', 'grt_'), audience: 'warehouse', redeemed_at: expect.any(String) },
      executions: [
        { state: 'succeeded', by: { kind: 'agent' }, note: 'All of it.', deviations: [], late: false },
      ],
      rolls_back: null,
    })
    expect(Object.keys((reply.body as { grant: object }).grant)).not.toContain('token')
    const look = await house.call('GET', `/v1/requests/${id}`)
    expect(withoutPlace(look.body)).toEqual(reply.body)
    expect(look.headers.get('etag')).toContain(reply.headers.get('etag')?.slice(0, -1))
  })

  test('what was done otherwise is kept, with both sides, and not refused', async () => {
    const house = await openHouse()
    const id = await executing(house)

    const reply = await report(house, id, {
      state: 'succeeded',
      action: { ...exported, params: { rows: 11, limit: null } },
    })

    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({
      executions: [
        {
          deviations: [
            { kind: 'field', pointer: '/params/limit', actual: null },
            { kind: 'field', pointer: '/params/rows', approved: 10, actual: 11 },
          ],
        },
      ],
    })
  })

  test('also an action that nobody could have asked for', async () => {
    const house = await openHouse()
    const id = await executing(house)

    const reply = await report(house, id, {
      state: 'failed',
      action: { ...exported, action: 'DB Export\u202e', environment: ' prod' },
    })

    expect(reply.status).toBe(201)
    expect(reply.text).toContain('/environment')
  })

  test('the same again is answered the same', async () => {
    const house = await openHouse()
    const id = await executing(house)
    const first = await report(house, id, { state: 'succeeded' })

    const again = await report(house, id, { state: 'succeeded' })

    expect([again.status, again.body]).toEqual([first.status, first.body])
  })

  test('of what policy allowed, and of what was denied', async () => {
    const house = await openHouse()
    const allowed = idIn(await house.submit(readBody))

    const reply = await report(house, allowed, { state: 'succeeded' })

    expect(reply.body).toMatchObject({ state: 'approved', executions: [{ deviations: [] }] })
  })

  test('whoever waits does not wait for it: the asking was over', async () => {
    const house = await openHouse()
    const id = await executing(house)

    const reply = await house.call('GET', `/v1/requests/${id}`, { headers: { prefer: 'wait=30' } })

    expect(reply.body).toMatchObject({ state: 'executing' })
    expect(reply.headers.get('retry-after')).toBeNull()
  })
})

describe('who reports', () => {
  test('a resource of the grant’s audience does, with its own key', async () => {
    const house = await openHouse()
    const id = await executing(house)
    const key = await resourceOf(house, 'warehouse')

    const reply = await report(house, id, { state: 'failed' }, key)

    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({ state: 'failed', execution: { by: { kind: 'resource' } } })
  })

  test('a resource is told what its own report came to, and nothing else of the request', async () => {
    const house = await openHouse()
    const id = await executing(house)
    await report(house, id, { state: 'started', note: 'Only for its own eyes.' })
    const key = await resourceOf(house, 'warehouse')
    const said = { state: 'succeeded', action: { ...exported, params: { rows: 11 } }, note: 'Mine.' } as const

    const [first, again] = [await report(house, id, said, key), await report(house, id, said, key)]

    expect(first.status).toBe(201)
    expect(first.body).toEqual({
      id,
      state: 'succeeded',
      execution: {
        state: 'succeeded',
        by: { kind: 'resource', id: expect.any(String) },
        digest: expect.stringMatching(/^sha256:/),
        result: null,
        links: [],
        note: 'Mine.',
        deviations: [{ kind: 'field', pointer: '/params/rows', approved: 10, actual: 11 }],
        late: false,
        at: house.clock().toISOString(),
      },
    })
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(first.headers.get('etag')).toBeNull()
    expect(first.text).not.toMatch(/Only for|decisions|initiator|requirement/)
  })

  test('of two audiences, only the one', async () => {
    const house = await openHouse()
    const id = await executing(house)

    const reply = await report(house, id, { state: 'failed' }, await resourceOf(house, 'elsewhere'))

    expect(reply.body).toMatchObject({ status: 404, code: 'unknown_request' })
    expect((await house.store.request(id))?.state).toBe('executing')
  })

  test('of two agents, only the one that asked', async () => {
    const house = await openHouse()
    const id = await executing(house)
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(house.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })

    const reply = await report(house, id, { state: 'failed' }, other.credential)

    expect(reply.body).toMatchObject({ status: 404, code: 'unknown_request' })
    expect((await house.store.request(id))?.state).toBe('executing')
  })
})

describe('a report that cannot be read', () => {
  const digest = `sha256:${'0'.repeat(64)}`

  test.each<[string, Json, string]>([
    ['no state', {}, '/state'],
    ['a state of its own', { state: 'done' }, '/state'],
    ['a property nobody knows', { state: 'failed', error: 'x' }, '/error'],
    ['a digest that is none', { state: 'failed', digest: 'sha256:AB' }, '/digest'],
    ['a digest of another action', { state: 'failed', digest, action: exported }, '/digest'],
    ['half an action', { state: 'failed', action: { action: 'x' } }, '/action/resource'],
    ['more in its action', { state: 'failed', action: { ...exported, reason: 'x' } }, '/action/reason'],
    ['a link that is not https', { state: 'failed', links: ['http://a.test/'] }, '/links/0'],
    ['a link with a password', { state: 'failed', links: ['https://a:b@a.test/'] }, '/links/0'],
    ['a link that runs something', { state: 'failed', links: ['javascript:alert(1)'] }, '/links/0'],
    [
      'too many links',
      { state: 'failed', links: Array.from({ length: 11 }, () => 'https://a.test/') },
      '/links',
    ],
    ['a note that is too long', { state: 'failed', note: 'x'.repeat(2_001) }, '/note'],
  ])('%s', async (_, body, pointer) => {
    const house = await openHouse()
    const id = await executing(house)

    const reply = await report(house, id, body)

    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({
      code: 'invalid_request',
      errors: expect.arrayContaining([expect.objectContaining({ pointer })]),
    })
    expect((await house.store.request(id))?.executions).toBeUndefined()
  })
})
