import { beforeEach, describe, expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { type Company, cardText, openCompany } from './company.ts'

// On which message of ours something was pressed was written by somebody's client, too.

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const { alice, grace, priya } = teamsIds
const jobs = () => [...company.store.jobs.values()].filter(({ task }) => /^(correct|strayCrowd)$/.test(task))

interface MadeUp {
  readonly open: string
  readonly value: string
  /** The message that the client names; the card where nothing is said. */
  readonly message?: string
}

/** Presses a button that is not there. */
async function press(who: string, at: { conversation: string; message: string }, madeUp: MadeUp) {
  const { open, value, message = at.message } = madeUp
  const action = { type: 'Action.Submit', data: { msteams: { type: 'task/fetch' }, open, value } }
  const composed = company.local.compose({ act: 'press', as: who, ...at, action })
  return JSON.stringify(
    await company.local.send({ ...composed, replyToId: message, id: `f:${message}:${value}` }),
  )
}

describe('made-up-window: what a client says of where it was pressed', () => {
  test.each([
    ['whoever is behind it', alice],
    ['whoever may decide', priya],
  ])('made-up-window: %s draws no list over a card that asks', async (_, who) => {
    const { request, at } = await company.asked('db.export')
    const before = cardText(company, at.message)

    // The list is theirs to open, wherever.
    expect(await press(who, at, { open: 'crowd_list', value: 'x' })).toContain('task')

    expect(jobs()).toEqual([])
    await company.settle(request.id)
    expect(cardText(company, at.message)).toBe(before)
  })

  test('made-up-window: a message that the record does not know is no copy of a card that it knows', async () => {
    const { request, card, at } = await company.asked('db.export')
    // An alarm, a line, a question: the record does not know which message they are.
    const message = '999'

    for (const value of [`${request.id}|${card.id}`, `${request.id}|`])
      expect(await press(grace, at, { open: 'approve_form', value, message })).toContain('Not possible')

    expect(jobs()).toEqual([])
  })

  test('control: a card that another took the place of is made to say so', async () => {
    const { request, card, at } = await company.asked('deploy.start')
    const next = { ...card, version: card.version + 1, status: 'replaced' as const }
    await company.store.commit({ cards: [{ expected: card.version, next }], entries: [] })

    expect(await press(grace, at, { open: 'approve_form', value: `${request.id}|${card.id}` })).toContain(
      'Not possible',
    )

    expect(jobs()).toMatchObject([{ task: 'correct', request: request.id, message: at.message }])
  })
})
