import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { ActionRequest } from '../../src/client/wire.ts'
import type { RequestBody } from '../../src/http/requestSchema.ts'
import { doubleKey, openDouble } from '../clients/double.ts'
import { exported, open } from './surroundings.ts'

test('what the server shows is what the client promises to have', () => {
  const promised = (shown: RequestBody): ActionRequest => shown // the compiler is the test

  expect(promised).toBeTypeOf('function')
})

describe('the verbs', () => {
  test('ask, wait, grant, redeem and report, in turn', async () => {
    const { double, client } = await open()

    const { request, grant } = await client.ask(exported, { idempotencyKey: 'run-1-export' })
    expect(request).toMatchObject({ state: 'pending', action: 'db.export' })
    expect(grant).toBeNull()
    const waiting = client.wait(request.id)
    double.decideAll('approved')
    expect(await waiting).toMatchObject({ id: request.id, state: 'approved' })
    const { token } = await client.grant(request.id)
    await client.redeem(token, { attempt: 'a-1', action: exported })
    await client.report(request.id, { state: 'succeeded' })

    expect(double.requests[0]).toMatchObject({ key: 'run-1-export', state: 'succeeded' })
    for (const { headers } of double.calls) expect(headers.authorization).toBe(`Bearer ${doubleKey}`)
  })

  test('the grant comes with the answer where policy allows it at once, and is no part of the request', async () => {
    const { client } = await open()

    const { request, grant } = await client.ask({ ...exported, action: 'repo.read' }, { grant: true })

    expect(grant).toMatchObject({ request: request.id, spent_by: 'agent' })
    expect(JSON.stringify(request)).not.toContain(grant?.token)
  })

  test('cancel', async () => {
    const { client } = await open()
    const { request } = await client.ask(exported)

    expect(await client.cancel(request.id)).toMatchObject({ state: 'cancelled' })
  })

  test('each ask without a key of its own is a request of its own', async () => {
    const { double, client } = await open()

    await client.ask(exported)
    await client.ask(exported)

    expect(double.requests).toHaveLength(2)
  })
})

describe('a refusal', () => {
  test('has its code, its status and its problem, and neither the key nor the token', async () => {
    const { client } = await open()
    const token = 'a-token-that-nobody-may-see'

    const refused = await client
      .redeem(token, { attempt: 'a-1', action: exported })
      .catch((thrown: unknown) => thrown)

    expect(refused).toMatchObject({
      name: 'CountersignError',
      code: 'invalid_grant',
      status: 403,
      problem: { title: 'Refused: invalid_grant.' },
    })
    expect(inspect(refused, { depth: 9, showHidden: true })).not.toMatch(/csk_|nobody-may-see/)
  })

  test.each([
    ['an address with a key in it', { url: 'https://csk_x@countersign.acme.test', key: 'csk_x' }],
    ['another kind of address', { url: 'ftp://countersign.acme.test', key: 'csk_x' }],
    ['a key that cannot travel in a header', { url: 'https://countersign.acme.test', key: 'csk_x\n' }],
    ['no key', { url: 'https://countersign.acme.test', key: '' }],
  ])('comes at once for %s', (_, options) => {
    expect(() => createClient(options)).toThrow(TypeError)
  })

  test('comes at once for an idempotency key that cannot travel in a header', async () => {
    const { double, client } = await open()

    await expect(client.ask(exported, { idempotencyKey: 'a\nb' })).rejects.toMatchObject({
      code: 'unnamed_call',
    })
    expect(double.calls).toEqual([])
  })

  test('comes at once for what is not plain JSON', async () => {
    const { double, client } = await open()

    const asked = client.ask({ ...exported, params: { until: new Date(0) } })

    await expect(asked).rejects.toMatchObject({
      code: 'not_plain',
      message: expect.stringContaining('/params/until'),
    })
    expect(double.calls).toEqual([])
  })
})

describe('an answer that is none', () => {
  test.each([
    ['a page of somebody else', '<html>Log in to the guest network</html>'],
    ['no object', '[]'],
    ['another object', '{"state":"approved"}'],
  ])('%s is not taken for one', async (_, text) => {
    const { double, client } = await open()
    double.twist = () => text

    await expect(client.ask(exported)).rejects.toMatchObject({ code: 'unexpected_answer' })
  })

  test('confused-ids: an answer about another request is none', async () => {
    const { double, client } = await open()
    const { request } = await client.ask(exported)
    double.decideAll('approved')
    double.twist = (_, body) => ({ ...body, id: 'req_of_another' })

    await expect(client.wait(request.id)).rejects.toMatchObject({ code: 'unexpected_answer' })
  })

  test('confused-ids: a grant of another request is none', async () => {
    const { double, client } = await open()
    const { request } = await client.ask(exported)
    double.decideAll('approved')
    double.twist = (_, body) => ({ ...body, request: 'req_of_another' })

    await expect(client.grant(request.id)).rejects.toMatchObject({ code: 'unexpected_answer' })
  })

  test('confused-ids: a redemption by another attempt is none', async () => {
    const { double, client } = await open()
    double.decideAll('approved')
    const { request } = await client.ask(exported)
    const { token } = await client.grant(request.id)
    double.twist = (_, body) => ({ ...body, attempt: 'of somebody else' })

    const redeemed = client.redeem(token, { attempt: 'a-1', action: exported })

    await expect(redeemed).rejects.toMatchObject({ code: 'unexpected_answer' })
  })

  test('a redirect is not followed: nobody else gets the key', async () => {
    const { double, client } = await open()
    const stranger = await openDouble()
    double.trouble = () => ({ status: 307 })
    double.twist = (_, body) => body

    await expect(client.ask(exported)).rejects.toMatchObject({ status: 307 })
    expect(stranger.calls).toEqual([])
  })
})
