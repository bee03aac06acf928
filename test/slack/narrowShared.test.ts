import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { eventually } from '../support/eventually.ts'
import { narrowingBundle } from '../support/narrowingBundle.ts'
import { askTogether } from '../support/setWorld.ts'
import { ask, submission } from '../support/world.ts'
import { type Company, channelId, openCompany, sendForged } from './company.ts'
import { cardAt, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
  company.world.setPolicy(narrowingBundle())
})
afterEach(() => company.close())

const change = submission('data.dump', { params: { rows: 5_000, columns: ['id', 'name'] } })
type Place = Awaited<ReturnType<Company['asked']>>['at']

/** Chooses from the menu beside a line; `forged` says what no menu has. */
async function choose(at: Place, value: string, forged = false) {
  const blocks = JSON.parse(cardAt(company, at.ts)) as { readonly block_id: string }[]
  const [, id] = value.split('|')
  const blockId =
    blocks.find((block) => {
      const drawn = JSON.stringify(block)
      return drawn.includes('"action_id":"more"') && drawn.includes(`|${id}|`)
    })?.block_id ?? ''
  const press = { as: 'U0BOB', at, blockId, actionId: 'more' } as const
  const [, , card] = value.split('|')
  if (!forged) return company.local.act({ act: 'press', ...press, value })
  const selected_option = { text: { type: 'plain_text', text: 'Narrow…' }, value }
  return sendForged(company, { ...press, value: `full|${id}|${card}` }, { selected_option })
}

function enter(rows: string) {
  const view = company.local.as('U0BOB').modal()?.id ?? ''
  const option = (nth: number) => ({ value: String(nth), text: { type: 'plain_text', text: `${nth}` } })
  const state = {
    'narrow/rows': { text: { type: 'number_input', value: rows } },
    'narrow/columns': { text: { type: 'checkboxes', selected_options: [option(0), option(1)] } },
    reason: { text: { type: 'plain_text_input', value: '' } },
  }
  return company.local.act({ act: 'submit', as: 'U0BOB', view, state })
}

const shown = async (carrier: string) => {
  company.world.clock.advance(30)
  await refresh(company.world.ports, company.slack.channel, { request: carrier, anew: true })
}

describe('on a card of several requests', () => {
  test('the menu beside a line narrows that one of the same; the card says so, and asks for the others as before', async () => {
    const { request: first, card, at } = await company.asked('data.dump', change)
    const second = await ask(company.world, 'data.dump', change)
    await shown(first.id)
    expect(cardAt(company, at.ts)).toContain('Approval needed, 2 times')
    expect(cardAt(company, at.ts)).not.toContain('"action_id":"narrow"')

    await choose(at, `narrow|${second.id}|${card.id}`)
    await windowOpens(company, 'U0BOB', 'narrow')
    await enter('500')
    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('You lower'))
    expect(windowOf(company, 'U0BOB')).toContain(second.id)
    await enter('500')

    await eventually(async () => expect(await company.state(second.id)).toBe('denied'))
    expect(await company.state(first.id)).toBe('pending')
    const narrowed = (await company.store.request(second.id))?.narrowed
    expect(await company.store.request(narrowed?.to ?? '')).toMatchObject({
      narrows: second.id,
      action: { params: { rows: 500 } },
    })
    await shown(first.id)
    const drawn = cardAt(company, at.ts)
    expect(drawn).toContain('Approval needed, 1 of 2')
    expect(drawn).toContain('because it was narrowed')
    await company.local.as('U0PRIYA').press(at, 'approve')
    await eventually(async () => expect(await company.state(first.id)).toBe('approved'))
    expect(company.local.problems).toEqual([])
  })

  test('of a set no line has it, and whoever chooses it all the same hears why', async () => {
    const member = (id: string) => ({
      action: { ...change.action, resource: { type: 'table', id } },
      involved: [],
    })
    const set = await askTogether(company.world, [member('warehouse.one'), member('warehouse.two')])
    const [first, second] = set.requests
    await announce(company.world.ports, company.slack.channel, first?.id ?? '')
    const [message] = company.local.as('U0BOB').messages(channelId)
    const at = { conversation: channelId, ts: message?.ts ?? '' }
    const [card] = await company.store.cards(first?.id ?? '')
    expect(cardAt(company, at.ts)).not.toContain('narrow')

    await choose(at, `narrow|${second?.id}|${card?.id}`, true)

    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('It was asked together with others'))
    expect(await company.state(second?.id ?? '')).toBe('pending')
  })

  test('foreign-payload: a button that names several lines at once narrows none', async () => {
    const { request: first, card, at } = await company.asked('data.dump', change)
    const second = await ask(company.world, 'data.dump', change)
    await shown(first.id)

    await choose(at, `narrow|${first.id}|${card.id}|${first.id},${second.id}`, true)

    await eventually(() => expect(company.local.as('U0BOB').modal()).not.toBeNull())
    expect(company.local.as('U0BOB').modal()?.callbackId).not.toBe('narrow')
    expect(await Promise.all([first.id, second.id].map((id) => company.state(id)))).toEqual([
      'pending',
      'pending',
    ])
  })
})
