import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { click } from '../support/world.ts'
import { proofKey } from './dpop.ts'
import { asksGrant, tokenIn } from './grantCalls.ts'
import {
  baseUrl,
  exportBody,
  type House,
  idIn,
  openHouse,
  readBody,
  replyOf,
  signingSecret,
} from './house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})

const asks = (id: string, headers?: Record<string, string>, body?: object) =>
  asksGrant(house, id, headers, body)

describe('a submission with its grant', () => {
  const wished = { ...readBody, grant: true }

  test('has the token in the answer where policy allows it, and the same when it is repeated', async () => {
    const headers = { 'idempotency-key': '"once"' }

    const first = await house.submit(wished, headers)
    const second = await house.submit(wished, headers)

    expect(first).toMatchObject({
      status: 201,
      body: {
        state: 'approved',
        grant: { request: idIn(first), token_type: 'Bearer', audience: baseUrl, redeemed_at: null },
      },
    })
    expect(second.status).toBe(200)
    expect(tokenIn(second)).toBe(tokenIn(first))
    expect(tokenIn(first)).not.toBe('')
    const types = (await house.store.entries(idIn(first))).map(({ type }) => type)
    expect(types).toEqual(['request.submitted', 'request.approved', 'grant.issued', 'grant.repeated'])
  })

  test('that is repeated when the grant is over has the request, and no token', async () => {
    const headers = { 'idempotency-key': '"once"' }
    await house.submit(wished, headers)
    house.clock.advance(181)

    const late = await house.submit(wished, headers)

    expect(late).toMatchObject({ status: 200, body: { grant: { id: expect.stringMatching(/^grt_/) } } })
    expect(tokenIn(late)).toBe('')
  })

  test('waits like any other where people decide: the grant is asked for once they have', async () => {
    const reply = await house.submit({ ...exportBody, grant: true })
    const id = idIn(reply)

    expect(reply).toMatchObject({ status: 202, body: { grant: null } })
    await click(house, id, 'U0BOB')
    await click(house, id, 'U0SAM')
    expect((await asks(id)).status).toBe(201)
  })

  test('is stored only together with it: for an audience that there is not, nothing is', async () => {
    const reply = await house.submit({ ...readBody, grant: { audience: 'https://elsewhere.test' } })

    expect(reply).toMatchObject({ status: 422, body: { code: 'unknown_audience' } })
    expect(await house.store.requests({ limit: 10 })).toEqual([])
  })

  test('can be bound to a key, whose proof counts once', async () => {
    const { proof, jkt } = await proofKey()
    const dpop = await proof(`${baseUrl}/v1/requests`, house.clock())

    const first = await house.submit(wished, { dpop })

    expect((await house.ports.signer.read(tokenIn(first)))?.claims).toMatchObject({ cnf: { jkt } })
    expect(await house.submit(wished, { dpop })).toMatchObject({
      status: 400,
      body: { code: 'invalid_dpop_proof' },
    })
  })

  test('of a signed call is refused: whoever saw that can send it again', async () => {
    const body = JSON.stringify(wished)
    const at = Math.floor(house.clock().getTime() / 1_000)
    const mac = createHmac('sha256', signingSecret(house.agent.key.id)).update(`msg_1.${at}.${body}`)
    const signature = `v1,${mac.digest('base64')}`
    const headers = {
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at),
      'webhook-signature': signature,
    }

    const response = await fetch(`${house.url}/v1/requests?agent=billing-agent`, {
      method: 'POST',
      headers,
      body,
    })
    const reply = await replyOf(response)

    expect(reply).toMatchObject({ status: 400, body: { errors: [{ pointer: '/grant' }] } })
  })
})
