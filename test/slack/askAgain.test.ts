import { afterEach, beforeEach, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

/** Grace denies with the window of the card; `ticked`: the box. */
async function denied(ticked: boolean) {
  const { request, at } = await company.asked('deploy.start')
  const grace = company.local.as('U0GRACE')
  await grace.press(at, 'deny')
  await windowOpens(company, 'U0GRACE', 'deny')
  const yes = { text: { type: 'plain_text', text: 'People are asked again at once' }, value: 'yes' }
  await company.local.act({
    act: 'submit',
    as: 'U0GRACE',
    view: grace.modal()?.id ?? '',
    state: {
      reason: { text: { type: 'plain_text_input', value: 'Not today.' } },
      ask_again: { text: { type: 'checkboxes', selected_options: ticked ? [yes] : [] } },
    },
  })
  await eventually(async () => expect(await company.state(request.id)).toBe('denied'))
}

test('the window to deny says that the same is denied for a while, and offers that it is not', async () => {
  const { at } = await company.asked('deploy.start')
  await company.local.as('U0GRACE').press(at, 'deny')
  await windowOpens(company, 'U0GRACE', 'deny')

  expect(windowOf(company, 'U0GRACE')).toContain('If it asks exactly this again')
  expect(windowOf(company, 'U0GRACE')).toContain('People are asked again at once')
  expect(company.local.problems).toEqual([])
})

test('without the box, the same is denied at once, and no card is posted for it', async () => {
  await denied(false)
  const before = company.local.as('U0GRACE').messages(channelId).length

  const request = await ask(company.world, 'deploy.start')
  await announce(company.world.ports, company.slack.channel, request.id)

  expect(request.verdict.code).toBe('cooling_down')
  expect(await company.store.cards(request.id)).toEqual([])
  expect(company.local.as('U0GRACE').messages(channelId)).toHaveLength(before)
})

test('with the box, people are asked again', async () => {
  await denied(true)

  expect((await company.asked('deploy.start')).request.state).toBe('pending')
})

test('in words there is no box: the same is denied at once', async () => {
  const { request, at } = await company.asked('deploy.start')
  await company.local.as('U0GRACE').post(channelId, '<@U0COUNTERSIGN> deny because no', at.ts)
  await eventually(async () => expect(await company.state(request.id)).toBe('denied'))

  expect((await ask(company.world, 'deploy.start')).verdict.code).toBe('cooling_down')
})
