import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { remind } from '../../src/approvals/cards/remind.ts'
import type { SubmittedSet } from '../../src/approvals/sets/submitSet.ts'
import { factsOf } from '../../src/card/facts.ts'
import { digestOf } from '../../src/core/digest.ts'
import { eventually } from '../support/eventually.ts'
import { actionOn, askTogether, statesIn } from '../support/setWorld.ts'
import { type Company, channelId, openCompany, refusals, send, sendForged } from './company.ts'
import { cardAt, ephemeralsTo, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

interface Posted {
  readonly set: SubmittedSet
  readonly ids: readonly string[]
  readonly at: { readonly conversation: string; readonly ts: string }
}

async function posted(actions: Parameters<typeof askTogether>[1]): Promise<Posted> {
  const set = await askTogether(company.world, actions)
  const [first] = set.requests.filter(({ state }) => state === 'pending')
  await announce(company.world.ports, company.slack.channel, first?.id ?? '')
  const [card] = company.local.as('U0GRACE').messages(channelId)
  return { set, ids: set.requests.map(({ id }) => id), at: { conversation: channelId, ts: card?.ts ?? '' } }
}

const carrier = ({ set }: Posted) => set.requests.find(({ state }) => state === 'pending')?.id ?? ''
const states = ({ set }: Posted) => statesIn(company.world, set)

async function refreshed(one: Posted) {
  company.world.clock.advance(30)
  await refresh(company.world.ports, company.slack.channel, { request: carrier(one), anew: true })
}

function blocksOf({ at }: Posted): readonly { readonly block_id: string; readonly type: string }[] {
  return JSON.parse(cardAt(company, at.ts))
}

/** Chooses from the menu beside a line. */
async function choose(one: Posted, member: string, choice: string, nth: number) {
  const [card] = await company.store.cards(carrier(one))
  const value = `${choice}|${one.ids[nth]}|${card?.id}`
  const blockId = blocksOf(one).find((block) => JSON.stringify(block).includes(value))?.block_id ?? ''
  await company.local.act({ act: 'press', as: member, at: one.at, blockId, actionId: 'more', value })
}

describe('several requests on one card', () => {
  test('are one card, which shows each of them whole', async () => {
    const one = await posted(['deploy.start', 'table.drop', 'repo.read'])

    expect(company.local.as('U0GRACE').messages(channelId)).toHaveLength(1)
    const shown = cardAt(company, one.at.ts)
    expect(shown).toContain('Approval needed: 2 actions')
    for (const [nth, name] of ['deploy.start', 'table.drop'].entries()) {
      expect(shown).toContain(`${nth + 1} · `)
      expect(shown).toContain(name)
      expect(shown).toContain(`warehouse.t${nth}`)
    }
    // What policy allowed asks nobody.
    expect(shown).not.toContain('repo.read')
    expect(shown).toContain(one.set.id)
  })

  test('twenty of them have room, and Slack takes them', async () => {
    const one = await posted(Array.from({ length: 20 }, () => 'deploy.start'))

    const shown = cardAt(company, one.at.ts)
    expect(shown).toContain('Approval needed: 20 actions')
    expect(shown).toContain('20 · ')
    expect((JSON.parse(shown) as unknown[]).length).toBeLessThanOrEqual(50)
    await company.local.as('U0GRACE').press(one.at, 'approve')
    expect(new Set(await states(one))).toEqual(new Set(['approved']))
  })

  test('what-you-see: one click approves all, and what is kept as seen of each is that one', async () => {
    const one = await posted(['deploy.start', 'table.drop'])

    await company.local.as('U0GRACE').press(one.at, 'approve')

    expect(await states(one)).toEqual(['approved', 'approved'])
    for (const id of one.ids) {
      const request = await company.store.request(id)
      if (!request) throw new Error('it was asked')
      expect(request.decisions.map(({ seen }) => seen)).toEqual([
        digestOf('countersign/seen/v2', { text: factsOf(request).text }),
      ])
    }
  })

  test('one reason denies all', async () => {
    const one = await posted(['deploy.start', 'table.drop'])

    await company.local.as('U0GRACE').press(one.at, 'deny')
    await windowOpens(company, 'U0GRACE', 'deny')
    expect(windowOf(company, 'U0GRACE')).toContain('warehouse.t1')
    await send(company, 'U0GRACE', { reason: 'Not before the release.' })

    await eventually(async () => expect(await states(one)).toEqual(['denied', 'denied']))
    expect((await company.store.request(one.ids[1] ?? ''))?.outcome).toBe('Not before the release.')
  })

  test('line by line: the menu beside a line decides that one', async () => {
    const one = await posted(['deploy.start', 'table.drop', 'node.drain'])

    await choose(one, 'U0GRACE', 'approve_form', 1)
    await windowOpens(company, 'U0GRACE', 'approve_form')
    await send(company, 'U0GRACE', {})
    await eventually(async () => expect(await states(one)).toEqual(['pending', 'approved', 'pending']))
    await choose(one, 'U0GRACE', 'deny', 0)
    await windowOpens(company, 'U0GRACE', 'deny')
    await send(company, 'U0GRACE', { reason: 'Not this one.' })

    await eventually(async () => expect(await states(one)).toEqual(['denied', 'approved', 'pending']))
    expect(refusals(company)).toEqual([])
  })

  test('the card follows: what is decided says so, what waits can be decided, and the last decision closes it', async () => {
    const one = await posted(['deploy.start', 'table.drop'])
    await choose(one, 'U0GRACE', 'deny', 0)
    await windowOpens(company, 'U0GRACE', 'deny')
    await send(company, 'U0GRACE', { reason: 'Not this one.' })
    await eventually(async () => expect(await states(one)).toEqual(['denied', 'pending']))

    await refreshed(one)
    expect(cardAt(company, one.at.ts)).toContain('Approval needed: 1 of 2 actions')
    expect(cardAt(company, one.at.ts)).toContain('Approve the last one')
    await company.local.as('U0GRACE').press(one.at, 'approve')
    expect(await states(one)).toEqual(['denied', 'approved'])

    await refreshed(one)
    expect(cardAt(company, one.at.ts)).toContain('Decided: 2 actions')
    expect(cardAt(company, one.at.ts)).not.toMatch(/"action_id":"(approve|deny)"/)
  })

  test('own-request: who is behind one of them hears which did not count, and the others do', async () => {
    const one = await posted([
      { action: actionOn('deploy.start', 'warehouse.a'), involved: [{ email: 'grace@acme.test' }] },
      { action: actionOn('deploy.start', 'warehouse.b'), involved: [] },
    ])

    await company.local.as('U0GRACE').press(one.at, 'approve')

    expect(await states(one)).toEqual(['pending', 'approved'])
    await eventually(() => expect(ephemeralsTo(company, 'U0GRACE')).toHaveLength(1))
    expect(whispersTo(company, 'U0GRACE')[0]).toMatch(/not for all lines.*\*1\*: You are behind this action/s)
    expect(refusals(company)).toEqual(['own_request'])
  })

  test('version races: a card that lists more than waits by now decides what waits', async () => {
    const one = await posted(['deploy.start', 'table.drop'])
    const { world } = company
    await cancel(world.ports, { request: one.ids[0] ?? '', agent: world.agent.agent, via: 'api' })

    await company.local.as('U0GRACE').press(one.at, 'approve')

    expect(await states(one)).toEqual(['cancelled', 'approved'])
    await eventually(() => expect(whispersTo(company, 'U0GRACE')[0]).toContain('*1*'))
  })

  test('version races: a button decides the lines that its card listed, and no others', async () => {
    const one = await posted(['deploy.start', 'table.drop', 'node.drain'])
    const [card] = await company.store.cards(carrier(one))
    const value = `${carrier(one)}|${card?.id}|${one.ids[0]},${one.ids[2]}`
    const blockId = blocksOf(one).find(({ type }) => type === 'actions')?.block_id ?? ''

    await sendForged(company, { as: 'U0GRACE', at: one.at, blockId, actionId: 'approve' }, { value })

    expect(await states(one)).toEqual(['approved', 'pending', 'approved'])
  })

  test('foreign-payload: a button that names a request of another card decides nothing', async () => {
    const one = await posted(['deploy.start', 'table.drop'])
    const other = await askTogether(company.world, ['node.drain', 'deploy.start'])
    const [card] = await company.store.cards(carrier(one))
    const value = `${carrier(one)}|${card?.id}|${one.ids[0]},${other.requests[0]?.id}`
    const blockId = blocksOf(one).find(({ type }) => type === 'actions')?.block_id ?? ''

    await sendForged(company, { as: 'U0GRACE', at: one.at, blockId, actionId: 'approve' }, { value })

    expect(await states(one)).toEqual(['pending', 'pending'])
    expect(await statesIn(company.world, other)).toEqual(['pending', 'pending'])
    expect(refusals(company)).toEqual(['foreign_payload'])
  })

  test('what wants a reason or a text is approved in a window, which asks for all of it', async () => {
    const one = await posted(['secret.read', 'secret.read'])
    expect(cardAt(company, one.at.ts)).toContain('Approve all 2…')

    await company.local.as('U0SAM').press(one.at, 'approve_form')
    await windowOpens(company, 'U0SAM', 'approve_form')
    await send(company, 'U0SAM', {
      reason: 'INC-42 needs both',
      'typed/0': 'warehouse.t0',
      'typed/1': 'warehouse.t1',
    })

    await eventually(async () => expect(await states(one)).toEqual(['approved', 'approved']))
  })

  test('the thread says what happened to which line, and several at once in one sentence', async () => {
    const one = await posted(['deploy.start', 'table.drop'])
    await company.local.as('U0GRACE').press(one.at, 'deny')
    await windowOpens(company, 'U0GRACE', 'deny')
    await send(company, 'U0GRACE', { reason: 'Not before the release.' })
    await eventually(async () => expect(await states(one)).toEqual(['denied', 'denied']))
    for (let nth = 0; nth < 4; nth += 1) {
      company.world.clock.advance(10)
      await refresh(company.world.ports, company.slack.channel, {
        request: one.ids[1] ?? '',
        anew: true,
      }).catch(() => undefined)
    }

    const thread = threadOf(company, one.at.ts)
      .map(({ text }) => text)
      .join('\n')
    expect(thread).toMatch(/\*1 and 2\* · .*denied this/)
  })

  test('a mention in the thread decides nothing, because it names no line', async () => {
    const one = await posted(['deploy.start', 'table.drop'])
    const grace = company.local.as('U0GRACE')

    await grace.post(channelId, '<@U0COUNTERSIGN> approve', one.at.ts)

    await eventually(() => expect(whispersTo(company, 'U0GRACE')).toHaveLength(1))
    expect(whispersTo(company, 'U0GRACE')[0]).toContain('asks about several requests')
    expect(await states(one)).toEqual(['pending', 'pending'])
  })

  test('whoever is still needed is reminded, as long as anything waits', async () => {
    const one = await posted(['deploy.start', 'table.drop'])
    const { world, slack } = company
    await cancel(world.ports, { request: one.ids[0] ?? '', agent: world.agent.agent, via: 'api' })
    world.clock.advance(900)

    for (const request of one.ids) await remind(world.ports, slack.channel, { request, nth: 0 })

    expect(threadOf(company, one.at.ts).filter(({ text }) => text.includes('Still needed'))).toHaveLength(1)
    expect(threadOf(company, one.at.ts).at(-1)?.text).toContain('table.drop')
  })

  test('the full request of one line is that line, and can be decided there', async () => {
    const one = await posted(['deploy.start', 'table.drop'])

    await choose(one, 'U0GRACE', 'full', 1)
    await windowOpens(company, 'U0GRACE', 'full')
    expect(windowOf(company, 'U0GRACE')).toContain('table.drop')
    expect(windowOf(company, 'U0GRACE')).not.toContain('deploy.start')
    await company.local
      .as('U0GRACE')
      .press({ view: company.local.as('U0GRACE').modal()?.id ?? '' }, 'approve_in_view')

    await eventually(async () => expect(await states(one)).toEqual(['pending', 'approved']))
  })
})
