import { describe, expect, test } from 'vitest'
import { createClient, digestAction } from '../../src/client/client.ts'
import { exportBody, openHouse, readBody } from '../http/house.ts'
import { click } from '../support/world.ts'

async function open() {
  const house = await openHouse()
  return { house, client: createClient({ url: house.url, key: house.agent.credential }) }
}

describe('at a served house', () => {
  test('an ask that people decide is heard of as soon as they have', async () => {
    const { house, client } = await open()
    const { request } = await client.ask(exportBody)

    const waiting = client.wait(request.id)
    await house.watched()
    await click(house, request.id, 'U0BOB')
    await click(house, request.id, 'U0SAM')

    expect(request).toMatchObject({ state: 'pending', digest: digestAction(exportBody) })
    expect(await waiting).toMatchObject({ id: request.id, state: 'approved', outcome_code: 'approved' })
  })

  test('a denial is a request like any other, with its reason', async () => {
    const { house, client } = await open()
    const { request } = await client.ask(exportBody)

    await click(house, request.id, 'U0SAM', { kind: 'deny', reason: 'Use the sample.' })

    const denied = await client.wait(request.id)
    expect(denied).toMatchObject({ state: 'denied', decisions: [{ reason: 'Use the sample.' }] })
  })

  test('retry-storm: the same key is the same request, and other arguments under it are refused', async () => {
    const { client } = await open()
    const { request } = await client.ask(exportBody, { idempotencyKey: 'run-1' })

    const again = await client.ask(exportBody, { idempotencyKey: 'run-1' })
    const edited = client.ask({ ...exportBody, params: { rows: 11 } }, { idempotencyKey: 'run-1' })

    expect(again.request.id).toBe(request.id)
    await expect(edited).rejects.toMatchObject({ code: 'idempotency_mismatch', status: 422 })
  })

  test('cancelling, and what is settled cannot be', async () => {
    const { client } = await open()
    const { request } = await client.ask(exportBody)
    const { request: allowed } = await client.ask(readBody)

    expect(await client.cancel(request.id)).toMatchObject({ state: 'cancelled' })
    await expect(client.cancel(allowed.id)).rejects.toMatchObject({ code: 'wrong_state', status: 409 })
  })

  test('another agent’s key learns nothing', async () => {
    const { house, client } = await open()
    const { request } = await client.ask(exportBody)
    const stranger = createClient({ url: house.url, key: 'csk_of-nobody' })

    await expect(stranger.wait(request.id)).rejects.toMatchObject({ code: 'unauthenticated', status: 401 })
    await expect(client.wait('req_01kaxyz0000000000000000000')).rejects.toMatchObject({
      code: 'unknown_request',
    })
  })
})
