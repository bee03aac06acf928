import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { Refusal, type RefusalCode } from '../../src/core/refusal.ts'
import { refusals } from '../../src/core/refusals.ts'
import { details } from '../../src/http/details.ts'
import { problemOf, problemSchema } from '../../src/http/problem.ts'
import { exportBody, openHouse } from './house.ts'

const secret = 'csk_hunter2'
const at = { baseUrl: 'https://countersign.test', call: '0b9d6c0e-5c1c-4f0a-9a51-2f6f0f6c9f3e' }
const codes = Object.keys(refusals) as RefusalCode[] // keys of a const table

describe('detail', () => {
  test.each(codes)(
    'of %s says what to do, in whole sentences and nothing of what is only for the log',
    (code) => {
      const { body } = problemOf(new Refusal(code, secret), at)

      const { detail, title } = problemSchema.strict().parse(body)
      expect(detail).toBe(details[code])
      expect(detail).toMatch(/^[A-Z“][\s\S]*\.$/)
      expect(detail).not.toBe(title)
      expect(JSON.stringify(body)).not.toContain(secret)
    },
  )

  test('of a bug says as little', () => {
    const { body } = problemOf(new TypeError(secret), at)

    expect(body).toMatchObject({ code: 'internal', detail: details.internal })
    expect(JSON.stringify(body)).not.toContain(secret)
  })

  test('of a database in trouble says what to do and not what is wrong with it', () => {
    const cause = new Error(secret)
    const fault = { reason: 'away', message: secret, unknown: true, retryAfterSeconds: 2, cause } as const

    const { body, headers } = problemOf(new StoreUnavailable(fault), at)

    expect(body).toMatchObject({ detail: details.store_unavailable })
    expect(headers).toMatchObject({ 'retry-after': '2' })
    expect(JSON.stringify(body)).not.toContain(secret)
  })

  test('names the places instead, where there are some, and never repeats a value', async () => {
    const house = await openHouse()

    const { body, text } = await house.submit({
      ...exportBody,
      environment: 'HUNTER2',
      reason: 2,
      params: { password: secret },
    })

    expect(body).toMatchObject({ detail: expect.stringContaining('/environment: Use lower-case letters') })
    expect(text).not.toMatch(/hunter2/i)
  })

  test('stands on every problem that a server answers', async () => {
    const house = await openHouse()
    const replies = await Promise.all([
      house.call('GET', '/nowhere'),
      house.call('GET', '/%zz'),
      house.call('GET', '/v1/requests?limit=x'),
      house.call('GET', '/v1/requests/x'),
      house.call('POST', '/v1/requests', { headers: { authorization: 'Bearer x' } }),
      house.call('POST', '/v1/requests', { body: '{' }),
      house.call('POST', '/v1/requests', { body: 'x'.repeat(300_000) }),
      house.submit({ ...exportBody, initiator: { email: 'nobody@acme.test' } }),
    ])

    for (const { body, status } of replies) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(problemSchema.strict().parse(body).detail).toMatch(/\.$/)
    }
  })
})
