import { describe, expect, test } from 'vitest'
import { isSettled } from '../../src/core/lifecycle.ts'
import { waitOf } from '../../src/http/waiting.ts'
import { click } from '../support/world.ts'
import { exportBody, idIn, openHouse, readBody } from './house.ts'

describe('the preference', () => {
  test.each([
    ['wait=10', 10],
    ['wait=0', 0],
    ['Wait = 10', 10],
    ['wait="10"', 10],
    ['respond-async, wait=10', 10],
    ['wait=10; foo=bar', 10],
    ['wait=10, wait=20', 10],
    ['wait=55', 55],
    ['wait=56', 55],
    ['wait=999999999', 55],
  ])('%s waits %i seconds', (prefer, seconds) => {
    expect(waitOf(prefer)).toBe(seconds)
  })

  test.each([
    undefined,
    '',
    'wait',
    'wait=',
    'wait=-1',
    'wait=1.5',
    'wait=soon',
    'await=10',
    'wait=99999999999',
  ])('%s is ignored', (prefer) => {
    expect(waitOf(prefer)).toBeNull()
  })
})

describe('waiting', () => {
  test('hears of a decision as soon as it is committed', async () => {
    const house = await openHouse()
    const reply = house.submit(exportBody, { prefer: 'wait=30' })
    const id = await house.watched()

    await click(house, id, 'U0BOB')
    await click(house, id, 'U0SAM')

    const { status, headers, body } = await reply
    expect(status).toBe(201)
    expect(headers.get('preference-applied')).toBe('wait=30')
    expect(body).toMatchObject({ state: 'approved', requirement: { legs: [{ filled: 1 }, { filled: 1 }] } })
  })

  test('hears the reason of a denial', async () => {
    const house = await openHouse()
    const submitted = await house.submit(exportBody)
    const reply = house.call('GET', `/v1/requests/${idIn(submitted)}`, { headers: { prefer: 'wait=30' } })

    await click(house, idIn(submitted), 'U0SAM', { kind: 'deny', reason: 'Use the sample.' })

    expect((await reply).body).toMatchObject({
      state: 'denied',
      decisions: [{ kind: 'deny', reason: 'Use the sample.', via: 'slack' }],
    })
  })

  test('ends with 202 and the state of the moment when its time is over', async () => {
    const house = await openHouse()

    const reply = await house.submit(exportBody, { prefer: 'wait=0' })

    expect(reply.status).toBe(202)
    expect(reply.headers.get('preference-applied')).toBe('wait=0')
  })

  test('is capped, and says so', async () => {
    const house = await openHouse()

    expect((await house.submit(readBody, { prefer: 'wait=3600' })).headers.get('preference-applied')).toBe(
      'wait=55',
    )
  })

  test('a preference that is not understood is ignored', async () => {
    const house = await openHouse()

    const reply = await house.submit(exportBody, { prefer: 'wait=soon' })

    expect(reply.status).toBe(202)
    expect(reply.headers.get('preference-applied')).toBeNull()
  })

  test('stops when the caller hangs up', async () => {
    const house = await openHouse()
    const hangUp = new AbortController()
    const gone = house.call('POST', '/v1/requests', {
      headers: { 'content-type': 'application/json', prefer: 'wait=55' },
      body: JSON.stringify(exportBody),
      signal: hangUp.signal,
    })
    const id = await house.watched()

    hangUp.abort()

    await expect(gone).rejects.toThrow()
    await house.unwatched()
    expect(isSettled((await house.store.request(id))?.state ?? 'approved')).toBe(false)
  })

  test('is answered with the state of the moment when the server closes', async () => {
    const house = await openHouse()
    const waiting = Array.from({ length: 5 }, () =>
      house.submit(exportBody, { prefer: 'wait=55', 'idempotency-key': 'k' }),
    )
    await house.watched(5)

    await house.server.close()

    // Whoever was not answered by then is cut off, and would have thrown.
    expect((await Promise.all(waiting)).map((reply) => reply.status)).toEqual([202, 202, 202, 202, 202])
  })
})
