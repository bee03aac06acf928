import { beforeEach, describe, expect, test } from 'vitest'
import { person as named, ours, outside, strong } from '../../src/card/span.ts'
import { teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { words } from '../../src/teams/inbound/replies.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, toldTo } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const { bob, grace } = teamsIds
const decisions = () => company.store.ledger.filter(({ type }) => type === 'decision.made')
const asked = () => company.asked('deploy.start')

/** A press that asks for the window of approving, as the connector delivers it. */
async function press(who: string) {
  const made = await asked()
  const action = {
    type: 'Action.Submit',
    data: {
      msteams: { type: 'task/fetch' },
      open: 'approve_form',
      value: `${made.request.id}|${made.card.id}`,
    },
  }
  return { ...made, activity: company.local.compose({ act: 'press', as: who, ...made.at, action }) }
}

const answered = async (activity: Readonly<Record<string, unknown>>) =>
  JSON.stringify(await company.local.send(activity))

describe('who', () => {
  test('is who the object id says, in whatever case, and not what the rest says', async () => {
    const { activity } = await press(grace)

    const inCapitals = { id: `29:${bob}`, name: 'Bob Okafor', aadObjectId: grace.toUpperCase() }
    expect(await answered({ ...activity, from: inCapitals })).toContain('Approve this action')

    const another = { id: `29:${grace}`, name: 'Grace Kim', aadObjectId: bob }
    expect(await answered({ ...activity, id: 'f:another', from: another })).toContain('Not possible')
  })

  test.each([
    ['of another form', 'grace@acme.test'],
    ['with a path in it', `${grace}/../../me`],
    ['that is empty', ''],
  ])('an object id %s is nobody’s', async (_, aadObjectId) => {
    const { activity } = await press(grace)

    expect(await answered({ ...activity, from: { id: `29:${grace}`, aadObjectId } })).toContain(
      '"status":400',
    )
  })
})

describe('where', () => {
  test('a copy of a card in another conversation is not the card, though the message has the same id there', async () => {
    const { activity, at } = await press(grace)
    const elsewhere = { ...(activity.conversation as object), id: teamsChannels.general }

    const told = await answered({ ...activity, conversation: elsewhere, replyToId: at.message })
    expect(told).toContain('Not possible')
    expect(told).not.toContain('approve_form')
    // Control: where it stands it is.
    expect(await answered({ ...activity, id: 'f:there' })).toContain('Approve this action')
  })

  test('auto-refresh: an Execute that does not say that somebody pressed is nobody’s press', async () => {
    const { request, at, card } = await asked()
    const action = { type: 'Action.Execute', verb: 'approve', data: { value: `${request.id}|${card.id}` } }
    const composed = company.local.compose({ act: 'press', as: grace, ...at, action })
    const { trigger: _, ...value } = composed.value as { trigger?: unknown }

    expect(await answered({ ...composed, value })).toContain('AdaptiveCard')
    expect(decisions()).toEqual([])
  })
})

describe('how often', () => {
  function written(id: string, text: string, conversation = channelId) {
    return {
      type: 'message',
      id,
      text,
      timestamp: company.world.clock().toISOString(),
      channelId: 'msteams',
      serviceUrl: company.local.serviceUrl,
      from: { id: `29:${grace}`, aadObjectId: grace },
      conversation: { id: conversation, tenantId: teamsIds.tenant, conversationType: 'channel' },
      channelData: { tenant: { id: teamsIds.tenant } },
    }
  }

  test('double-delivery: what was written once is answered once; the same id elsewhere is something else', async () => {
    await company.local.send(written('1', 'help'))
    await company.local.send(written('1', 'help'))
    await company.local.send(written('1', 'help', teamsChannels.general))
    await company.local.send(written('2', 'status'))

    await eventually(() => expect(toldTo(company, grace).join()).toContain('Which one?'))
    // The app is not in the other channel: there it is said in the chat.
    const helps = () => toldTo(company, grace).filter((one) => one.includes('What you can write'))
    await eventually(() => expect(helps().length).toBeGreaterThanOrEqual(2))
    expect(helps()).toHaveLength(2)
  })

  test('flood: nobody looks faster than people read, by any word', async () => {
    const { request } = await asked()
    const about = [`who ${request.id}`, `status ${request.id}`]
    const words = ['list', ...about, 'help', 'approve', 'stop all', 'why']
    for (let nth = 0; nth < 25; nth += 1)
      await company.local.send(written(`flood-${nth}`, words[nth % words.length] ?? ''))

    const refused = () => company.logged.filter(({ code }) => code === 'looked_often')
    const untold = () => company.logged.filter(({ code }) => code === 'not_yet')
    await eventually(() => expect(refused()).toHaveLength(5))
    // More than a conversation takes is not said, and nothing waits for it.
    await eventually(() => expect(untold()).toHaveLength(19))
    expect(toldTo(company, grace)).toHaveLength(6)
  })
})

describe('what is said beside a card', () => {
  test('has no text from outside in it, however deep: Teams may parse it', () => {
    const people = new Map([['per_eve', { name: '[here](https://evil.example)', account: 'teams:x:y' }]])
    const says = [
      ours('Refused. '),
      outside('[link](https://evil.example)', 100),
      strong`for ${outside('**you**', 100)}`,
      named('per_eve' as never), // as a view has it
    ]

    expect(JSON.stringify(words({ says, people: people as never }))).not.toMatch(/evil|\*\*/)
    expect(JSON.stringify(words({ says: [strong`Approve…`], people: new Map() }))).toContain('Approve…')
  })
})
