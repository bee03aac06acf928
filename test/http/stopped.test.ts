import { describe, expect, test } from 'vitest'
import { makeStop } from '../../src/approvals/stops/make.ts'
import type { Stop } from '../../src/approvals/stops/records.ts'
import { eventually } from '../support/eventually.ts'
import { exportBody, type House, idIn, openHouse, readBody } from './house.ts'

const by = { kind: 'system', id: 'operator', via: 'cli' } as const

async function stopAll({ ports }: House): Promise<Stop> {
  const stop = await makeStop(ports, { what: { kind: 'everything' }, reason: 'It exports too much', by })
  if (!stop) throw new Error('nothing was stopped')
  return stop
}

async function resume({ store }: House, stop: Stop): Promise<void> {
  const resumed = { by, at: stop.at, reason: 'Fixed' }
  await store.commit({ stops: [{ expected: 1, next: { ...stop, version: 2, resumed } }], entries: [] })
}

describe('what an agent is answered while it is stopped:', () => {
  test('a new request is refused with the stop, and without a time to come back', async () => {
    const house = await openHouse()
    const { id, at } = await stopAll(house)

    const reply = await house.submit(readBody)

    expect(reply).toMatchObject({
      status: 403,
      body: {
        code: 'stopped',
        held: { stop: id, reason: 'It exports too much', since: at },
        detail: expect.stringContaining('until people resume it'),
      },
    })
    expect(reply.headers.get('retry-after')).toBeNull()
  })

  test('one that waits is shown as held, under another ETag, until it is resumed', async () => {
    const house = await openHouse()
    const asked = await house.submit(exportBody)
    const look = () => house.call('GET', `/v1/requests/${idIn(asked)}`)
    const before = await look()
    expect(before).toMatchObject({ body: { state: 'pending', held: null } })

    const stop = await stopAll(house)
    await eventually(async () =>
      expect(await look()).toMatchObject({
        body: { state: 'pending', held: { stop: stop.id, reason: stop.reason, since: stop.at } },
      }),
    )
    expect((await look()).headers.get('etag')).not.toBe(before.headers.get('etag'))

    await resume(house, stop)
    await eventually(async () => expect(await look()).toMatchObject({ body: { held: null } }))
    expect((await look()).headers.get('etag')).toBe(before.headers.get('etag'))
  })

  test('whoever waits hears of the stop at once, and again when it is resumed', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    const wait = () => house.call('GET', `/v1/requests/${id}`, { headers: { prefer: 'wait=55' } })
    const waiting = wait()
    await house.watched()

    const stop = await stopAll(house)
    expect(await waiting).toMatchObject({ status: 200, body: { state: 'pending', held: { stop: stop.id } } })

    await house.unwatched()
    const waitingAgain = wait()
    await house.watched()
    await resume(house, stop)
    expect(await waitingAgain).toMatchObject({ status: 200, body: { state: 'pending', held: null } })
  })
})
