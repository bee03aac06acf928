import { describe, expect, test } from 'vitest'
import { retryAfterOf } from '../../src/client/call.ts'
import { clientIn } from '../../src/client/client.ts'
import type { Surroundings } from '../../src/client/limit.ts'
import { doubleKey, openDouble } from '../clients/double.ts'
import { exported, open, sleepless } from './surroundings.ts'

/** The pauses of somebody else who asks and is turned away twice. */
async function pausesOf(more: Pick<Surroundings, 'random'>): Promise<readonly number[]> {
  const double = await openDouble()
  const surroundings = { ...sleepless(), ...more }
  double.trouble = (_, nth) => (nth < 2 ? 'before' : null)
  await clientIn(surroundings, { url: double.url, key: doubleKey }).ask(exported)
  return surroundings.slept
}

describe('while connections break', () => {
  test.each(['before', 'after'] as const)(
    'retry-storm: an ask whose connection breaks %s it took effect is repeated, and is one request',
    async (when) => {
      const { double, client, slept } = await open()
      double.trouble = (_, nth) => (nth < 100 ? when : null)

      await client.ask(exported, { limit: 10_000 })

      expect(double.requests).toHaveLength(1)
      expect(new Set(double.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
      expect(slept).toHaveLength(100)
    },
  )

  test('retry-storm: pauses grow to half a minute, and are not the same for everybody', async () => {
    const { double, client, slept } = await open()
    double.trouble = (_, nth) => (nth < 10 ? 'before' : null)

    await client.ask(exported)

    expect(slept[0]).toBe(125 + 0.5 * 125)
    expect(slept.every((pause, index) => pause >= (slept[index - 1] ?? 0))).toBe(true)
    expect(Math.max(...slept)).toBe(15_000 + 0.5 * 15_000)
    const others = await Promise.all([0, 0.99].map(async (luck) => pausesOf({ random: () => luck })))
    expect(new Set(others.map(([first]) => first)).size).toBe(2)
  })

  test.each(['before', 'after'] as const)(
    'a redemption that breaks %s its effect is the same attempt',
    async (when) => {
      const { double, client } = await open()
      double.decideAll('approved')
      const { request } = await client.ask(exported)
      const { token } = await client.grant(request.id)
      double.trouble = ({ route }, nth) => (route.endsWith('/redeem') && nth < 2 ? when : null)

      await client.redeem(token, { attempt: 'a-1', action: exported })

      const attempts = double.calls
        .filter(({ route }) => route.endsWith('/redeem'))
        .map(({ body }) => body.attempt)
      expect(attempts).toEqual(['a-1', 'a-1', 'a-1'])
    },
  )

  test('waiting goes on, over a server that is started again', async () => {
    const { double, client } = await open()
    const { request } = await client.ask(exported)

    const waiting = client.wait(request.id)
    await expect.poll(() => double.calls.length).toBe(2)
    await double.stop()
    double.decideAll('approved')
    await double.start()

    expect(await waiting).toMatchObject({ state: 'approved' })
  })
})

describe('what passes by itself', () => {
  test.each([429, 502, 503, 504, 408])('%i is waited out', async (status) => {
    const { double, client, slept } = await open()
    double.trouble = (_, nth) => (nth < 3 ? { status } : null)

    await client.ask(exported)

    expect(slept).toHaveLength(3)
  })

  test('Retry-After is obeyed, and nobody comes back in the same instant as all others', async () => {
    const { double, client, slept } = await open()
    double.trouble = (_, nth) => (nth === 0 ? { status: 503, retryAfter: '7' } : null)

    await client.ask(exported)

    expect(slept).toEqual([7_000 + 500])
  })

  test('500 is repeated once', async () => {
    const { double, client } = await open()
    double.trouble = () => ({ status: 500, code: 'internal' })

    await expect(client.ask(exported)).rejects.toMatchObject({ code: 'internal', status: 500 })
    expect(double.calls).toHaveLength(2)
  })

  test.each([400, 401, 403, 404, 409, 422])(
    'control: %i does not pass, and is not repeated',
    async (status) => {
      const { double, client } = await open()
      double.trouble = () => ({ status, code: 'stopped' })

      await expect(client.ask(exported)).rejects.toMatchObject({ code: 'stopped', status })
      expect(double.calls).toHaveLength(1)
    },
  )

  test.each([
    ['seconds', { 'retry-after': '3' }, 3_000],
    [
      'a date',
      { 'retry-after': 'Wed, 02 Dec 2026 10:00:05 GMT', date: 'Wed, 02 Dec 2026 10:00:00 GMT' },
      5_000,
    ],
    [
      'a date that is over',
      { 'retry-after': 'Wed, 02 Dec 2026 09:00:00 GMT', date: 'Wed, 02 Dec 2026 10:00:00 GMT' },
      0,
    ],
    ['words', { 'retry-after': 'soon' }, null],
    ['nothing', {}, null],
  ])('Retry-After of %s', (_, headers, milliseconds) => {
    expect(retryAfterOf(new Headers(headers))).toBe(milliseconds)
  })
})

describe('without a seat to wait in', () => {
  test('the client looks from time to time, with the last ETag', async () => {
    const { double, client, slept } = await open()
    const { request } = await client.ask(exported)
    double.trouble = ({ method, headers }, nth) => {
      delete headers.prefer // the double holds nobody who does not ask for it
      if (method === 'GET' && nth === 3) double.decideAll('approved')
      return null
    }

    expect(await client.wait(request.id)).toMatchObject({ state: 'approved' })
    const tags = double.calls
      .filter(({ method }) => method === 'GET')
      .map(({ headers }) => headers['if-none-match'])
    expect(tags).toEqual([undefined, '"1"', '"1"', '"1"'])
    expect(slept).toEqual([2_500, 2_500, 2_500])
  })
})

describe('it ends', () => {
  test('at the limit of time, before a pause that would be longer', async () => {
    const { double, client, slept } = await open()
    double.trouble = () => ({ status: 503, retryAfter: '3600' })

    const asked = client.ask(exported, { limit: 60 })

    await expect(asked).rejects.toMatchObject({ code: 'out_of_time', cause: { code: 'store_unavailable' } })
    expect(slept).toEqual([])
  })

  test('at a limit that nobody gave', async () => {
    const { double, client, slept } = await open()
    double.trouble = () => 'before'

    await expect(client.ask(exported)).rejects.toMatchObject({ code: 'out_of_time' })
    expect(slept.reduce((sum, one) => sum + one)).toBeLessThan(300_000)
  })

  test.each(['the call', 'the client'])(
    'when the signal of %s says so, also in the middle of a call',
    async (whose) => {
      const { double, surroundings } = await open()
      const controller = new AbortController()
      const ofClient = whose === 'the client' ? { signal: controller.signal } : {}
      const client = clientIn(surroundings, { url: double.url, key: doubleKey, ...ofClient })
      const { request } = await client.ask(exported)

      const waiting = client.wait(request.id, whose === 'the call' ? { signal: controller.signal } : {})
      await expect.poll(() => double.calls.length).toBe(2)
      controller.abort(new Error('the user left'))

      await expect(waiting).rejects.toMatchObject({ code: 'aborted', cause: { message: 'the user left' } })
    },
  )

  test('before anything is sent, when the signal has said so already', async () => {
    const { double, client } = await open()

    await expect(client.ask(exported, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(double.calls).toEqual([])
  })
})
