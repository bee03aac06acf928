import { beforeEach, describe, expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, cardText, dialogText, openCompany, toldTo } from './company.ts'

const { alice, bob, grace, omar } = teamsIds
const reason = 'INC-42: the payment service is down'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const person = (id: string) => company.local.as(id)

/** A denial whose glass Grace broke. */
async function broken() {
  const asked = await company.asked('freeze.deploy')
  await person(grace).press(asked.at, 'break_glass')
  await person(grace).submit({ reason })
  await company.settle(asked.request.id)
  return asked
}

const reviewOf = async (id: string) => (await company.store.request(id))?.brokenGlass?.review

describe('the review of a broken glass, in Teams', () => {
  test('is closed by somebody else with a note, and the card shows it and asks no more', async () => {
    const { request, at } = await broken()
    expect(cardText(company, at.message)).toContain('close_review')

    await person(omar).press(at, 'close_review')
    expect(dialogText(company, omar)).toContain(reason)
    expect(await person(omar).submit({})).toMatchObject({ ok: false })
    await person(omar).submit({ note: 'Post-mortem on Monday.' })
    await company.settle(request.id)

    expect(await reviewOf(request.id)).toMatchObject({ note: 'Post-mortem on Monday.' })
    expect(cardText(company, at.message)).toContain('Post-mortem on Monday.')
    expect(cardText(company, at.message)).not.toContain('close_review')
    expect(company.local.problems).toEqual([])
  })

  test.each([
    ['whoever broke the glass', grace, 'You broke the glass'],
    ['somebody behind the action', alice, 'somebody else has to decide'],
    ['somebody who was never asked', bob, 'not among the people'],
  ])('is not closed by %s, by the button or by a window that was made up', async (_, who, says) => {
    const { request, card, at } = await broken()

    await person(who).press(at, 'close_review')
    expect(dialogText(company, who)).toContain(says)
    const origin = JSON.stringify({ request: request.id, card: card.id, page: 0, from: 'card' })
    const data = { send: 'close_review', origin, note: 'Fine.' }
    const action = { type: 'Action.Submit', data: { msteams: { type: 'task/fetch' }, open: 'full' } }
    const composed = company.local.compose({ act: 'press', as: who, ...at, action })
    const sent = { ...composed, id: 'f:made-up', name: 'task/submit', value: { data } }
    expect(JSON.stringify(await company.local.send(sent))).toContain('Not possible')

    expect(await reviewOf(request.id)).toBeNull()
  })

  test('waits in the list of those who could close it', async () => {
    const { at } = await broken()

    await person(omar).write(at.conversation, '@Countersign list')

    await eventually(() => expect(toldTo(company, omar).join()).toContain('1 to review'))
  })
})
