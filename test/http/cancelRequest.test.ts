import { describe, expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { exportBody, idIn, openHouse, readBody } from './house.ts'

describe('taking back', () => {
  test('cancels, answers the same again, and releases whoever waits', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
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
    const id = idIn(await house.submit(readBody))

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
    const id = idIn(await house.submit(exportBody))
    const headers = { 'content-type': 'application/json' }

    const reply = await house.call('POST', `/v1/requests/${id}/cancel`, { headers, body })

    expect(reply.status).toBe(status)
    if (pointer !== undefined) expect(reply.body).toMatchObject({ errors: [{ pointer }] })
  })

  test("another agent's request is unknown", async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(house.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })

    const reply = await house.call('POST', `/v1/requests/${id}/cancel`, {
      headers: { authorization: `Bearer ${other.credential}` },
    })

    expect(reply.body).toMatchObject({ status: 404, code: 'unknown_request' })
    expect((await house.store.request(id))?.state).toBe('pending')
  })
})
