import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { entry, exportWith } from '../card/situationParts.ts'
import { viewOfExport } from '../card/views.ts'
import { exportRequest } from '../support/exportRequest.ts'
import {
  approved,
  bob,
  bobsKey,
  card,
  channelId,
  decided,
  direct,
  faultOf,
  inPerson,
  openChannel,
  posted,
  sensitive,
  view,
} from './channelWorld.ts'
import { refuses } from './fakeConnector.ts'
import { inTeams, objectOf } from './inTeams.ts'

let at: ReturnType<typeof openChannel>
beforeEach(() => {
  at = openChannel()
})

describe('cards', () => {
  test('are posted into the conversation, and their message is its id there', async () => {
    const message = await at.channel.post(card, view)

    expect(message).toBe('1700000000001')
    expect(at.teams.sent()).toMatchObject([
      { call: 'post', conversation: channelId, message: { summary: /Approval needed/ } },
    ])
    expect(await at.channel.postedAt(card)).toBe(message)
    expect(await at.channel.postedAt(direct)).toBeNull()
  })

  test('to one person go into their chat, which their message names and they say why', async () => {
    const message = await at.channel.post(direct, view)

    expect(message).toMatch(new RegExp(`^a:${bob}/1700`))
    expect(at.teams.calls.map(({ call, conversation }) => [call, conversation])).toEqual([
      ['chat', bob],
      ['post', `a:${bob}`],
    ])
    expect(JSON.stringify(at.teams.sent())).toContain('Sent to you directly')
    await at.channel.update({ ...direct, status: 'posted', message }, view)
    expect(at.teams.calls.at(-1)).toMatchObject({
      call: 'update',
      conversation: `a:${bob}`,
      id: '1700000000002',
    })
  })

  test('are changed where they stand; a replaced one shows no action', async () => {
    await at.channel.update({ ...posted, status: 'replaced' }, view)

    expect(at.teams.sent()).toMatchObject([{ call: 'update', conversation: channelId, id: posted.message }])
    expect(JSON.stringify(at.teams.sent())).not.toContain(sensitive)
  })

  test('an old copy says that it decides nothing, and nothing of the action', async () => {
    const copy = { conversation: card.conversation, message: '1699999999999' }
    await at.channel.disown(copy, { request: exportRequest(), cards: [posted] })

    expect(at.teams.sent()).toMatchObject([{ call: 'update', id: copy.message }])
    expect(JSON.stringify(at.teams.sent())).toContain('decides nothing')
    expect(JSON.stringify(at.teams.sent())).not.toContain(sensitive)
  })

  test('of another tenant, or of no conversation of Teams, are not sent anywhere', async () => {
    const other = { ...direct, conversation: `teams:${objectOf('another')}:${bob}` }

    expect((await faultOf(at.channel.post(other, view))).code).toBe('other_tenant')
    expect((await faultOf(at.channel.post({ ...card, conversation: 'slack:C0DATA' }, view))).code).toBe(
      'not_a_teams_conversation',
    )
    expect((await faultOf(at.channel.update(card, view))).code).toBe('message_unknown')
    expect(at.teams.calls).toEqual([])
  })
})

describe('lines and reminders', () => {
  test('stand in the thread of the card', async () => {
    await at.channel.tell(posted, approved, [decided])
    await at.channel.remind(posted, view)

    expect(at.teams.sent()).toMatchObject([
      { call: 'post', conversation: channelId, root: posted.message },
      { call: 'post', conversation: channelId, root: posted.message },
    ])
    expect(JSON.stringify(at.teams.sent()[0])).not.toContain(view.request.id)
  })

  test('in a chat, which has no threads, they say what they are about', async () => {
    await at.channel.tell(inPerson, approved, [decided])

    expect(at.teams.sent()).toMatchObject([{ call: 'post', conversation: `a:${bob}` }])
    expect(at.teams.sent()[0]?.root).toBeUndefined()
    expect(JSON.stringify(at.teams.sent()[0])).toContain(
      `db.export on table warehouse.users in production · ${view.request.id}`,
    )
  })

  test('of what nobody need hear nothing is sent, and nobody is reminded of what is settled', async () => {
    await at.channel.tell(posted, view, [entry('request.submitted')])
    await at.channel.remind(posted, inTeams(viewOfExport({ state: 'approved' })))

    expect(at.teams.calls).toEqual([])
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
    at.groups.set(group, members)
    await at.channel.alarm(card.conversation, broken, alarm)
    await at.channel.alarm(`teams:${bob}`, broken, alarm)
    await at.channel.alarm(group, broken, alarm)

    expect(at.teams.sent().map(({ conversation }) => conversation)).toEqual([
      channelId,
      `a:${bob}`,
      `a:${bob}`,
      `a:${sam}`,
    ])
  })

  test('of attempts are not heard by those who tried; control: others of the group hear it', async () => {
    at.groups.set(group, members)
    const own = { why: 'own_attempts', over: 'request', tried: [], notTo: [bobsKey] } as const
    await at.channel.alarm(group, broken, own)

    expect(at.teams.sent().map(({ conversation }) => conversation)).toEqual([`a:${sam}`])
  })

  test('that reached one of a group count; control: when all fail, it is tried again', async () => {
    at.groups.set(group, members)
    at.teams.trouble.before = ({ conversation }) => {
      if (conversation.includes(bob))
        refuses('MessageWritesBlocked')({ call: 'post', conversation, message: null })
    }
    await at.channel.alarm(group, broken, alarm)
    expect(at.teams.sent()).toHaveLength(1)

    at.teams.trouble.before = refuses('MessageWritesBlocked')
    const fault = await faultOf(at.channel.alarm(group, broken, alarm))
    expect(fault.message).toMatch(/has blocked the app/)
  })

  test('to three hundred go out ten at once, and whom Teams does not take at once hears it when it does', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const many = Array.from({ length: 300 }, (_, nth) => `teams:${objectOf(`U0MANY${nth}`)}`)
    at.groups.set(group, many)
    const limited = new Set(many.slice(40, 60))
    let under = 0
    let most = 0
    at.teams.trouble.before = async ({ call, conversation }) => {
      most = Math.max(most, ++under)
      await new Promise((resolve) => setImmediate(resolve))
      under -= 1
      if (call === 'post' && limited.delete(conversation.replace('a:', 'teams:')))
        refuses('rate_limited', { status: 429, wait: 5 })({ call, conversation, message: null })
    }
    const told = at.channel.alarm(group, broken, alarm)
    let isOver = false
    void told.then(() => (isOver = true))
    while (!isOver) {
      at.wait(1_000 * vi.getTimerCount())
      await vi.advanceTimersByTimeAsync(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await told

    expect(most).toBe(10)
    expect(new Set(at.teams.sent().map(({ conversation }) => conversation)).size).toBe(300)
    expect(at.teams.sent()).toHaveLength(300)
    expect(at.logged).toEqual([])
  })

  test('that some of a group never hear: the log says how many, and of how many', async () => {
    at.groups.set(group, members)
    at.teams.trouble.before = ({ conversation }) => {
      if (conversation.includes(bob))
        refuses('MessageWritesBlocked')({ call: 'post', conversation, message: null })
    }
    await at.channel.alarm(group, broken, alarm)

    expect(at.logged).toMatchObject([{ untold: 1, of: 2, says: expect.stringContaining('blocked the app') }])
  })

  test('are tried again when the directory does not know to whom, or nobody hears them', async () => {
    at.groups.set(group, [])
    expect((await faultOf(at.channel.alarm(group, broken, alarm))).code).toBe('nobody_hears')
    at.loseDirectory()
    expect(await faultOf(at.channel.alarm(group, broken, alarm))).toMatchObject({
      code: 'directory_unavailable',
      unknown: false,
    })
    expect(at.teams.calls).toEqual([])
  })
})

test('whatever concerns one person goes into their chat, by key or by address', async () => {
  await at.channel.answer(`teams:${bob}`, view, {
    verb: 'approve',
    refused: { code: 'wrong_state', problems: [] },
  })
  await at.channel.tellKeyEnd(bobsKey, {
    agent: 'nightly',
    key: 'key_1',
    expiresAt: view.request.createdAt,
    stage: 'soon',
    others: 0,
  })

  expect(at.teams.sent().map(({ conversation }) => conversation)).toEqual([`a:${bob}`, `a:${bob}`])
})

test('the card of a crowd is posted, changed and reminded of where it stands', async () => {
  const crowd = inTeams({
    waiting: 9,
    agents: [{ name: 'a', count: 9 }],
    endsFirst: view.request.createdAt,
    needed: [],
  })
  const message = await at.channel.postCrowd(card.conversation, crowd)
  await at.channel.showCrowd({ conversation: card.conversation, message }, null)
  await at.channel.remindCrowd({ conversation: card.conversation, message }, crowd)

  expect(at.teams.sent()).toMatchObject([
    { call: 'post', conversation: channelId },
    { call: 'update', conversation: channelId, id: message },
    { call: 'post', conversation: channelId, root: message },
  ])
})
