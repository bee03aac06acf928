import { beforeEach, describe, expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { submission } from '../support/world.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'

// What comes back from a window was written by somebody's client: all of it could be made up.

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const { bob, grace, gwen, nora, priya, sam } = teamsIds
const person = (id: string) => company.local.as(id)
const decisions = () => company.store.ledger.filter(({ type }) => type === 'decision.made')

const chatOf = (who: string) => ({ id: `a:chat-of-${who}`, conversationType: 'personal' })
const channel = { id: channelId, conversationType: 'channel' }

let nth = 0

interface MadeUp {
  readonly send: string
  readonly origin: unknown
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly conversation?: { readonly id: string; readonly conversationType: string }
}

/** Sends a window that nobody opened; resolves to what came back, as text. */
async function sent(who: string, { send, origin, inputs = {}, conversation = channel }: MadeUp) {
  return invoked(who, {
    name: 'task/submit',
    value: {
      data: { ...inputs, send, origin: typeof origin === 'string' ? origin : JSON.stringify(origin) },
    },
    conversation,
  })
}

async function invoked(
  who: string,
  change: { readonly conversation?: object; readonly [key: string]: unknown },
) {
  nth += 1
  const { conversation = channel, ...others } = change
  const answer = await company.local.send({
    type: 'invoke',
    id: `f:made-up-${nth}`,
    timestamp: company.world.clock().toISOString(),
    channelId: 'msteams',
    serviceUrl: company.local.serviceUrl,
    from: { id: `29:${who}`, aadObjectId: who },
    conversation: { ...conversation, tenantId: teamsIds.tenant },
    channelData: { tenant: { id: teamsIds.tenant } },
    ...others,
  })
  return JSON.stringify(answer)
}

const long = {
  action: {
    action: 'db.export',
    resource: { type: 'table', id: 'warehouse.users' },
    params: { query: 'x '.repeat(6_000) },
    environment: 'prod',
  },
}

const dump = submission('data.dump', { params: { rows: 5_000, columns: ['id', 'name'] } })

describe('made-up windows', () => {
  test('too-long: a window for what no card shows counts only from its last page', async () => {
    const { request, card } = await company.asked('db.export', long)
    const origin = { request: request.id, card: card.id, page: 0, from: 'card' }

    const early = await sent(bob, { send: 'approve_form', origin })
    expect(early).toContain('Not possible')
    expect(early).toContain('Open full request')
    expect(decisions()).toEqual([])

    // Control: its last page.
    for (let page = 1; page < 30 && decisions().length === 0; page += 1)
      await sent(bob, { send: 'approve_form', origin: { ...origin, page } })
    expect(decisions()).toHaveLength(1)
  })

  test.each(['deny', 'approve_form'])(
    'whoever cannot see a request is shown nothing of it by sending %s from elsewhere',
    async (send) => {
      const { request } = await company.asked('db.export')
      const origin = { request: request.id, card: null, page: 0, from: 'list' }

      for (const who of [grace, gwen, nora]) {
        const said = await sent(who, { send, origin, inputs: { reason: '' }, conversation: chatOf(who) })
        expect(said).not.toContain('warehouse.users')
        expect(said).toContain('not yours to see')
      }

      // Control: whoever may gets the window again, to mend it.
      const said = await sent(bob, {
        send: 'deny',
        origin,
        inputs: { reason: '' },
        conversation: chatOf(bob),
      })
      expect(said).toContain('warehouse.users')
    },
  )

  test('somebody who may not decide gets no window by sending it, where the card stands either', async () => {
    const { request, card } = await company.asked('db.export')
    const origin = { request: request.id, card: card.id, page: 0, from: 'card' }

    const said = await sent(gwen, { send: 'deny', origin, inputs: { reason: '' } })

    expect(said).toContain('Not possible')
    expect(said).not.toContain('warehouse.users')
  })

  test('how a request ended is told to nobody who cannot see it', async () => {
    const { request, at } = await company.asked('db.export')
    await person(bob).press(at, 'deny')
    await person(bob).submit({ reason: 'Too many rows.' })
    expect(await company.state(request.id)).toBe('denied')
    const origin = { request: request.id, card: null, page: 0, from: 'list' }

    for (const who of [grace, gwen])
      expect(await sent(who, { send: 'approve_form', origin, conversation: chatOf(who) })).not.toMatch(
        /Bob|denied/i,
      )
    expect(await sent(sam, { send: 'approve_form', origin, conversation: chatOf(sam) })).toMatch(/Denied/i)
  })

  test('what would be left of an action is shown only to whoever may narrow it', async () => {
    const { request, card } = await company.asked('data.dump', dump)
    const origin = { request: request.id, card: card.id, page: 0, from: 'card' }
    const inputs = { 'narrow/rows': '20', 'narrow/columns': '0' }

    const told = await sent(gwen, { send: 'narrow', origin, inputs })
    expect(told).toContain('Not possible')
    expect(told).not.toContain('You lower')
    expect(refusals(company)).toEqual(['not_staff'])

    // Control.
    expect(await sent(bob, { send: 'narrow', origin, inputs })).toContain('You lower')
    expect(decisions()).toEqual([])
  })

  test('less is let through only when exactly that was shown', async () => {
    const { request, card } = await company.asked('data.dump', dump)
    const origin = { request: request.id, card: card.id, page: 0, from: 'card', left: 'sha256:0' }

    const said = await sent(bob, {
      send: 'narrow',
      origin,
      inputs: { 'narrow/rows': '20', 'narrow/columns': '0' },
    })

    expect(said).toContain('You lower')
    expect(await company.state(request.id)).toBe('pending')
  })

  test('what policy wants typed is not left out by leaving out its fields', async () => {
    const { request, card } = await company.asked('secret.read')
    const origin = { request: request.id, card: card.id, page: 0, from: 'card' }

    for (const inputs of [
      {},
      { reason: 'INC-77 restore the key' },
      { 'typed/0': 'warehouse.users' },
      { reason: 'INC-77 restore the key', 'typed/0': ['warehouse.users'] },
      { reason: 'INC-77 restore the key', 'typed/0': ' warehouse.users' },
    ])
      await sent(priya, { send: 'approve_form', origin, inputs })
    expect(decisions()).toEqual([])

    await sent(priya, {
      send: 'approve_form',
      origin,
      inputs: { reason: 'INC-77 restore the key', 'typed/0': 'warehouse.users' },
    })
    expect(decisions()).toHaveLength(1)
  })

  test('several requests that stand on no card together are not decided together', async () => {
    const one = await company.asked('db.export')
    const other = await company.asked('iam.change')
    for (const together of [[one.request.id, other.request.id], [other.request.id]]) {
      const origin = { request: one.request.id, card: one.card.id, page: 0, from: 'card', together }
      for (const send of ['approve_form', 'deny'])
        expect(await sent(sam, { send, origin, inputs: { reason: 'x' } })).toContain('Not possible')
    }
    expect(decisions()).toEqual([])
  })

  test('what happened to be settled stays so', async () => {
    const { request, card, at } = await company.asked('iam.change')
    await person(sam).press(at, 'deny')
    await person(sam).submit({ reason: 'No.' })
    const origin = { request: request.id, card: card.id, page: 0, from: 'card' }

    for (const send of ['approve_form', 'deny', 'narrow', 'escalate', 'ask_changes', 'withdraw'])
      await sent(priya, { send, origin, inputs: { reason: 'I want to.', note: 'Do it.' } })

    expect(await company.state(request.id)).toBe('denied')
    expect(decisions()).toHaveLength(1)
  })

  test.each<[string, unknown]>([
    ['no JSON', 'not json'],
    ['a request that is no id', { request: 'req_\u0000', card: null, page: 0, from: 'list' }],
    ['a card that is no id', { request: 'req_1', card: 'crd_\u0000', page: 0, from: 'card' }],
    ['no page', { request: 'req_1', card: null, page: -1, from: 'list' }],
    ['no line', { request: 'req_1', card: null, page: 0, from: 'list', together: [] }],
    ['nobody knows what', { __proto__: null, request: {}, card: [] }],
  ])('an origin with %s is none of ours', async (_, origin) => {
    expect(await sent(bob, { send: 'approve_form', origin })).toContain('Not possible')
    expect(company.logged.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  test.each<[string, unknown]>([
    ['an object without words', { toString: 1 }],
    ['nothing', null],
  ])('%s in the place of a text is refused like any other press that is not ours', async (_, odd) => {
    for (const data of [
      { open: 'full', value: odd },
      { open: odd, value: odd },
      { send: odd, origin: odd },
    ])
      for (const name of ['task/fetch', 'task/submit']) {
        const said = await invoked(bob, { name, value: { data } })
        expect(said).toContain('"status":200')
        expect(said).toContain('Not possible')
      }
    expect(company.logged.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  test('what no database keeps is made such that it does', async () => {
    const { request, card } = await company.asked('iam.change')
    const origin = { request: request.id, card: card.id, page: 0, from: 'card' }

    await sent(sam, { send: 'deny', origin, inputs: { reason: 'Too \u0000 broad \ud800.' } })

    expect(await company.store.request(request.id)).toMatchObject({ outcome: 'Too \ufffd broad \ufffd.' })
  })

  test('a page that is read names no card of another request', async () => {
    const one = await company.asked('db.export')
    const other = await company.asked('iam.change')
    const origin = { request: one.request.id, card: other.card.id, page: 0, from: 'card' }

    for (const send of ['read_full', 'read_why', 'approve_form_in_view'])
      expect(await sent(bob, { send, origin })).toContain('did not come from the card')
    expect(await sent(bob, { send: 'read_full', origin: { ...origin, card: one.card.id } })).toContain(
      'Page 1',
    )
  })

  test('a card that was sent to somebody else is nobody else’s', async () => {
    const { request, card } = await company.asked('db.export')
    const own = {
      ...card,
      id: 'crd_00000000000000000000000001',
      version: 1,
      conversation: `teams:${teamsIds.tenant}:${bob}`,
      message: 'a:chat-of-bob/17',
    }
    await company.store.commit({ entries: [], cards: [{ expected: null, next: own }] } as never)
    const origin = { request: request.id, card: own.id, page: 0, from: 'card' }

    expect(await sent(sam, { send: 'approve_form', origin })).toContain('did not come from the card')
    expect(decisions()).toEqual([])

    const chat = { id: 'a:chat-of-bob', conversationType: 'personal' }
    await sent(bob, { send: 'approve_form', origin, conversation: chat })
    expect(decisions().map(({ data }) => data.card)).toEqual([own.id])
  })
})
