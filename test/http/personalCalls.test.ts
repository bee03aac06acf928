import { beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../support/world.ts'
import type { House } from './house.ts'
import { openPortal, type Portal } from './portal.ts'

let portal: Portal
let house: House
beforeEach(async () => {
  portal = await openPortal()
  house = portal.house
})
const as = (user: string) => portal.as(user)
const show = (...about: Parameters<Portal['show']>) => portal.show(...about)
const send = (...about: Parameters<Portal['send']>) => portal.send(...about)
const entriesOf = (...about: Parameters<Portal['entriesOf']>) => portal.entriesOf(...about)

describe('an idempotency key', () => {
  const key = { 'idempotency-key': 'vote-1' }

  test('has one effect, and the same answer again', async () => {
    const { id } = await ask(house, 'db.export')
    const { digest, view } = (await show('U0PRIYA', id)).body
    const vote = { decision: 'approve', digest, view }

    const replies = [await send('U0PRIYA', id, vote, key), await send('U0PRIYA', id, vote, key)]
    const other = await send('U0PRIYA', id, { ...vote, reason: 'Other' }, key)

    expect(replies.map(({ status }) => status)).toEqual([200, 200])
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
    expect(await entriesOf(id, 'decision.made')).toHaveLength(1)
  })

  test('repeats a refusal, and is not spent by it for a body that was mended', async () => {
    const { id } = await ask(house, 'db.export')
    const { digest, view } = (await show('U0PRIYA', id)).body

    const replies = [
      await send('U0PRIYA', id, { decision: 'deny', digest, view }, key),
      await send('U0PRIYA', id, { decision: 'deny', digest, view }, key),
      await send('U0PRIYA', id, { decision: 'deny', digest, view, reason: 'Too many rows' }, key),
    ]

    expect(replies.map(({ status }) => status)).toEqual([400, 400, 200])
    expect(await entriesOf(id, 'decision.refused')).toHaveLength(1)
  })

  test('of one call that came twice at once counts once', async () => {
    const { id } = await ask(house, 'db.export')
    const { digest, view } = (await show('U0PRIYA', id)).body
    const vote = { decision: 'approve', digest, view }

    const replies = await Promise.all([1, 2, 3].map(() => send('U0PRIYA', id, vote, key)))

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await entriesOf(id, 'decision.made')).toHaveLength(1)
  })
})

describe('what a person reads', () => {
  test('is what waits for them and what they asked for, a page at a time', async () => {
    const made = []
    for (const reason of ['A', 'B', 'C']) made.push(await ask(house, 'db.export', { reason }))
    await ask(house, 'iam.change')
    const list = async (user: string, query: string) => {
      const { status, body } = await house.call('GET', `/v1/me/requests${query}`, { headers: await as(user) })
      expect(status).toBe(200)
      return body as { readonly requests: { readonly id: string }[]; readonly next: string | null }
    }

    const first = await list('U0PRIYA', '?limit=2')
    const rest = await list('U0PRIYA', new URL(first.next ?? '').search)
    const asked = await list('U0ALICE', '?list=asked')

    const ids = [...first.requests, ...rest.requests].map(({ id }) => id)
    expect(ids).toEqual(made.map(({ id }) => id).toReversed())
    expect(rest.next).toBeNull()
    expect(asked.requests).toHaveLength(4)
    expect((await list('U0ALICE', '')).requests).toEqual([])
  })

  test('is nothing that they could not see in their channel', async () => {
    const { id } = await ask(house, 'iam.change')

    expect(await show('U0PRIYA', id)).toMatchObject({ status: 404, body: { code: 'unknown_request' } })
    expect((await show('U0ALICE', id)).status).toBe(200)
  })

  test.each(['?list=all', '?limit=51', '?after=x', '?state=pending', '?limit=1&limit=2'])(
    'is refused for %s',
    async (query) => {
      const reply = await house.call('GET', `/v1/me/requests${query}`, { headers: await as('U0PRIYA') })

      expect(reply).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    },
  )
})
