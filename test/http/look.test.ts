import { describe, expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { requestSchema } from '../../src/http/requestSchema.ts'
import { click } from '../support/world.ts'
import { exportBody, idIn, openHouse, readBody } from './house.ts'

describe('looking', () => {
  test('shows the request, the same as asking did', async () => {
    const house = await openHouse()
    const asked = await house.ask(exportBody)

    const reply = await house.call('GET', `/v1/requests/${idIn(asked)}`)

    expect(reply.status).toBe(200)
    expect(reply.headers.get('retry-after')).toBe('2')
    expect(reply.body).toEqual(asked.body)
  })

  test('shows who has agreed so far', async () => {
    const house = await openHouse()
    const id = idIn(await house.ask(exportBody))
    await click(house, id, 'U0BOB')

    const { body } = await house.call('GET', `/v1/requests/${id}`)

    expect(requestSchema.strict().parse(body)).toMatchObject({
      state: 'pending',
      requirement: {
        legs: [
          { name: 'data', filled: 1 },
          { name: 'security', filled: 0 },
        ],
      },
      decisions: [{ kind: 'approve', via: 'slack' }],
    })
  })

  test('answers 304 while nothing has changed, and the request when something has', async () => {
    const house = await openHouse()
    const asked = await house.ask(exportBody)
    const headers = { 'if-none-match': asked.headers.get('etag') ?? '' }
    const look = () => house.call('GET', `/v1/requests/${idIn(asked)}`, { headers })

    const unchanged = await look()
    await click(house, idIn(asked), 'U0BOB')

    expect(unchanged).toMatchObject({ status: 304, text: '' })
    expect((await look()).status).toBe(200)
  })

  test('with a wait shows the request even when nothing has changed', async () => {
    const house = await openHouse()
    const asked = await house.ask(readBody)
    const headers = { 'if-none-match': asked.headers.get('etag') ?? '', prefer: 'wait=10' }

    expect((await house.call('GET', `/v1/requests/${idIn(asked)}`, { headers })).status).toBe(200)
  })

  test("another agent's request is not told apart from one that does not exist", async () => {
    const house = await openHouse()
    const id = idIn(await house.ask(exportBody))
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(house.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })
    const headers = { authorization: `Bearer ${other.credential}` }

    const foreign = await house.call('GET', `/v1/requests/${id}`, { headers })
    const absent = await house.call('GET', `/v1/requests/req_${'0'.repeat(26)}`, { headers })

    expect(foreign.status).toBe(404)
    expect(withoutInstance(foreign.body)).toEqual(withoutInstance(absent.body))
    // Control: the agent that asked sees it.
    expect((await house.call('GET', `/v1/requests/${id}`)).status).toBe(200)
  })

  test.each(['x', '%00', 'req_%00', `req_${'0'.repeat(25)}%27`, 'a'.repeat(90)])(
    'an id that is none is unknown: %s',
    async (id) => {
      const house = await openHouse()

      const reply = await house.call('GET', `/v1/requests/${id}`)

      expect(reply.status).toBe(404)
      expect(reply.body).toMatchObject({ code: 'unknown_request' })
    },
  )

  test('link-preview: looking decides nothing', async () => {
    const house = await openHouse()
    const asked = await house.ask(exportBody)

    await house.call('GET', `/v1/requests/${idIn(asked)}`)

    expect((await house.store.request(idIn(asked)))?.version).toBe(1)
  })
})

describe('taking back', () => {
  test('cancels, answers the same again, and releases whoever waits', async () => {
    const house = await openHouse()
    const id = idIn(await house.ask(exportBody))
    const waiting = house.call('GET', `/v1/requests/${id}`, { headers: { prefer: 'wait=30' } })
    await house.watched()
    const cancel = () => house.call('POST', `/v1/requests/${id}/cancel`)

    const [first, again] = [await cancel(), await cancel()]

    expect([first.status, again.status]).toEqual([200, 200])
    expect(first.body).toMatchObject({ state: 'cancelled' })
    expect(again.body).toEqual(first.body)
    expect((await waiting).body).toMatchObject({ state: 'cancelled' })
  })

  test('what is settled is refused', async () => {
    const house = await openHouse()
    const id = idIn(await house.ask(readBody))

    const reply = await house.call('POST', `/v1/requests/${id}/cancel`)

    expect(reply.status).toBe(409)
    expect(reply.body).toMatchObject({ code: 'wrong_state' })
  })

  test.each([
    ['{}', 200, undefined],
    ['{"state":"approved"}', 400, '/state'],
    ['[]', 400, ''],
    ['null', 400, ''],
  ])('takes no body but an empty one: %s', async (body, status, pointer) => {
    const house = await openHouse()
    const id = idIn(await house.ask(exportBody))
    const headers = { 'content-type': 'application/json' }

    const reply = await house.call('POST', `/v1/requests/${id}/cancel`, { headers, body })

    expect(reply.status).toBe(status)
    if (pointer !== undefined) expect(reply.body).toMatchObject({ errors: [{ pointer }] })
  })

  test("another agent's request is unknown", async () => {
    const house = await openHouse()
    const id = idIn(await house.ask(exportBody))
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(house.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })

    const reply = await house.call('POST', `/v1/requests/${id}/cancel`, {
      headers: { authorization: `Bearer ${other.credential}` },
    })

    expect(reply.body).toMatchObject({ status: 404, code: 'unknown_request' })
    expect((await house.store.request(id))?.state).toBe('pending')
  })
})

function withoutInstance(body: unknown) {
  return { ...(body as Record<string, unknown>), instance: null } // parsed edge: a problem is an object
}
