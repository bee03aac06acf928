import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { remind } from '../../src/approvals/cards/remind.ts'
import { expire } from '../../src/approvals/expire.ts'
import { carrierOf } from '../../src/core/set.ts'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany, refusals, send, sendForged } from './company.ts'
import { cardAt, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const action = 'deploy.start'
const grace = () => company.local.as('U0GRACE')

/** The same asked so many times, and shown on its card. */
async function posted(count: number, change: Parameters<typeof ask>[2] = {}) {
  const { request, card, at } = await company.asked(action, change)
  const ids = [request.id]
  while (ids.length < count) ids.push(await asked(change))
  await shown(request.id)
  return { ids, card, at, carrier: request.id }
}

async function asked(change: Parameters<typeof ask>[2] = {}): Promise<string> {
  const { id } = await ask(company.world, action, change)
  await announce(company.world.ports, company.slack.channel, id)
  return id
}

async function shown(carrier: string) {
  company.world.clock.advance(30)
  await refresh(company.world.ports, company.slack.channel, { request: carrier, anew: true })
}

async function states(ids: readonly string[]) {
  return Promise.all(ids.map((id) => company.state(id)))
}

function takeBack(id: string) {
  return cancel(company.world.ports, { request: id, agent: company.world.agent.agent, via: 'api' })
}

/** Chooses from the menu beside a line. */
async function choose({ card, at }: Awaited<ReturnType<typeof posted>>, choice: string, id: string) {
  const value = `${choice}|${id}|${card.id}`
  const blocks = JSON.parse(cardAt(company, at.ts)) as { readonly block_id: string }[]
  const blockId = blocks.find((block) => JSON.stringify(block).includes(value))?.block_id ?? ''
  await company.local.act({ act: 'press', as: 'U0GRACE', at, blockId, actionId: 'more', value })
}

describe('what one agent asks again while the same waits', () => {
  test('stands on the card that is there: it says once what is asked, and lists each request', async () => {
    const one = await posted(3)

    expect(grace().messages(channelId)).toHaveLength(1)
    const card = cardAt(company, one.at.ts)
    expect(card).toContain('Approval needed, 3 times: deploy.start')
    expect(card.match(/rich_text_preformatted/g)).toHaveLength(1)
    for (const id of one.ids) expect(card).toContain(id)
    expect(card).toContain('Approve all 3')
    expect(threadOf(company, one.at.ts)).toEqual([])
  })

  test('twenty have room, and Slack takes them; the twenty-first has a card of its own', async () => {
    const reasons = Array.from({ length: 20 }, (_, nth) => `${nth} ${'word '.repeat(100)}`)
    const [first = '', ...more] = reasons
    const one = await posted(1, { reason: first })
    for (const reason of more) await asked({ reason })
    await shown(one.carrier)

    const blocks = JSON.parse(cardAt(company, one.at.ts)) as unknown[]
    expect(blocks.length).toBeLessThanOrEqual(50)
    expect(cardAt(company, one.at.ts)).toContain('Approval needed, 20 times')
    expect(cardAt(company, one.at.ts)).toContain('Approve all 20')
    await grace().press(one.at, 'approve')
    const all = await company.store.requests({ limit: 30 })
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['approved']))
  })

  test('one click decides all that the card listed, each by itself, and the ledger says which those were', async () => {
    const one = await posted(3)

    await grace().press(one.at, 'approve')

    expect(await states(one.ids)).toEqual(['approved', 'approved', 'approved'])
    const made = company.store.ledger.filter(({ type }) => type === 'decision.made')
    expect(made.map(({ request }) => request)).toEqual(one.ids)
    for (const { data } of made) expect(data).toMatchObject({ card: one.card.id, listed: one.ids })
    await shown(one.carrier)
    expect(cardAt(company, one.at.ts)).toContain('Approved, 3 times: deploy.start')
    expect(cardAt(company, one.at.ts)).not.toMatch(/"action_id":"(approve|deny)"/)
  })

  test('the third comes between the drawing and the click: it stays open, and the card says so', async () => {
    const one = await posted(2)
    const third = await asked()

    await grace().press(one.at, 'approve')

    expect(await states([...one.ids, third])).toEqual(['approved', 'approved', 'pending'])
    await shown(one.carrier)
    const card = cardAt(company, one.at.ts)
    expect(card).toContain('Approval needed, 1 of 3: deploy.start')
    expect(card).toContain('Approve the last one')
    await grace().press(one.at, 'approve')
    expect(await company.state(third)).toBe('approved')
    expect(refusals(company)).toEqual([])
  })

  test('the second comes between: a button that was drawn for one decides that one', async () => {
    const { request, at } = await company.asked(action)
    const second = await asked()

    await grace().press(at, 'approve')

    expect(await states([request.id, second])).toEqual(['approved', 'pending'])
    await shown(request.id)
    expect(cardAt(company, at.ts)).toContain('Approval needed, 1 of 2')
  })

  test('redelivery: the same click twice counts once, also when more came between', async () => {
    const one = await posted(2)
    const press = company.local.compose({
      act: 'press',
      as: 'U0GRACE',
      at: one.at,
      blockId: blockWith(one.at, '"action_id":"approve"'),
      actionId: 'approve',
    })
    await company.local.send(press)
    await eventually(async () => expect(await states(one.ids)).toEqual(['approved', 'approved']))
    const third = await asked()

    await company.local.send(press)

    expect(await company.state(third)).toBe('pending')
    expect(company.store.ledger.filter(({ type }) => type === 'decision.made')).toHaveLength(2)
  })

  test('one reason denies all; the same is not asked again for a while', async () => {
    const one = await posted(2)

    await grace().press(one.at, 'deny')
    await windowOpens(company, 'U0GRACE', 'deny')
    expect(windowOf(company, 'U0GRACE').match(/deploy\.start on /g)).toHaveLength(1)
    await send(company, 'U0GRACE', { reason: 'Not today.' })

    await eventually(async () => expect(await states(one.ids)).toEqual(['denied', 'denied']))
    expect(await ask(company.world, action)).toMatchObject({ verdict: { code: 'cooling_down' } })
  })

  test('line by line: who denies one has not denied the other, and a third is not asked', async () => {
    const one = await posted(2)

    await choose(one, 'deny', one.ids[1] ?? '')
    await windowOpens(company, 'U0GRACE', 'deny')
    await send(company, 'U0GRACE', { reason: 'Once is enough.' })

    await eventually(async () => expect(await states(one.ids)).toEqual(['pending', 'denied']))
    expect(await ask(company.world, action)).toMatchObject({ state: 'denied' })
    await shown(one.carrier)
    expect(cardAt(company, one.at.ts)).toContain('Approval needed, 1 of 2')
    expect(said(one.at.ts)).toMatch(/\*2\* · .*grace.* denied this/)
  })

  test('the first is taken back while the others wait: its card goes on for them', async () => {
    const one = await posted(3)
    await takeBack(one.carrier)
    await shown(one.carrier)

    const card = cardAt(company, one.at.ts)
    expect(card).toContain('Approval needed, 2 of 3: deploy.start')
    expect(card).toContain('Cancelled')
    await grace().press(one.at, 'approve')

    expect(await states(one.ids)).toEqual(['cancelled', 'approved', 'approved'])
    await shown(one.carrier)
    expect(cardAt(company, one.at.ts)).toContain('Decided, 3 times')
  })

  test('another is taken back before the click: the others are decided, and the clicker hears which was not', async () => {
    const one = await posted(3)
    await takeBack(one.ids[1] ?? '')

    await grace().press(one.at, 'approve')

    expect(await states(one.ids)).toEqual(['approved', 'cancelled', 'approved'])
    await eventually(() => expect(whispersTo(company, 'U0GRACE')[0]).toMatch(/not for all lines.*\*2\*/s))
  })

  test('the first expires while another waits: that one is asked about, and reminded of', async () => {
    const { request, at } = await company.asked(action)
    company.world.clock.advance(900)
    const second = await asked()
    company.world.clock.advance(2_700)
    await expire(company.world.ports, request.id)
    await shown(request.id)

    expect(await states([request.id, second])).toEqual(['expired', 'pending'])
    expect(cardAt(company, at.ts)).toContain('Approval needed, 1 of 2')
    await remind(company.world.ports, company.slack.channel, { request: second, nth: 0 })

    expect(said(at.ts)).toContain('Still needed')
  })

  test('while the first waits, it reminds of all, and only once', async () => {
    const one = await posted(3)
    company.world.clock.advance(900)

    for (const id of one.ids)
      await remind(company.world.ports, company.slack.channel, { request: id, nth: 0 })

    const reminders = threadOf(company, one.at.ts).filter(({ text }) => text.includes('Still needed'))
    expect(reminders).toHaveLength(1)
  })

  test('the card is deleted when only a later one waits: it is posted again', async () => {
    const one = await posted(2)
    await takeBack(one.carrier)
    remove(one.at.ts)
    await shown(one.carrier)
    await announce(company.world.ports, company.slack.channel, one.carrier)

    const [again] = grace().messages(channelId)
    expect(cardAt(company, again?.ts ?? '')).toContain('Approval needed, 1 of 2')
  })

  test('different initiators are never on one card', async () => {
    const one = await posted(1)
    const other = await ask(company.world, action, { initiator: { email: 'bob@acme.test' } })

    const request = await company.store.request(other.id)
    expect(request && carrierOf(request)).toBe(other.id)
    expect(await company.store.alikeOn(one.carrier)).toEqual([])
  })

  test('foreign-payload: a button that names a request of another card decides nothing', async () => {
    const one = await posted(2)
    const other = await ask(company.world, 'node.drain')
    const value = `${one.carrier}|${one.card.id}|${one.carrier},${other.id}`
    const blockId = blockWith(one.at, '"action_id":"approve"')

    await sendForged(company, { as: 'U0GRACE', at: one.at, blockId, actionId: 'approve' }, { value })

    expect(await states([...one.ids, other.id])).toEqual(['pending', 'pending', 'pending'])
    expect(refusals(company)).toEqual(['foreign_payload'])
  })

  test('words in the thread name no line, and decide nothing', async () => {
    const one = await posted(2)

    await grace().post(channelId, '<@U0COUNTERSIGN> approve', one.at.ts)

    await eventually(() => expect(threadOf(company, one.at.ts)).not.toEqual([]))
    expect(await states(one.ids)).toEqual(['pending', 'pending'])
  })
})

const said = (ts: string) =>
  threadOf(company, ts)
    .map(({ text }) => text)
    .join('\n')

function remove(ts: string) {
  const { messages } = company.local.workspace
  const there = messages.get(channelId) ?? []
  messages.set(
    channelId,
    there.map((one) => (one.ts === ts ? { ...one, deleted: true, blocks: [] } : one)),
  )
}

function blockWith({ ts }: { readonly ts: string }, what: string): string {
  const blocks = JSON.parse(cardAt(company, ts)) as { readonly block_id: string }[]
  return blocks.find((block) => JSON.stringify(block).includes(what))?.block_id ?? ''
}
