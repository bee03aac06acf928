import { afterEach, beforeEach, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { makePreview } from '../../src/approvals/previews/make.ts'
import { factsOf } from '../../src/card/facts.ts'
import { digestOf } from '../../src/core/digest.ts'
import { doublePreviewer } from '../issuers/doublePreviewer.ts'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { cardAt, ephemeralsTo, readToEnd, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany({ previewers: [doublePreviewer()] })
})
afterEach(() => company.close())

const grace = () => company.local.as('U0GRACE')
const says = "about 248,000 rows in public.users by the database's estimate"

async function announced(id: string) {
  const { ports } = company.world
  await announce(ports, company.slack.channel, id)
  const [card] = await company.store.cards(id)
  return { card: card?.id, at: { conversation: channelId, ts: card?.message ?? '' } }
}

async function previewed() {
  const { id } = await ask(company.world, 'deploy.start')
  await makePreview(company.world.ports, id)
  return { id, ...(await announced(id)) }
}

/** Opens the full request from what `/approvals` says to Grace alone. */
async function openFromList(id: string) {
  await grace().command(channelId, '/approvals')
  await eventually(() => expect(whispersTo(company, 'U0GRACE')).toHaveLength(1))
  const [list] = ephemeralsTo(company, 'U0GRACE')
  await grace().press({ conversation: channelId, ts: list?.ts ?? '' }, 'open')
  await windowOpens(company, 'U0GRACE', 'full')
  expect(windowOf(company, 'U0GRACE')).toContain(id)
}

const approveInView = () => grace().press({ view: grace().modal()?.id ?? '' }, 'approve_in_view')

/** The digest that stands with the one decision, and those of what could have been shown. */
async function seenOf(id: string) {
  const request = await company.store.request(id)
  if (!request) throw new Error('no request')
  const { preview, ...without } = request
  const digest = (text: string) => digestOf('countersign/seen/v2', { text })
  return {
    seen: request.decisions[0]?.seen,
    withIt: digest(factsOf(request).text),
    without: digest(factsOf(without).text),
    preview,
  }
}

test('the card and the full view say the same, and both are what an approver saw', async () => {
  const { id, at, card } = await previewed()
  expect(cardAt(company, at.ts)).toContain(says)
  expect(cardAt(company, at.ts)).toContain('estimated at <!date^')

  await grace().press(at, 'more', { value: `full|${id}|${card}` })
  await readToEnd(company, 'U0GRACE')
  expect(windowOf(company, 'U0GRACE')).toContain(says)
  await approveInView()

  await eventually(async () => expect(await company.state(id)).toBe('approved'))
  const { seen, withIt, without } = await seenOf(id)
  expect(seen).toBe(withIt)
  expect(withIt).not.toBe(without)
})

test('one click on the card: the preview is among what was seen', async () => {
  const { id, at } = await previewed()

  await grace().press(at, 'approve')

  const { seen, withIt } = await seenOf(id)
  expect(seen).toBe(withIt)
})

test('the card still says it when it is decided', async () => {
  const { id, at } = await previewed()
  await grace().press(at, 'approve')

  await company.settle(id)

  expect(cardAt(company, at.ts)).toContain(says)
})

test('without one in time, the card says so, and that is what was seen', async () => {
  const { id } = await ask(company.world, 'deploy.start')
  const { at } = await announced(id)
  expect(cardAt(company, at.ts)).toContain('no preview: the database did not answer within 3 s')

  await grace().press(at, 'approve')

  const { seen, withIt, without } = await seenOf(id)
  expect([seen, withIt === without]).toEqual([withIt, false])
})

test('threats: what-you-see: whoever decides in a window from before the preview has not seen it', async () => {
  const { id } = await ask(company.world, 'deploy.start')
  await openFromList(id)
  expect(windowOf(company, 'U0GRACE')).not.toContain(says)
  await makePreview(company.world.ports, id)

  await approveInView()

  await eventually(async () => expect(await company.state(id)).toBe('approved'))
  const { seen, without, preview } = await seenOf(id)
  expect(preview).toMatchObject({ kind: 'made' })
  expect(seen).toBe(without)
})

test('and so whoever denies from there, in a window that draws no action', async () => {
  const { id } = await ask(company.world, 'deploy.start')
  await openFromList(id)
  await makePreview(company.world.ports, id)

  await grace().press({ view: grace().modal()?.id ?? '' }, 'deny_in_view')
  await eventually(() => expect(grace().modal()?.title).toBe('Deny this action'))
  await grace().submit({ text: { type: 'plain_text_input', value: 'No.' } })

  await eventually(async () => expect(await company.state(id)).toBe('denied'))
  const { seen, without } = await seenOf(id)
  expect(seen).toBe(without)
})

test('control: whoever decides in a window from after it has', async () => {
  const { id } = await ask(company.world, 'deploy.start')
  await makePreview(company.world.ports, id)
  await openFromList(id)
  expect(windowOf(company, 'U0GRACE')).toContain(says)

  await approveInView()

  await eventually(async () => expect(await company.state(id)).toBe('approved'))
  const { seen, withIt } = await seenOf(id)
  expect(seen).toBe(withIt)
})
