import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { perform } from '../../src/approvals/perform.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { eventually } from '../support/eventually.ts'
import { narrowingBundle } from '../support/narrowingBundle.ts'
import { submission } from '../support/world.ts'
import { type Company, openCompany, refusals } from './company.ts'
import { cardAt, threadOf, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
  company.world.setPolicy(narrowingBundle())
})
afterEach(() => company.close())

const columns = ['id', 'name', 'email']
const asked = (params: Record<string, number | string | string[]> = {}) =>
  company.asked('data.dump', submission('data.dump', { params: { rows: 5_000, columns, ...params } }))

const read = async (id: string): Promise<ActionRequest> => {
  const request = await company.store.request(id)
  if (!request) throw new Error('it is gone')
  return request
}
const lessOf = async (id: string) => read((await read(id)).narrowed?.to ?? 'nothing')

async function opened(who: string, at: { conversation: string; ts: string }) {
  await company.local.as(who).press(at, 'narrow')
  await windowOpens(company, who, 'narrow')
}

/** Sends the window with a number and with the places of the columns that are left. */
function enter(who: string, rows: string, left: readonly number[] = [0, 1, 2], reason = '', forged = {}) {
  const view = company.local.as(who).modal()?.id ?? ''
  const option = (nth: number) => ({ value: String(nth), text: { type: 'plain_text', text: `${nth}` } })
  const state = {
    'narrow/rows': { text: { type: 'number_input', value: rows } },
    'narrow/columns': { text: { type: 'checkboxes', selected_options: left.map(option) } },
    reason: { text: { type: 'plain_text_input', value: reason } },
    ...forged,
  }
  return company.local.act({ act: 'submit', as: who, view, state })
}

describe('narrowing on a card', () => {
  test('in a window that shows what is left before it counts', async () => {
    const { request, at } = await asked()

    await opened('U0BOB', at)
    expect(windowOf(company, 'U0BOB')).toContain('Asked: 5,000. At least 2.')
    await enter('U0BOB', '500', [0, 1], 'Enough for that.')
    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('rows: 5,000 → 500'))
    expect(await read(request.id)).toMatchObject({ state: 'pending' })
    expect(windowOf(company, 'U0BOB')).toContain('without \\"email\\"')
    // What was shown does not count for something else.
    await enter('U0BOB', '400', [0, 1], 'Enough for that.')
    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('rows: 5,000 → 400'))
    expect(await read(request.id)).toMatchObject({ state: 'pending' })
    await enter('U0BOB', '400', [0, 1], 'Enough for that.')

    await eventually(async () => expect((await read(request.id)).state).toBe('denied'))
    const less = await lessOf(request.id)
    expect(less).toMatchObject({
      state: 'approved',
      action: { params: { rows: 400, columns: ['id', 'name'] } },
    })
    await announce(company.world.ports, company.slack.channel, less.id)
    await company.settle(request.id)
    const [card] = await company.store.cards(less.id)
    const shown = cardAt(company, card?.message ?? '')
    expect(shown).toContain('Differs from what was asked')
    expect(shown).toContain('rows: 5,000 → 400')
    expect(shown).toContain('Enough for that.')
    expect(shown).toContain('Take back')
    expect(cardAt(company, at.ts)).toContain('Narrowed')
    expect(cardAt(company, at.ts)).toContain(less.id)
    expect(cardAt(company, at.ts)).not.toContain('"action_id":"approve"')
    expect(threadOf(company, at.ts).map(({ text }) => text)).toEqual([
      expect.stringContaining('narrowed this'),
    ])
    expect(company.local.problems).toEqual([])
  })

  test('what is written that is not less is said beside its field', async () => {
    const { request, at } = await asked()
    await opened('U0BOB', at)

    for (const rows of ['6000', '1', 'all', '-4'])
      expect(await enter('U0BOB', rows)).toMatchObject({
        ok: false,
        errors: { 'narrow/rows': expect.stringContaining('whole number from 2 to 5,000') },
      })
    await enter('U0BOB', '5000')
    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('not less than what was asked'))
    expect(await read(request.id)).toMatchObject({ state: 'pending' })
  })

  test('the button stands only where something can be lowered, and not while a stop holds it', async () => {
    const { at } = await asked()
    const plain = await company.asked('deploy.start')
    const least = await asked({ rows: 20, columns: ['id'] })
    const nothing = await company.asked(
      'data.dump',
      submission('data.dump', { params: { rows: 100_000, columns: ['id'] } }),
    )

    expect(cardAt(company, at.ts)).toContain('Narrow…')
    expect(cardAt(company, plain.at.ts)).not.toContain('Narrow…')
    expect(cardAt(company, least.at.ts)).toContain('Narrow…')
    expect(cardAt(company, nothing.at.ts)).toContain('Narrow…')
  })

  test('own-request: who may not is told before they write, and that is recorded', async () => {
    const { request, at } = await asked()
    for (const who of ['U0ALICE', 'U0OMAR']) {
      await company.local.as(who).press(at, 'narrow')
      await eventually(() => expect(windowOf(company, who)).not.toBe('[]'))
      expect(company.local.as(who).modal()?.callbackId).toBe('note')
    }

    expect(refusals(company)).toEqual(['own_request'])
    expect(await read(request.id)).toMatchObject({ state: 'pending' })
  })

  test('late: what was settled between the window and its sending stays so', async () => {
    const { request, at } = await asked()
    await opened('U0BOB', at)
    await enter('U0BOB', '500')
    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('You lower'))
    await company.local.as('U0PRIYA').press(at, 'approve')
    await eventually(async () => expect((await read(request.id)).state).toBe('approved'))
    await enter('U0BOB', '500')

    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('no longer possible'))
    expect((await read(request.id)).narrowed).toBeUndefined()
  })

  test('the policy that is active when it is sent judges', async () => {
    const { request, at } = await asked()
    await opened('U0BOB', at)
    await enter('U0BOB', '500')
    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('You lower'))
    company.world.setPolicy(
      narrowingBundle({
        'rules/more.yaml': `
- id: dump.closed
  description: No dumps today.
  match: {actions: [data.dump]}
  verdict: deny
  message: No dumps today.
`,
      }),
    )
    await enter('U0BOB', '500')

    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('No dumps today.'))
    expect(await read(request.id)).toMatchObject({ state: 'pending' })
  })

  test('a list too long for boxes is picked from a menu, and one too long for that is not offered', async () => {
    const long = (items: number) => Array.from({ length: items }, (_, nth) => `column_${nth}`)
    const menu = await asked({ columns: long(40) })
    await opened('U0BOB', menu.at)
    expect(windowOf(company, 'U0BOB')).toContain('multi_static_select')
    const none = await asked({ columns: long(240) })
    await company.local.as('U0PRIYA').press(none.at, 'full')
    await eventually(() => expect(windowOf(company, 'U0PRIYA')).toContain('Page 1 of'))

    expect(company.local.problems).toEqual([])
  })

  test('slow-work: a slow database queues it under the name of the click, and it takes effect once', async () => {
    await company.close()
    company = await openCompany({ slowAfter: 1_000 })
    company.world.setPolicy(narrowingBundle())
    const { request, at } = await asked()
    await opened('U0BOB', at)
    await enter('U0BOB', '500')
    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('You lower'))
    let open = (): void => {}
    const until = new Promise<void>((resolve) => {
      open = resolve
    })
    company.slowDown(() => until)
    await enter('U0BOB', '500')

    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('safely queued'))
    const [command] = company.queued
    if (command?.verb !== 'narrow') throw new Error('nothing was queued')
    open()
    await perform(company.world.ports, command)
    await eventually(async () => expect((await read(request.id)).state).toBe('denied'))
    const made = await company.store.requests({ limit: 10 })
    expect(made.map(({ narrows }) => narrows ?? null).sort()).toEqual([null, request.id].sort())
  })

  test('a field that the policy does not mark is not read, whatever a payload says', async () => {
    const { request, at } = await asked({ format: 'csv' })
    await opened('U0BOB', at)
    const forged = { 'narrow/format': { text: { type: 'plain_text_input', value: 'sql' } } }
    await enter('U0BOB', '500', [0], '', forged)
    await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('You lower'))
    await enter('U0BOB', '500', [0], '', forged)

    await eventually(async () => expect((await read(request.id)).state).toBe('denied'))
    expect((await lessOf(request.id)).action.params).toEqual({ rows: 500, columns: ['id'], format: 'csv' })
  })
})
