import { beforeEach, describe, expect, test } from 'vitest'
import type { CallKind, TeamsFault } from '../../src/sandbox/teams/faults.ts'
import { teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { asking, copiesOf, inSlackDo, inTeamsDo, linked, shown } from './bothHands.ts'
import { type House, openHouse } from './twoChannels.ts'

const always = Number.POSITIVE_INFINITY

let house: House
beforeEach(async () => {
  house = await openHouse()
  await linked(house, 'grace')
  house.clock.advance(3_000)
})

async function asked(action = 'deploy.start') {
  const request = await house.asked(action)
  await house.pass(5)
  return request
}

const stateOf = async (request: string) => (await house.here.store.request(request))?.state
const ends = (request: string, end: string) =>
  eventually(async () => expect(await stateOf(request)).toBe(end))
const standsIn = async (request: string, channel: RegExp) =>
  (await house.here.store.cards(request)).some(
    ({ conversation, status }) => channel.test(conversation) && status === 'posted',
  )

/** The card of a request in Slack, while there is none in Teams. */
async function approveInSlackAlone(request: string) {
  const [card] = (await house.here.store.cards(request)).filter(({ conversation }) =>
    /^slack:C/.test(conversation),
  )
  await house.slack.as('U0SAM').press({ conversation: 'C0APPROVALS', ts: card?.message ?? '' }, 'approve')
}

/** Sam is only in Slack, Grace in both. */
const slackAlone = 'sam'

const troubles: readonly (readonly [string, readonly (CallKind | '*')[], TeamsFault])[] = [
  ['answers every call with 502', ['*'], { kind: 'status', status: 502 }],
  ['gives no token', ['token'], { kind: 'status', status: 503 }],
  ['asks us to wait', ['post', 'update'], { kind: 'status', status: 429, retryAfter: 30 }],
]

/** From now on; the token that was there at the start is over. */
function breakTeams(kinds: readonly (CallKind | '*')[], fault: TeamsFault) {
  house.clock.advance(700)
  for (const kind of kinds) house.teams.faults.next(kind, fault, always)
}

describe.each(troubles)('channel-down: Teams %s', (_, kinds, fault) => {
  test('decided in Slack meanwhile, whose card tells it; the card in Teams follows when it is back', async () => {
    const request = await asked()
    breakTeams(kinds, fault)

    await inSlackDo(house, { by: slackAlone, request, press: 'approve' })
    await ends(request, 'approved')
    await house.pass(30)

    const before = await shown(house, request)
    expect(before.slack).toMatch(/Approved/)
    expect(before.teams).toMatch(asking.teams)
    house.teams.faults.clear()
    await house.pass(660)
    const after = await shown(house, request)
    expect(after.teams).toMatch(/Approved/)
    expect(after.teams).not.toMatch(asking.teams)
  })

  test('asked meanwhile: the card stands in Slack, and decides', async () => {
    breakTeams(kinds, fault)

    const request = await asked()

    expect(await standsIn(request, /^slack:/)).toBe(true)
    expect(await standsIn(request, /^teams:19/)).toBe(false)
    await approveInSlackAlone(request)
    await ends(request, 'approved')
  })

  test('asked meanwhile: the card in Teams comes when it is back, and decides', async () => {
    breakTeams(kinds, fault)
    const request = await asked()

    house.teams.faults.clear()
    await house.pass(60)

    await inTeamsDo(house, { by: 'grace', request })
    await ends(request, 'approved')
  })
})

test('silence: while Graph does not say who they are, whoever is linked decides by no account: refused, not spent', async () => {
  const request = await asked()
  house.clock.advance(60)
  house.teams.faults.next('user', { kind: 'status', status: 503 }, always)
  const { slack } = await copiesOf(house, request)
  await house.slack.as('U0GRACE').press(slack, 'approve')
  await eventually(() => expect(JSON.stringify(house.here.logged)).toContain('identity_unknown'))
  expect(await stateOf(request)).toBe('pending')

  house.teams.faults.clear()
  house.clock.advance(5)
  await house.slack.as('U0GRACE').press(slack, 'approve')

  await ends(request, 'approved')
})

test('silence: nor does anybody decide on what somebody asked who is linked, until Graph says whose their other account is', async () => {
  await linked(house, 'alice')
  const request = await asked()
  const { slack } = await copiesOf(house, request)
  house.clock.advance(60)
  house.teams.faults.next('user', { kind: 'status', status: 503 }, always)

  await house.slack.as('U0SAM').press(slack, 'approve')
  await eventually(() => expect(JSON.stringify(house.here.logged)).toContain('identity_unknown'))
  expect(await stateOf(request)).toBe('pending')

  house.teams.faults.clear()
  house.clock.advance(5)
  await house.slack.as('U0SAM').press(slack, 'approve')
  await ends(request, 'approved')
})

test('channel-down: while Teams keeps a card waiting, the request is decided in Slack, and the card in Teams tells it', async () => {
  let answer = (): void => undefined
  const until = new Promise<void>((resolve) => {
    answer = resolve
  })
  house.teams.faults.next('post', { kind: 'hold', until })
  const request = await house.asked('deploy.start')
  const working = house.here.work()
  await eventually(async () => expect(await standsIn(request, /^slack:/)).toBe(true))

  await approveInSlackAlone(request)
  await ends(request, 'approved')
  answer()
  await working

  await house.pass(60)
  const { teams } = await shown(house, request)
  expect(teams).toMatch(/Approved/)
  expect(teams).not.toMatch(asking.teams)
})

test('double-post: where the answer to a card in Teams is lost, one card there decides, and only one', async () => {
  house.teams.faults.next('post', { kind: 'lost_answer' })
  const request = await asked()
  await house.pass(60)
  const posts = house.teams
    .as(teamsIds.grace)
    .messages(teamsChannels.approvals)
    .filter(({ root, card }) => root === null && JSON.stringify(card).includes(request))
  const { teams } = await copiesOf(house, request)
  const strays = posts.filter(({ id }) => id !== teams.message)
  expect(strays).toHaveLength(1)
  const stray = { ...teams, message: strays[0]?.id ?? '' }
  await house.teams.as(teamsIds.grace).press(stray, 'approve_form')
  expect(await house.teams.as(teamsIds.grace).submit()).toMatchObject({ ok: false })
  expect(await stateOf(request)).toBe('pending')
  await house.pass(60)
  const said = house.teams
    .as(teamsIds.grace)
    .messages(teamsChannels.approvals)
    .find(({ id }) => id === stray.message)
  expect(JSON.stringify(said?.card)).toMatch(/decides nothing/)

  await inTeamsDo(house, { by: 'grace', request })

  await ends(request, 'approved')
})

describe('channel-down: Slack', () => {
  test('refuses the card: it stands in Teams, and decides', async () => {
    house.slack.faults.next('chat.postMessage', { kind: 'error', error: 'not_in_channel' }, always)
    const request = await asked()
    expect(await standsIn(request, /^slack:C/)).toBe(false)
    const [card] = (await house.here.store.cards(request)).filter(({ status }) => status === 'posted')
    const at = { conversation: teamsChannels.approvals, message: card?.message ?? '' }

    await house.teams.as(teamsIds.grace).press(at, 'approve_form')
    await house.teams.as(teamsIds.grace).submit()

    await ends(request, 'approved')
  })

  test('does not say who is on the staff: nobody decides in Teams meanwhile, and no click is spent', async () => {
    const request = await asked()
    const { teams } = await copiesOf(house, request)
    await house.teams.as(teamsIds.grace).press(teams, 'approve_form')
    house.clock.advance(60)
    house.slack.faults.next('*', { kind: 'status', status: 500 }, always)

    await house.teams.as(teamsIds.grace).submit()
    expect(await stateOf(request)).toBe('pending')
    house.slack.faults.clear()
    house.clock.advance(5)
    await inTeamsDo(house, { by: 'grace', request })

    await ends(request, 'approved')
  })
})

test('nobody-reachable: neither reaches anybody: nothing is asked; one of them is enough', async () => {
  await house.asked('iam.change')
  house.slack.faults.next('*', { kind: 'error', error: 'token_revoked' }, always)
  house.teams.faults.next('*', { kind: 'status', status: 401, code: 'Unauthorized' }, always)
  await house.here.work()
  const conditions = () => house.here.health.now().map(({ code }) => code)
  expect(conditions()).toContain('nobody_reachable')

  await expect(house.asked('node.drain')).rejects.toMatchObject({ code: 'nobody_reachable' })

  house.teams.faults.clear()
  await house.pass(60)
  expect(conditions()).not.toContain('nobody_reachable')
  expect(house.here.ports.reachesPeople()).toBe(true)
})
