import { describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { expire } from '../../src/approvals/expire.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { requestSchema } from '../../src/http/requestSchema.ts'
import { testChannel } from '../support/channel.ts'
import { click } from '../support/world.ts'
import { exportBody, idIn, openHouse, readBody, withoutPlace } from './house.ts'

describe('looking', () => {
  test('shows the request, the same as asking did', async () => {
    const house = await openHouse()
    const submitted = await house.submit(exportBody)

    const reply = await house.call('GET', `/v1/requests/${idIn(submitted)}`)

    expect(reply.status).toBe(200)
    expect(reply.headers.get('retry-after')).toBe('2')
    expect(withoutPlace(reply.body)).toEqual(submitted.body)
  })

  test('shows who has agreed so far', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
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

  test('four-endings: an agent is told how it ended by a code', async () => {
    const house = await openHouse()
    // What is asked again would share a card.
    const ask = async (rows: number) =>
      idIn(await house.submit({ ...exportBody, params: { ...exportBody.params, rows } }))
    const [timedOut, unreached, cancelled, denied] = [await ask(1), await ask(2), await ask(3), await ask(4)]
    await announce(house.ports, testChannel(), timedOut)
    await click(house, denied, 'U0BOB', { kind: 'deny', reason: 'No.' })
    await house.call('POST', `/v1/requests/${cancelled}/cancel`)
    house.clock.advance(3_600)
    for (const id of [timedOut, unreached]) await expire(house.ports, id)

    const ends = []
    for (const id of [timedOut, unreached, cancelled, denied]) {
      const { body } = await house.call('GET', `/v1/requests/${id}`)
      const { state, outcome_code } = requestSchema.strict().parse(body)
      ends.push([state, outcome_code])
    }

    expect(ends).toEqual([
      ['expired', 'timed_out'],
      ['expired', 'nobody_reachable'],
      ['cancelled', 'cancelled'],
      ['denied', 'denied'],
    ])
  })

  test('a denial that came late is there with its reason, and whoever looked before hears that something has changed', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    house.clock.advance(3_600)
    await expire(house.ports, id)
    const before = await house.call('GET', `/v1/requests/${id}`)

    await click(house, id, 'U0BOB', { kind: 'deny', reason: 'Send the counts.' })

    const headers = { 'if-none-match': before.headers.get('etag') ?? '' }
    const { status, body } = await house.call('GET', `/v1/requests/${id}`, { headers })
    expect(status).toBe(200)
    expect(requestSchema.strict().parse(body)).toMatchObject({
      state: 'expired',
      decisions: [{ kind: 'deny', reason: 'Send the counts.', late: true }],
    })
  })

  test('answers 304 while nothing has changed, and the request when something has', async () => {
    const house = await openHouse()
    const submitted = await house.submit(exportBody)
    const first = await house.call('GET', `/v1/requests/${idIn(submitted)}`)
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    const look = () => house.call('GET', `/v1/requests/${idIn(submitted)}`, { headers })

    const unchanged = await look()
    await click(house, idIn(submitted), 'U0BOB')

    expect(unchanged).toMatchObject({ status: 304, text: '' })
    expect((await look()).status).toBe(200)
  })

  test('with a wait shows the request even when nothing has changed', async () => {
    const house = await openHouse()
    const submitted = await house.submit(readBody)
    const headers = { 'if-none-match': submitted.headers.get('etag') ?? '', prefer: 'wait=10' }

    expect((await house.call('GET', `/v1/requests/${idIn(submitted)}`, { headers })).status).toBe(200)
  })

  test("another agent's request is not told apart from one that does not exist", async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
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
    const submitted = await house.submit(exportBody)

    await house.call('GET', `/v1/requests/${idIn(submitted)}`)

    expect((await house.store.request(idIn(submitted)))?.version).toBe(1)
  })
})

function withoutInstance(body: unknown) {
  return { ...(body as Record<string, unknown>), instance: null } // parsed edge: a problem is an object
}
