import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { alarm } from '../../src/approvals/cards/alarm.ts'
import { overdueReview } from '../../src/approvals/overdueReview.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, send } from './company.ts'
import { deciding } from './decidingButtons.ts'
import { broken, reason } from './emergency.ts'
import { cardAt, ephemeralsTo, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const sound = (request: string, why: 'broken' | 'overdue' = 'broken') =>
  alarm(company.world.ports, company.slack.channel, { request, why })

const alerts = () => company.local.as('U0BOB').messages('C0ALERTS')
/** What somebody was told directly, and where. */
const letters = (who: string) =>
  Object.entries(company.local.as(who).sees().messages)
    .filter(([conversation]) => conversation.startsWith('D'))
    .flatMap(([conversation, messages]) => messages.map((message) => ({ conversation, ...message })))
const direct = (who: string) => JSON.stringify(letters(who))

describe('the alarm', () => {
  test('sounds in the conversations that policy names, and each person of a group hears it directly', async () => {
    const { request } = await broken(company)

    await sound(request.id)

    const [message] = alerts()
    expect(message?.text).toContain('Glass broken: freeze.deploy on table warehouse.users in prod')
    expect(JSON.stringify(message?.blocks)).toContain(
      '<@U0GRACE> let this through alone, past a denial by policy',
    )
    expect(JSON.stringify(message?.blocks)).toContain(reason)
    expect(JSON.stringify(message?.blocks)).not.toContain('rows')
    for (const who of ['U0PRIYA', 'U0SAM']) expect(direct(who)).toContain(reason)
    expect(direct('U0BOB')).not.toContain(reason)
  })

  test('opens the full request for whoever was told; control: before the glass broke it did not', async () => {
    const early = await company.asked('freeze.deploy')
    await company.local
      .as('U0PRIYA')
      .press(early.at, 'more', { value: `full|${early.request.id}|${early.card.id}` })
    await eventually(() => expect(windowOf(company, 'U0PRIYA')).toContain('There is no such request'))
    await company.local.as('U0PRIYA').close()
    const { request } = await broken(company)
    await sound(request.id)

    await company.local.as('U0PRIYA').press(letters('U0PRIYA').at(-1) ?? early.at, 'open')

    await eventually(() => expect(windowOf(company, 'U0PRIYA')).toContain('Page 1 of 1'))
    expect(windowOf(company, 'U0PRIYA')).toContain('rows: 10')
  })

  test('one member who cannot be reached does not keep it from the others', async () => {
    const { request } = await broken(company)
    company.local.faults.next('chat.postMessage', { kind: 'error', error: 'channel_not_found' }, 2)

    await expect(sound(request.id)).rejects.toMatchObject({ code: 'channel_not_found' })

    expect([direct('U0PRIYA'), direct('U0SAM')].filter((text) => text.includes(reason))).toHaveLength(1)
    await sound(request.id)
    expect(alerts()).toHaveLength(1)
  })

  test('a shared channel does not hear it', async () => {
    const { request } = await broken(company)
    const conversation = company.local.workspace.conversations.get('C0ALERTS')
    if (conversation) company.local.workspace.conversations.set('C0ALERTS', { ...conversation, shared: true })

    await expect(sound(request.id)).rejects.toMatchObject({ code: 'shared_channel' })

    expect(alerts()).toEqual([])
  })
})

describe('the review', () => {
  test('is closed by somebody else with a note, and the card and the thread show it', async () => {
    const { request, at } = await broken(company)

    await company.local.as('U0OMAR').press(at, 'close_review')
    await windowOpens(company, 'U0OMAR', 'close_review')
    expect(windowOf(company, 'U0OMAR')).toContain(reason)
    await send(company, 'U0OMAR', { note: 'It was an emergency. Post-mortem on Monday.' })
    await company.settle(request.id)

    expect(cardAt(company, at.ts)).toContain('Approved: freeze.deploy')
    expect(cardAt(company, at.ts)).toContain('*Reviewed* by <@U0OMAR>')
    expect(cardAt(company, at.ts)).toContain('Post-mortem on Monday.')
    expect(cardAt(company, at.ts)).not.toMatch(deciding)
    const thread = threadOf(company, at.ts)
    expect(thread.at(-1)?.text).toBe('*Review closed* by omar.')
  })

  test.each([
    ['whoever broke the glass', 'U0GRACE', 'You broke the glass'],
    ['somebody behind the action', 'U0ALICE', 'somebody else has to decide'],
    ['somebody who was never asked', 'U0BOB', 'not among the people'],
  ])('is not closed by %s', async (_, who, says) => {
    const { request, at } = await broken(company)

    await company.local.as(who).press(at, 'close_review')

    await eventually(() => expect(windowOf(company, who)).toContain(says))
    expect((await company.store.request(request.id))?.brokenGlass?.review).toBeNull()
  })

  test('waits in /approvals for those who could close it, and opens from there', async () => {
    await broken(company)
    const omar = company.local.as('U0OMAR')

    await omar.command(channelId, '/approvals')

    await eventually(() =>
      expect(whispersTo(company, 'U0OMAR')).toEqual(['0 waiting for you, 1 to review, 0 you asked for']),
    )
    const list = ephemeralsTo(company, 'U0OMAR')[0]
    expect(JSON.stringify(list?.blocks)).toContain('*Glass broken, review open (approved)*')
    await omar.press({ conversation: channelId, ts: list?.ts ?? '' }, 'open')
    await eventually(() => expect(windowOf(company, 'U0OMAR')).toContain('close_review_in_view'))
    await omar.press({ view: omar.modal()?.id ?? '' }, 'close_review_in_view')
    await windowOpens(company, 'U0OMAR', 'close_review')
    await send(company, 'U0OMAR', { note: 'Fine.' })
    expect(company.store.ledger.map((entry) => entry.type)).toContain('review.closed')
  })

  test('that is overdue is said in the thread once, and the alarm sounds again', async () => {
    const { request, at } = await broken(company)
    company.world.clock.advance(86_400)

    await overdueReview(company.world.ports, request.id)
    await overdueReview(company.world.ports, request.id)
    await company.settle(request.id)
    await sound(request.id, 'overdue')

    const overdue = company.local
      .as('U0GRACE')
      .messages(channelId)
      .filter((message) => message.text.includes('review has been overdue'))
    expect(overdue).toHaveLength(1)
    expect(overdue[0]?.threadTs).toBe(at.ts)
    expect(overdue[0]?.text).toContain('<!subteam^S0INCIDENT>')
    expect(alerts().at(-1)?.text).toContain('Review overdue: freeze.deploy')
  })

  test('show tells the whole story', async () => {
    const { request } = await broken(company)

    await company.local.as('U0OMAR').command(channelId, `/approvals show ${request.id}`)

    await eventually(() => expect(whispersTo(company, 'U0OMAR')).toHaveLength(1))
    const story = JSON.stringify(ephemeralsTo(company, 'U0OMAR'))
    expect(story).toContain('It is *approved* by breaking the glass, by grace')
    expect(story).toContain('Its review is open until')
    expect(story).toContain('broke the glass, by <@U0GRACE>')
    expect(story).toContain(reason)
  })
})
