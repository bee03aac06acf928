import { describe, expect, test } from 'vitest'
import { askForChanges } from '../../src/approvals/notes/ask.ts'
import { createClient, digestAction } from '../../src/client/client.ts'
import { exportBody, openHouse, readBody } from '../http/house.ts'
import { attemptBy, click } from '../support/world.ts'

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

  test('a note is answered once, and whoever waits goes on waiting until the request has ended', async () => {
    const { house, client } = await open()
    const { request } = await client.ask(exportBody)
    const waiting = client.wait(request.id)
    await house.watched()
    await askForChanges(house.ports, { ...attemptBy(request.id, 'U0BOB'), text: 'Fewer rows.' })
    const to = (await house.store.request(request.id))?.notes?.[0]?.id ?? ''

    const answered = await client.answer(request.id, { to, text: 'So be it.' })
    const revision = await client.ask({ ...exportBody, params: { rows: 5 }, revises: request.id })

    expect(answered.notes).toMatchObject([{ kind: 'changes' }, { kind: 'answer', by: 'agent', to }])
    expect(await waiting).toMatchObject({ state: 'cancelled', outcome_code: 'revised' })
    expect(revision.request).toMatchObject({ revises: request.id })
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

  test('a gated function runs exactly what was approved, with its grant spent, and what it did is on record', async () => {
    const { house, client } = await open()
    const ran: unknown[] = []
    const exportTable = client.gated(
      (args: { readonly action: typeof exportBody }, { request }) => {
        ran.push(args.action.params)
        return { of: request.id }
      },
      ({ action }) => action,
    )
    const call = { key: 'gated-1' }
    const asked = await exportTable.ask({ action: exportBody }, call)
    for (const user of ['U0BOB', 'U0SAM']) await click(house, asked.id, user)

    expect(await exportTable({ action: exportBody }, call)).toEqual({ of: asked.id })

    expect(ran).toEqual([exportBody.params])
    const done = await house.store.request(asked.id)
    expect(done).toMatchObject({ state: 'succeeded', grant: { redeemed: { by: { kind: 'agent' } } } })
    expect(done?.executions).toMatchObject([{ digest: asked.digest, deviations: [] }])
  })

  test('what policy allows at once runs with the grant of the same answer; replayed under its name it does not run again', async () => {
    const { house, client } = await open()
    let runs = 0
    const read = client.gated(
      () => {
        runs += 1
        return 'read'
      },
      () => readBody,
    )

    expect(await read({}, { key: 'gated-2' })).toBe('read')
    await expect(read({}, { key: 'gated-2' })).rejects.toMatchObject({ name: 'CountersignError' })

    expect(runs).toBe(1)
    const [one] = await house.store.requests({ limit: 1 })
    expect(one?.state).toBe('succeeded')
  })
})
