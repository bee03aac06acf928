import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '../../src/sandbox/wire.ts'
import { eventually } from '../support/eventually.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { ask, submission } from '../support/world.ts'
import { type Company, channelId, openCompany, send } from './company.ts'
import { cardAt, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
let runDue: () => Promise<void>
beforeEach(async () => {
  company = await openCompany()
  const { world, store, slack } = company
  runDue = jobsAtWork({ ports: world.ports, store, channel: slack.channel, clock: world.clock }).runDue
})
afterEach(() => company.close())

/** What the bot has written to a member directly, and where. */
function directTo(member: string): readonly (Message & { readonly conversation: string })[] {
  const { messages, app } = company.local.as(member).sees()
  return Object.entries(messages)
    .filter(([conversation]) => conversation.startsWith('D'))
    .flatMap(([conversation, list]) => list.map((one) => ({ ...one, conversation })))
    .filter((one) => !one.ephemeral && one.user === app.botUserId)
}

const notesOf = async (id: string) => (await company.store.request(id))?.notes ?? []

async function noted(who: string, at: { conversation: string; ts: string }, text: string) {
  await company.local.as(who).press(at, 'ask_changes')
  await windowOpens(company, who, 'ask_changes')
  await send(company, who, { note: text })
}

describe('asking for changes', () => {
  test('in a window: it stands on the card and in the thread as somebody’s words, and the buttons stay', async () => {
    const { request, at } = await company.asked('deploy.start')

    await noted('U0GRACE', at, 'Only <!channel> *the counts*, please.')
    await company.settle(request.id)

    expect(await notesOf(request.id)).toMatchObject([
      { kind: 'changes', text: 'Only <!channel> *the counts*, please.' },
    ])
    const card = cardAt(company, at.ts)
    expect(card).toContain('asked for changes')
    expect(card).toContain('"action_id":"approve"')
    const thread = threadOf(company, at.ts)
    expect(thread.map(({ text }) => text)).toEqual([expect.stringContaining('grace asked for changes')])
    expect(thread[0]?.text).not.toContain('<!channel>')
    expect(company.local.problems).toEqual([])
  })

  test('by a mention in exactly that form; near-word: anything else asks nothing', async () => {
    const { request, at } = await company.asked('deploy.start')
    const say = (text: string) =>
      company.local.as('U0GRACE').post(channelId, `<@U0COUNTERSIGN> ${text}`, at.ts)

    for (const text of ['ask for changes', 'ask for changes please', 'please ask: why?', 'ask Bob: why?']) {
      const before = threadOf(company, at.ts).length
      await say(text)
      await eventually(() => expect(threadOf(company, at.ts).length).toBeGreaterThan(before + 1))
    }
    expect(await notesOf(request.id)).toEqual([])
    await say('ask for changes: fewer rows')
    await eventually(() => expect(whispersTo(company, 'U0GRACE').at(-1)).toContain('You asked for changes'))
    await say('ASK: who reads this?')
    await eventually(() =>
      expect(whispersTo(company, 'U0GRACE').at(-1)).toContain('Your question is recorded'),
    )

    expect(await notesOf(request.id)).toMatchObject([
      { kind: 'changes', text: 'fewer rows' },
      { kind: 'question', text: 'who reads this?' },
    ])
    expect(await company.state(request.id)).toBe('pending')
  })

  test('is refused to somebody behind the action before they write, and that is recorded', async () => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.as('U0ALICE').press(at, 'ask_changes')

    await eventually(() => expect(windowOf(company, 'U0ALICE')).toContain('somebody else has to decide'))
    const refusals = company.store.ledger.filter(({ type }) => type === 'decision.refused')
    expect(refusals.map(({ data }) => [data.kind, data.code])).toEqual([['ask_changes', 'own_request']])
    expect(await notesOf(request.id)).toEqual([])
  })

  test('a revision says what was asked for and what differs; the first card says what became of it', async () => {
    const { request, at } = await company.asked('deploy.start')
    await noted('U0GRACE', at, 'Fewer rows.')
    const revision = await ask(
      company.world,
      'deploy.start',
      submission('deploy.start', { revises: request.id, params: { rows: 5 } }),
    )
    await company.settle(request.id)
    await runDue()

    const first = cardAt(company, at.ts)
    expect(first).toContain('Cancelled, because it was revised')
    expect(first).not.toContain('"action_id":"approve"')
    const [card] = await company.store.cards(revision.id)
    const said = cardAt(company, card?.message ?? '')
    expect(said).toContain('Fewer rows.')
    expect(said).toContain('rows: 10 → 5')
    expect(company.local.problems).toEqual([])
  })
})

describe('a question', () => {
  async function asked() {
    const { request, at } = await company.asked('deploy.start')
    await company.local.as('U0GRACE').post(channelId, '<@U0COUNTERSIGN> ask: who reads this?', at.ts)
    await eventually(async () => expect(await notesOf(request.id)).toHaveLength(1))
    await runDue()
    const message = directTo('U0ALICE').at(-1)
    if (!message) throw new Error('nobody was asked')
    return {
      request,
      at,
      message: { conversation: message.conversation, ts: message.ts },
      text: JSON.stringify(message),
    }
  }

  test('is put to the initiator directly, and their answer stands on the card as theirs', async () => {
    const { request, at, message, text } = await asked()
    expect(text).toContain('who reads this?')

    await company.local.as('U0ALICE').press(message, 'answer_question')
    await windowOpens(company, 'U0ALICE', 'answer_question')
    expect(windowOf(company, 'U0ALICE')).toContain('who reads this?')
    await send(company, 'U0ALICE', { note: 'The board does.' })
    await eventually(async () => expect(await notesOf(request.id)).toHaveLength(2))
    await company.settle(request.id)

    expect(cardAt(company, at.ts)).toContain('The board does.')
    expect(cardAt(company, at.ts)).toContain('alice answered')
    expect(await company.state(request.id)).toBe('pending')
    expect(company.local.problems).toEqual([])
  })

  test('is told as answered too late once the request has ended', async () => {
    const { request, at, message } = await asked()
    await company.local.as('U0GRACE').press(at, 'approve')
    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))

    await company.local.as('U0ALICE').press(message, 'answer_question')

    await eventually(() => expect(windowOf(company, 'U0ALICE')).toContain('no longer possible'))
    expect(await notesOf(request.id)).toHaveLength(1)
  })
})
