import { request as httpRequest, type IncomingMessage } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { eventually } from '../support/eventually.ts'
import { click } from '../support/world.ts'
import { deleteBody, exportBody, type House, idIn, openHouse, readBody } from './house.ts'

/** Somebody who follows: what has come so far, and how to hang up. */
async function following(house: House, id: string, headers: Record<string, string> = {}) {
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const reply = await fetch(`${house.url}/v1/requests/${id}/events`, {
    headers: { ...house.key, ...headers },
    signal: gone.signal,
  })
  let text = ''
  let ended = false
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of reply.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true })
    ended = true
  })().catch(() => undefined)
  return {
    reply,
    text: () => text,
    events: () => eventsIn(text),
    ended: () => ended,
    hangUp: () => gone.abort(),
    reading,
  }
}

/** As a browser reads them. */
function eventsIn(text: string) {
  return text
    .split('\n\n')
    .filter((block) => /^data: /m.test(block))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
      const { type, request, state, at } = JSON.parse(field('data') ?? '')
      expect(field('event')).toBe(type)
      return { id: field('id'), type, request, state, at }
    })
}
const typesOf = (events: ReturnType<typeof eventsIn>) => events.map(({ type, state }) => `${type} ${state}`)

async function cancel(house: House, id: string) {
  expect((await house.call('POST', `/v1/requests/${id}/cancel`)).status).toBe(200)
}

describe('whoever follows a request', () => {
  test('hears what has happened, then what happens, and is told the end', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))

    const follower = await following(house, id)
    expect(follower.reply.headers.get('content-type')).toBe('text/event-stream')
    expect(follower.reply.headers.get('cache-control')).toBe('no-store')
    await eventually(() => expect(typesOf(follower.events())).toEqual(['approval.requested pending']))
    await cancel(house, id)
    await follower.reading

    expect(follower.ended()).toBe(true)
    expect(typesOf(follower.events())).toEqual([
      'approval.requested pending',
      'approval.cancelled cancelled',
      'end cancelled',
    ])
    expect(follower.events().every(({ request }) => request === id)).toBe(true)
    expect(follower.text()).not.toContain('rows')
  })

  test('comes back with the last id and hears what came after it, from another server too', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    const first = await following(house, id)
    await eventually(() => expect(first.events()).toHaveLength(1))
    first.hangUp()
    await cancel(house, id)
    const last = first.events()[0]?.id ?? ''
    expect(last).toMatch(/^[1-9]\d*$/)

    const second = await following(house, id, { 'last-event-id': last })
    await second.reading

    expect(typesOf(second.events())).toEqual(['approval.cancelled cancelled', 'end cancelled'])
    expect(Number(second.events()[0]?.id)).toBeGreaterThan(Number(last))
  })

  test('who has heard the end is told that there is nothing more; who has not hears it', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(deleteBody))
    const follower = await following(house, id)
    await follower.reading
    expect(typesOf(follower.events())).toEqual(['approval.denied denied', 'end denied'])
    const again = (last: string) =>
      house.call('GET', `/v1/requests/${id}/events`, { headers: { 'last-event-id': last } })

    const { status, text } = await again(follower.events()[0]?.id ?? '')
    expect([status, text]).toEqual([204, ''])
    expect(await again('0'), 'control: what was not heard').toMatchObject({
      status: 200,
      text: follower.text(),
    })
  })

  test('what policy allowed was asked of nobody', async () => {
    const house = await openHouse()
    const follower = await following(house, idIn(await house.submit(readBody)))

    await eventually(() => expect(typesOf(follower.events())).toEqual(['approval.approved approved']))
    expect(follower.ended(), 'approved is not final').toBe(false)
  })

  test.each(['-1', '1.5', 'x', '', '01', '1e3', '9'.repeat(16), '1, 2'])(
    'a Last-Event-ID of “%s” is none of ours',
    async (last) => {
      const house = await openHouse()
      const id = idIn(await house.submit(exportBody))

      const reply = await house.call('GET', `/v1/requests/${id}/events`, {
        headers: { 'last-event-id': last },
      })

      expect(reply).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    },
  )

  test('another agent cannot', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(deleteBody))
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(house.ports, { name: 'other', owner: lee, by: lee, via: 'test' })
    const as = (credential: string) =>
      house.call('GET', `/v1/requests/${id}/events`, { headers: { authorization: `Bearer ${credential}` } })

    expect(await as(other.credential)).toMatchObject({ status: 404, body: { code: 'unknown_request' } })
    expect((await as(house.agent.credential)).status, 'control: the agent that asked').toBe(200)
  })
})

describe('following costs a seat', () => {
  test('who finds none is refused, and it is free again when somebody leaves, read or not', async () => {
    const house = await openHouse({ waiting: 1 })
    const id = idIn(await house.submit(exportBody))
    const path = `/v1/requests/${id}/events`
    const first = await following(house, id)

    const refused = await house.call('GET', path)
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_waiting' } })
    expect(refused.headers.get('retry-after')).toBe('5')

    first.hangUp()
    const second = await eventually(async () => {
      const next = await following(house, id)
      expect(next.reply.status).toBe(200)
      return next
    })
    second.hangUp()
    await eventually(async () => {
      expect((await fetch(house.url + path, { method: 'HEAD', headers: house.key })).status).toBe(200)
    })
    await eventually(async () => expect((await following(house, id)).reply.status).toBe(200))
  })
})

describe('a server that closes', () => {
  test('ends the streams that are read, in order', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    const follower = await following(house, id)
    await eventually(() => expect(follower.events()).toHaveLength(1))

    await house.server.close()
    await follower.reading

    expect(follower.ended(), 'not cut off').toBe(true)
    expect(typesOf(follower.events())).toEqual(['approval.requested pending'])
  })

  test('does not wait for somebody who does not read', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    const deaf = await new Promise<IncomingMessage>((resolve) =>
      httpRequest(`${house.url}/v1/requests/${id}/events`, { headers: house.key }, resolve).end(),
    )
    deaf.pause()
    deaf.on('error', () => undefined)

    await house.server.close()
    deaf.destroy()
  })

  test('control: whom it did not tell would keep it open', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    const follower = await following(house, id)
    await click(house, id, 'U0BOB')

    expect(follower.ended()).toBe(false)
  })
})
