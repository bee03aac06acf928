import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { cardAt, ephemeralsTo, readToEnd, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const long = { query: `SELECT ${'column_name, '.repeat(1_500)} 1 -- and drop everything` }
const submission = {
  action: {
    action: 'deploy.start',
    resource: { type: 'service', id: 'api' },
    params: long,
    environment: 'prod',
  },
}

const modal = (who: string) => company.local.as(who).modal()
const press = (who: string, action: string) =>
  company.local.as(who).press({ view: modal(who)?.id ?? '' }, action)

test('an action that does not fit is decided on the last page of its full view, and nowhere else', async () => {
  const { request, at } = await company.asked('deploy.start', submission)
  const card = cardAt(company, at.ts)
  expect(card).not.toContain('"action_id":"approve"')
  expect(card).not.toContain('"action_id":"deny"')

  await company.local.as('U0GRACE').press(at, 'full')
  expect(await readToEnd(company, 'U0GRACE', 'approve_in_view')).toBeGreaterThan(1)
  expect(windowOf(company, 'U0GRACE').replace(/\\n *┆ /g, '')).toContain('and drop everything')
  await press('U0GRACE', 'approve_in_view')

  expect(await company.state(request.id)).toBe('approved')
  await eventually(() => expect(windowOf(company, 'U0GRACE')).toContain('Your decision is recorded.'))
})

test('a mention does not approve what its card does not show', async () => {
  const { request, at } = await company.asked('deploy.start', submission)

  await company.local.as('U0GRACE').post(channelId, '<@U0COUNTERSIGN> approve', at.ts)

  await eventually(() =>
    expect(whispersTo(company, 'U0GRACE')).toEqual([expect.stringContaining('does not fit its card')]),
  )
  expect(await company.state(request.id)).toBe('pending')
})

test('the last page denies with a reason', async () => {
  const { request, at } = await company.asked('deploy.start', submission)
  await company.local.as('U0GRACE').press(at, 'full')
  await readToEnd(company, 'U0GRACE')

  await press('U0GRACE', 'deny_in_view')
  await windowOpens(company, 'U0GRACE', 'deny')
  await company.local.as('U0GRACE').submit({ text: { type: 'plain_text_input', value: 'No.' } })

  expect(await company.store.request(request.id)).toMatchObject({ state: 'denied', outcome: 'No.' })
})

test('somebody behind the action can read it to the end and is still refused', async () => {
  const { request, at } = await company.asked('deploy.start', submission)
  await company.local.as('U0ALICE').press(at, 'full')
  await readToEnd(company, 'U0ALICE')

  await press('U0ALICE', 'approve_in_view')

  await eventually(() => expect(windowOf(company, 'U0ALICE')).toContain('somebody else has to decide'))
  expect(await company.state(request.id)).toBe('pending')
})

test('a press that claims another page of the same view is not the last page', async () => {
  const { request, at } = await company.asked('deploy.start', submission)
  await company.local.as('U0GRACE').press(at, 'full')
  await eventually(() => expect(windowOf(company, 'U0GRACE')).toContain('Page 1 of'))
  const firstPage = modal('U0GRACE')
  await readToEnd(company, 'U0GRACE')
  const block = modal('U0GRACE')?.blocks.find((one) => one.block_id === 'decide')
  const parcel = company.local.compose({
    act: 'press',
    as: 'U0GRACE',
    at: { view: modal('U0GRACE')?.id ?? '' },
    blockId: String(block?.block_id),
    actionId: 'approve_in_view',
  })
  const view = { ...(parcel.payload.view as object), private_metadata: firstPage?.privateMetadata } // as it was composed

  await company.local.send({ ...parcel, payload: { ...parcel.payload, view } })

  await eventually(() => expect(windowOf(company, 'U0GRACE')).toContain('does not fit its card'))
  expect(await company.state(request.id)).toBe('pending')
})

test('the menu tells why and who', async () => {
  const { request, card, at } = await company.asked('db.export')

  await company.local.as('U0BOB').press(at, 'more', { value: `why|${request.id}|${card.id}` })
  await eventually(() =>
    expect(windowOf(company, 'U0BOB')).toContain('Exports need the data owners and Security.'),
  )
  await company.local.as('U0BOB').close()
  await company.local.as('U0BOB').press(at, 'more', { value: `who|${request.id}|${card.id}` })

  await eventually(() => expect(windowOf(company, 'U0BOB')).toContain('*Cannot decide*'))
  expect(windowOf(company, 'U0BOB')).toContain('<@U0ALICE> (it is for them)')
})

test('somebody who may not see a request does not see it in full', async () => {
  const { at } = await company.asked('deploy.start', submission)

  await company.local.as('U0GWEN').press(at, 'full')

  await eventually(() => expect(windowOf(company, 'U0GWEN')).toContain('There is no such request'))
  expect(windowOf(company, 'U0GWEN')).not.toContain('column_name')
})

test('Home shows what waits, opens it, and shows it no more when it is decided', async () => {
  const { request } = await company.asked('deploy.start')
  const grace = company.local.as('U0GRACE')
  const home = () => grace.sees().home
  await grace.home()
  await eventually(() =>
    expect(JSON.stringify(home()?.blocks)).toContain('deploy.start on table warehouse.users in prod'),
  )

  await grace.press({ view: home()?.id ?? '' }, 'open')
  await eventually(() => expect(windowOf(company, 'U0GRACE')).toContain('approve_in_view'))
  await press('U0GRACE', 'approve_in_view')

  expect(await company.state(request.id)).toBe('approved')
  await eventually(() => expect(JSON.stringify(home()?.blocks)).toContain('Nothing is waiting for you.'))
})

test('Home of a guest says that they take no part', async () => {
  await company.local.as('U0GWEN').home()

  await eventually(() =>
    expect(JSON.stringify(company.local.as('U0GWEN').sees().home?.blocks)).toContain(
      'Only active, full members',
    ),
  )
})

test('show tells the story, and a list button opens the request', async () => {
  const { request, at } = await company.asked('deploy.start')
  await company.local.as('U0GRACE').press(at, 'approve')

  await company.local.as('U0GRACE').command(channelId, `/approvals show ${request.id}`)

  await eventually(() => expect(whispersTo(company, 'U0GRACE')).toHaveLength(1))
  const [story] = ephemeralsTo(company, 'U0GRACE')
  const text = JSON.stringify(story?.blocks)
  expect(text).toContain('It is *approved* by grace')
  expect(text).toContain('decided (approve), by <@U0GRACE>')
  expect(text.match(/Its grant has not been asked for yet/g)).toHaveLength(1)
  await company.local.as('U0GRACE').press({ conversation: channelId, ts: story?.ts ?? '' }, 'open')
  await eventually(() => expect(windowOf(company, 'U0GRACE')).toContain('Page 1 of 1'))
})

test.each([
  ['/approvals shwo req_1', 'Did you mean `/approvals show &lt;id&gt;`?'],
  ['/approvals lsit', 'Did you mean `/approvals`? `/approvals help` lists all.'],
  ['/approvals help', '`action db.*`'],
  ['/approvals <!channel>', 'These are the commands'],
  ['/approvals show', 'Type `/approvals show`'],
  ['/approvals show req_00000000000000000000000000', 'There is no such request'],
  ['/approvals help', 'the whole story of one request'],
])('%s answers with something useful', async (typed, expected) => {
  await company.local.as('U0GRACE').command(channelId, typed)

  await eventually(() => expect(whispersTo(company, 'U0GRACE')).toHaveLength(1))
  const answer = JSON.stringify(ephemeralsTo(company, 'U0GRACE'))
  expect(answer).toContain(expected)
  expect(answer).not.toContain('"text":"<!channel>')
})
