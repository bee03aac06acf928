import { beforeEach, describe, expect, test } from 'vitest'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { DirectoryFault, NobodyThere } from '../../src/approvals/ports.ts'
import type { Card } from '../../src/approvals/records.ts'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'
import { createChannel } from '../../src/teams/outbound/channel.ts'
import { entry, exportWith } from '../card/situationParts.ts'
import { decisionOf, viewOfExport } from '../card/views.ts'
import { exportRequest } from '../support/exportRequest.ts'
import { fakeConnector, once, refuses } from './fakeConnector.ts'
import { inTeams, objectOf, tenant } from './inTeams.ts'

const channelId = '19:c0data@thread.tacv2'
const bob = objectOf('U0BOB')
const bobsKey = `teams:${tenant}:${bob}`
const view = inTeams(viewOfExport())
const sensitive = 'warehouse.users'

const card: Card = {
  id: 'crd_01kb',
  version: 1,
  request: view.request.id,
  conversation: `teams:${channelId}`,
  status: 'posting',
  message: null,
  shown: null,
  told: 0,
}
const posted: Card = { ...card, status: 'posted', message: '1700000000001' }
const direct: Card = { ...card, id: 'crd_02kb', conversation: bobsKey }
const inPerson: Card = { ...direct, status: 'posted', message: `a:${bob}/1700000000002` }

let now = 0
let teams: ReturnType<typeof fakeConnector>
const people = new Map<string, readonly string[]>()
let directoryIs: 'there' | 'away'
let channel: ReturnType<typeof createChannel>

beforeEach(() => {
  now = 0
  teams = fakeConnector()
  people.clear()
  directoryIs = 'there'
  channel = createChannel({
    connector: teams.connector,
    ages: createAgeClock({ elapsed: () => now, wall: () => now }),
    tenant,
    directory: {
      async account(address) {
        if (directoryIs === 'away') throw new DirectoryFault('away')
        if (people.has(address)) throw new NobodyThere('it is a group')
        return {
          key: address,
          name: 'Bob',
          email: null,
          human: true,
          active: true,
          guest: false,
          external: false,
        }
      },
      members: async ({ address }) => people.get(address) ?? [],
    },
  })
})

async function faultOf(call: Promise<unknown>): Promise<ChannelFault> {
  const end = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(end instanceof ChannelFault)) throw new Error(`a fault was expected, and came ${end}`)
  return end
}

const decided = inTeams(entry('decision.made'))
const approved = inTeams(
  viewOfExport({ decisions: [decisionOf('bob', 'approve')], filled: [['data', ['per_bob']]] }),
)

describe('cards', () => {
  test('are posted into the conversation, and their message is its id there', async () => {
    const message = await channel.post(card, view)

    expect(message).toBe('1700000000001')
    expect(teams.sent()).toMatchObject([
      { call: 'post', conversation: channelId, message: { summary: /Approval needed/ } },
    ])
    expect(await channel.postedAt(card)).toBe(message)
    expect(await channel.postedAt(direct)).toBeNull()
  })

  test('to one person go into their chat, which their message names and they say why', async () => {
    const message = await channel.post(direct, view)

    expect(message).toMatch(new RegExp(`^a:${bob}/1700`))
    expect(teams.calls.map(({ call, conversation }) => [call, conversation])).toEqual([
      ['chat', bob],
      ['post', `a:${bob}`],
    ])
    expect(JSON.stringify(teams.sent())).toContain('Sent to you directly')
    await channel.update({ ...direct, status: 'posted', message }, view)
    expect(teams.calls.at(-1)).toMatchObject({
      call: 'update',
      conversation: `a:${bob}`,
      id: '1700000000002',
    })
  })

  test('are changed where they stand; a replaced one shows no action', async () => {
    await channel.update({ ...posted, status: 'replaced' }, view)

    expect(teams.sent()).toMatchObject([{ call: 'update', conversation: channelId, id: posted.message }])
    expect(JSON.stringify(teams.sent())).not.toContain(sensitive)
  })

  test('an old copy says that it decides nothing, and nothing of the action', async () => {
    const copy = { conversation: card.conversation, message: '1699999999999' }
    await channel.disown(copy, { request: exportRequest(), cards: [posted] })

    expect(teams.sent()).toMatchObject([{ call: 'update', id: copy.message }])
    expect(JSON.stringify(teams.sent())).toContain('decides nothing')
    expect(JSON.stringify(teams.sent())).not.toContain(sensitive)
  })

  test('of another tenant, or of no conversation of Teams, are not sent anywhere', async () => {
    const other = { ...direct, conversation: `teams:${objectOf('another')}:${bob}` }

    expect((await faultOf(channel.post(other, view))).code).toBe('other_tenant')
    expect((await faultOf(channel.post({ ...card, conversation: 'slack:C0DATA' }, view))).code).toBe(
      'not_a_teams_conversation',
    )
    expect((await faultOf(channel.update(card, view))).code).toBe('message_unknown')
    expect(teams.calls).toEqual([])
  })
})

describe('lines and reminders', () => {
  test('stand in the thread of the card', async () => {
    await channel.tell(posted, approved, [decided])
    await channel.remind(posted, view)

    expect(teams.sent()).toMatchObject([
      { call: 'post', conversation: channelId, root: posted.message },
      { call: 'post', conversation: channelId, root: posted.message },
    ])
    expect(JSON.stringify(teams.sent()[0])).not.toContain(view.request.id)
  })

  test('in a chat, which has no threads, they say what they are about', async () => {
    await channel.tell(inPerson, approved, [decided])

    expect(teams.sent()).toMatchObject([{ call: 'post', conversation: `a:${bob}` }])
    expect(teams.sent()[0]?.root).toBeUndefined()
    expect(JSON.stringify(teams.sent()[0])).toContain(
      `db.export on table warehouse.users in production · ${view.request.id}`,
    )
  })

  test('of what nobody need hear nothing is sent, and nobody is reminded of what is settled', async () => {
    await channel.tell(posted, view, [entry('request.submitted')])
    await channel.remind(posted, inTeams(viewOfExport({ state: 'approved' })))

    expect(teams.calls).toEqual([])
  })
})

describe('alarms', () => {
  const alarm = { why: 'overdue' } as const
  const broken = inTeams(
    exportWith({
      state: 'approved',
      brokenGlass: {
        person: 'per_bob',
        account: 'slack:T0ACME:U0BOB',
        reason: 'INC-42',
        at: '2026-11-24T14:10:00.000Z',
        via: 'slack',
        reviewBy: '2026-11-25T14:10:00.000Z',
        review: null,
      },
    }),
  )
  const group = `teams:${objectOf('S0SEC')}`
  const sam = objectOf('U0SAM')
  const members = [`teams:${bob}`, `teams:${sam}`]

  test('are heard in a conversation, by a person, by each member of a group', async () => {
    people.set(group, members)
    await channel.alarm(card.conversation, broken, alarm)
    await channel.alarm(`teams:${bob}`, broken, alarm)
    await channel.alarm(group, broken, alarm)

    expect(teams.sent().map(({ conversation }) => conversation)).toEqual([
      channelId,
      `a:${bob}`,
      `a:${bob}`,
      `a:${sam}`,
    ])
  })

  test('of attempts are not heard by those who tried; control: others of the group hear it', async () => {
    people.set(group, members)
    const own = { why: 'own_attempts', over: 'request', tried: [], notTo: [bobsKey] } as const
    await channel.alarm(group, broken, own)

    expect(teams.sent().map(({ conversation }) => conversation)).toEqual([`a:${sam}`])
  })

  test('that reached one of a group count; control: when all fail, it is tried again', async () => {
    people.set(group, members)
    teams.trouble.before = ({ conversation }) => {
      if (conversation.includes(bob))
        refuses('MessageWritesBlocked')({ call: 'post', conversation, message: null })
    }
    await channel.alarm(group, broken, alarm)
    expect(teams.sent()).toHaveLength(1)

    teams.trouble.before = refuses('MessageWritesBlocked')
    const fault = await faultOf(channel.alarm(group, broken, alarm))
    expect(fault.message).toMatch(/has blocked the app/)
  })

  test('are tried again when the directory does not know to whom, or nobody hears them', async () => {
    people.set(group, [])
    expect((await faultOf(channel.alarm(group, broken, alarm))).code).toBe('nobody_hears')
    directoryIs = 'away'
    expect(await faultOf(channel.alarm(group, broken, alarm))).toMatchObject({
      code: 'directory_unavailable',
      unknown: false,
    })
    expect(teams.calls).toEqual([])
  })
})

describe('when Teams is', () => {
  test('not to be reached, or lost the answer: it may have taken effect, and is not remembered as posted', async () => {
    teams.trouble.after = refuses('timeout', { status: 0, unknown: true })
    const fault = await faultOf(channel.post(card, view))

    expect(fault).toMatchObject({ code: 'timeout', unknown: true, gone: false })
    expect(teams.sent()).toHaveLength(1)
    expect(await channel.postedAt(card)).toBeNull()
  })

  test('deaf in one conversation: nobody else waits for that, and when it answers at last it counts', async () => {
    let answer = () => {}
    const late = new Promise<void>((resolve) => {
      answer = resolve
    })
    teams.trouble.before = once(() => late)
    const slow = channel.post(card, view)
    await channel.post(direct, view)
    expect(teams.sent().map(({ conversation }) => conversation)).toEqual([`a:${bob}`])
    expect(await channel.postedAt(card)).toBeNull()

    answer()
    expect(await channel.postedAt({ ...card, message: await slow })).toBe(await slow)
  })

  test('wrong once: the next try is as if nothing had been', async () => {
    teams.trouble.before = once(refuses('http_502', { status: 502, unknown: true }))
    expect((await faultOf(channel.update(posted, view))).code).toBe('http_502')

    await channel.update(posted, view)
    expect(teams.sent()).toHaveLength(1)
  })

  test('something that we do not know of: it may have taken effect, and its words are in no message', async () => {
    teams.trouble.before = () => {
      throw new Error(`Bearer secret for ${sensitive}`)
    }
    const fault = await faultOf(channel.post(card, view))

    expect(fault).toMatchObject({ code: 'unexpected', unknown: true })
    expect(fault.message).not.toContain('secret')
  })

  test('throttling: until it wants more nothing is sent into that conversation, and the others go on', async () => {
    teams.trouble.before = once(refuses('rate_limited', { status: 429, wait: 20 }))
    expect(await faultOf(channel.post(card, view))).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 20,
    })

    expect(await faultOf(channel.post(card, view))).toMatchObject({ code: 'not_yet', unknown: false })
    expect(await faultOf(channel.mayTell(posted))).toMatchObject({ code: 'not_yet' })
    await channel.post(direct, view)
    expect(teams.sent().map(({ conversation }) => conversation)).toEqual([`a:${bob}`])
    now += 25_000
    await channel.post(card, view)
    expect(teams.sent()).toHaveLength(2)
  })

  test('asked too much of in one conversation: it is not asked, and cards go before lines', async () => {
    for (let nth = 0; nth < 6; nth += 1) await channel.update(posted, view)
    expect((await faultOf(channel.tell(posted, approved, [decided]))).code).toBe('not_yet')
    expect((await faultOf(channel.update(posted, view))).code).toBe('not_yet')
    now += 2_000
    expect((await faultOf(channel.tell(posted, approved, [decided]))).code).toBe('not_yet')
    await channel.update(posted, view)

    expect(teams.sent().map(({ call }) => call)).toEqual(Array(7).fill('update'))
  })

  test('no place for a card any more: its message is gone, and only then another card takes its place', async () => {
    teams.trouble.before = refuses('ActivityNotFoundInConversation', { status: 404 })
    expect(await faultOf(channel.update(posted, view))).toMatchObject({ gone: true })

    teams.trouble.before = refuses('ConversationNotFound', { status: 404 })
    expect(await faultOf(channel.update(posted, view))).toMatchObject({ gone: false })
  })

  test.each([
    ['BotNotInConversationRoster', /add the app to the team/],
    ['ConversationNotFound', /correct the channel in the policy/],
    ['unreachable', /TEAMS_SERVICE_URL/],
  ])('refusing us by %s: the fault says what to do', async (code, fix) => {
    teams.trouble.before = refuses(code)

    expect((await faultOf(channel.post(card, view))).message).toMatch(fix)
  })

  test('unwilling to mention somebody: the card is sent without calls; control: with them where it takes them', async () => {
    await channel.post(card, view)
    expect(JSON.stringify(teams.sent()[0]?.message)).toContain('<at>')

    teams.trouble.before = ({ message }) => {
      if (message?.card.msteams.entities)
        refuses('BadSyntax', { status: 400 })({ call: 'post', conversation: '', message })
    }
    await channel.post({ ...card, id: 'crd_03kb' }, view)
    expect(JSON.stringify(teams.sent()[1]?.message)).not.toContain('<at>')
    expect(JSON.stringify(teams.sent()[1]?.message)).toContain('"open":"approve_form"')
  })

  test('without a chat that it had: another is opened', async () => {
    await channel.post(direct, view)
    await channel.post({ ...direct, id: 'crd_03kb' }, view)
    expect(teams.calls.filter(({ call }) => call === 'chat')).toHaveLength(1)

    teams.trouble.before = once(refuses('ForbiddenOperationException'))
    await faultOf(channel.post({ ...direct, id: 'crd_04kb' }, view))
    await channel.post({ ...direct, id: 'crd_04kb' }, view)
    expect(teams.calls.filter(({ call }) => call === 'chat')).toHaveLength(2)
  })
})

test('whatever concerns one person goes into their chat, by key or by address', async () => {
  await channel.answer(`teams:${bob}`, view, {
    verb: 'approve',
    refused: { code: 'wrong_state', problems: [] },
  })
  await channel.tellKeyEnd(bobsKey, {
    agent: 'nightly',
    key: 'key_1',
    expiresAt: view.request.createdAt,
    stage: 'soon',
    others: 0,
  })

  expect(teams.sent().map(({ conversation }) => conversation)).toEqual([`a:${bob}`, `a:${bob}`])
})

test('the card of a crowd is posted, changed and reminded of where it stands', async () => {
  const crowd = inTeams({
    waiting: 9,
    agents: [{ name: 'a', count: 9 }],
    endsFirst: view.request.createdAt,
    needed: [],
  })
  const message = await channel.postCrowd(card.conversation, crowd)
  await channel.showCrowd({ conversation: card.conversation, message }, null)
  await channel.remindCrowd({ conversation: card.conversation, message }, crowd)

  expect(teams.sent()).toMatchObject([
    { call: 'post', conversation: channelId },
    { call: 'update', conversation: channelId, id: message },
    { call: 'post', conversation: channelId, root: message },
  ])
})
