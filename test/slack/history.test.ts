import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { entriesPerPage } from '../../src/card/reading/story.ts'
import { looks } from '../../src/channels/lookLimit.ts'
import { eventually } from '../support/eventually.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask, click, submission } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { ephemeralsTo, whispersTo } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
  company.world.setPolicy(bundleWithDefaults('max_pending: 5000'))
})
afterEach(() => company.close())

/** Another action: the same would be denied at once. */
const other = { action: submission('db.export', { params: { rows: 11 } }).action }
const window = (user: string) => company.local.as(user).modal()
const textIn = (user: string) => JSON.stringify(window(user)?.blocks ?? [])
const listedTo = (user: string) => [...textIn(user).matchAll(/"value":"(req_\w+)\|"/g)].map(([, id]) => id)

async function history(user: string, filter = '') {
  await company.local.as(user).command(channelId, `/approvals history ${filter}`.trim())
  await eventually(() => expect(window(user)?.title).toBe('History'))
}

describe('/approvals history', () => {
  test('lists what somebody may see, newest first, settled or not, and to whoever may not, nothing', async () => {
    const denied = await ask(company.world, 'db.export')
    await click(company.world, denied.id, 'U0BOB', { kind: 'deny', reason: 'No.' })
    const waiting = await ask(company.world, 'db.export', other)

    await history('U0ALICE')
    await history('U0BOB')
    await history('U0GRACE')

    expect(listedTo('U0ALICE')).toEqual([waiting.id, denied.id])
    expect(listedTo('U0BOB')).toEqual([waiting.id, denied.id])
    expect(listedTo('U0GRACE')).toEqual([])
    expect(textIn('U0GRACE')).toContain('Nothing yet.')
  })

  test('what is listed is what show shows, to the same people', async () => {
    const { id } = await ask(company.world, 'db.export')
    for (const user of ['U0ALICE', 'U0BOB', 'U0PRIYA', 'U0GRACE']) {
      await history(user)
      await company.local.as(user).command(channelId, `/approvals show ${id}`)
      await eventually(() => expect(ephemeralsTo(company, user)).toHaveLength(1))
      const isShown = JSON.stringify(ephemeralsTo(company, user)).includes('in the ledger')
      expect({ user, isShown }).toEqual({ user, isShown: listedTo(user).includes(id) })
    }
  })

  test.each([
    ['state:denied', ['denied']],
    ['state:denied,pending action:db.export', ['waiting', 'denied']],
    ['action:deploy.start', []],
    ['person:me', []],
    ['person: @alice', ['waiting', 'denied']],
    ['@alice', ['waiting', 'denied']],
    ['person:U0BOB', ['denied']],
    ['since:1d', ['waiting', 'denied']],
    ['since:2099-01-01', []],
    ['agent:nobody', []],
    ['agent:billing-agent', ['waiting', 'denied']],
  ])('%s chooses', async (filter, wanted) => {
    const denied = await ask(company.world, 'db.export')
    await click(company.world, denied.id, 'U0BOB', { kind: 'deny', reason: 'No.' })
    const waiting = await ask(company.world, 'db.export', other)
    const names: Readonly<Record<string, string>> = { [denied.id]: 'denied', [waiting.id]: 'waiting' }

    // Somebody who could decide and did nothing.
    await history('U0PRIYA', filter)

    expect(listedTo('U0PRIYA').map((id = '') => names[id])).toEqual(wanted)
    if (wanted.length === 0) expect(textIn('U0PRIYA')).toContain('Nothing that you may see fits.')
  })

  test.each([
    ['state:denyed', 'Did you mean `state:denied`?'],
    ['sate:denied', 'Did you mean `state:`?'],
    ['denied', 'Each filter has a name and a value.'],
    ['since:soon', 'Say how far back'],
    ['person:@bob', 'with a space'],
    ['agent:<!channel>', 'An agent has a name'],
    ['state:denied state:expired', 'can stand there once'],
  ])('%s is answered with what is wrong, and lists nothing', async (filter, says) => {
    await company.local.as('U0BOB').command(channelId, `/approvals history ${filter}`)

    await eventually(() => expect(JSON.stringify(ephemeralsTo(company, 'U0BOB'))).toContain(says))
    expect(window('U0BOB')).toBeUndefined()
  })

  test('turns its pages with what was typed, each request once', async () => {
    const asked: string[] = []
    for (let nth = 0; nth < 23; nth += 1) asked.unshift((await ask(company.world, 'db.export')).id)
    await history('U0BOB', 'state:pending')
    const press = (button: string) =>
      company.local.as('U0BOB').press({ view: window('U0BOB')?.id ?? '' }, button)
    const first = listedTo('U0BOB')
    expect(first).toHaveLength(20)

    await press('history_next')
    await eventually(() => expect(listedTo('U0BOB')).toHaveLength(3))

    expect([...first, ...listedTo('U0BOB')]).toEqual(asked)
    expect(textIn('U0BOB')).toContain('state:pending')
    expect(textIn('U0BOB')).not.toContain('history_next')
    await press('history_first')
    await eventually(() => expect(listedTo('U0BOB')).toEqual(first))
  })

  test('flood: looking at it counts like every list', async () => {
    for (let nth = 0; nth < looks.burst; nth += 1)
      await company.local.as('U0BOB').command(channelId, '/approvals')
    await eventually(() => expect(whispersTo(company, 'U0BOB')).toHaveLength(looks.burst))

    await company.local.as('U0BOB').command(channelId, '/approvals history')

    await eventually(() => expect(textIn('U0BOB')).toContain('You have looked at your lists very often'))
  })
})

describe('the history of one request', () => {
  test('is in the menu of its card, in order, with times, people and indexes', async () => {
    const { request, card, at } = await company.asked('db.export')
    await click(company.world, request.id, 'U0PRIYA')

    await company.local.as('U0BOB').press(at, 'more', { value: `history|${request.id}|${card.id}` })

    await eventually(() => expect(window('U0BOB')?.title).toBe('History'))
    const text = textIn('U0BOB')
    expect(text).toMatch(/\*\d+\* {2}<!date\^\d+\^[^>]+> {2}asked, by agent billing-agent/)
    expect(text).toMatch(/decided \(approve\), by <@U0PRIYA>/)
    expect(text.indexOf('asked, by')).toBeLessThan(text.indexOf('decided (approve)'))
    expect(text).toContain(`countersign audit request ${request.id}`)
    // And from there to the whole request, and back.
    const press = (button: string) =>
      company.local.as('U0BOB').press({ view: window('U0BOB')?.id ?? '' }, button)
    await press('view_full')
    await eventually(() => expect(window('U0BOB')?.title).toBe('Full request'))
    await press('view_history')
    await eventually(() => expect(window('U0BOB')?.title).toBe('History'))
  })

  test('a long one is paged, each entry once', async () => {
    const { request, card, at } = await company.asked('db.export')
    for (let nth = 0; nth < entriesPerPage; nth += 1)
      await click(company.world, request.id, 'U0SAM').catch(() => undefined)
    const count = (await company.store.entries(request.id)).length
    expect(count).toBeGreaterThan(entriesPerPage)
    await company.local.as('U0BOB').press(at, 'more', { value: `history|${request.id}|${card.id}` })
    await eventually(() => expect(textIn('U0BOB')).toContain(`1 to ${entriesPerPage} of ${count} entries`))
    const indexes = () => [...textIn('U0BOB').matchAll(/\*(\d+)\*/g)].map(([, index]) => Number(index))
    const seen = indexes()

    await company.local.as('U0BOB').press({ view: window('U0BOB')?.id ?? '' }, 'turn_next')
    await eventually(() => expect(textIn('U0BOB')).toContain(`${entriesPerPage + 1} to ${count} of ${count}`))

    expect([...seen, ...indexes()]).toHaveLength(count)
    expect(new Set([...seen, ...indexes()]).size).toBe(count)
  })

  test('whoever may not see the request is told so, as if there were none', async () => {
    const { request, card, at } = await company.asked('db.export')

    await company.local.as('U0GRACE').press(at, 'more', { value: `history|${request.id}|${card.id}` })

    await eventually(() => expect(window('U0GRACE')?.title).toBe('Not possible'))
    expect(textIn('U0GRACE')).not.toContain('asked, by')
  })

  test('own-attempts: whoever tried sees no alarm in it, and no gap where it would be', async () => {
    const { request, card, at } = await company.asked('db.export')
    for (let nth = 0; nth < 4; nth += 1)
      await click(company.world, request.id, 'U0ALICE').catch(() => undefined)

    await company.local.as('U0ALICE').press(at, 'more', { value: `history|${request.id}|${card.id}` })

    await eventually(() => expect(window('U0ALICE')?.title).toBe('History'))
    expect(textIn('U0ALICE')).not.toContain('alarm')
  })
})
