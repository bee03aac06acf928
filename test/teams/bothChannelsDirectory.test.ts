import { beforeEach, describe, expect, test } from 'vitest'
import { mint } from '../../src/approvals/grants/mint.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { entriesOf, refusalsOf } from '../support/recorded.ts'
import { bothBundle, securityOfEntra } from './bothBundle.ts'
import { copiesOf, inSlackDo, inTeamsDo, keyInTeams, linked, shown } from './bothHands.ts'
import { type House, openHouse, type Replica } from './twoChannels.ts'

const always = Number.POSITIVE_INFINITY

let house: House
beforeEach(async () => {
  house = await openHouse({ policy: bothBundle({ bundle: securityOfEntra }) })
  await linked(house, 'bob', 'priya', 'sam', 'grace')
})

async function asked(action: string) {
  const request = await house.asked(action)
  await house.pass(5)
  return request
}

const stateOf = async (request: string) => (await house.here.store.request(request))?.state
const ends = (request: string, end: string) =>
  eventually(async () => expect(await stateOf(request)).toBe(end))

describe('silence: Graph does not answer when somebody decides in Teams', () => {
  test('refused, not spent, and nothing that was counted is lost; control: it counts when Graph is back', async () => {
    const request = await asked('host.reboot')
    await inTeamsDo(house, { by: 'priya', request })
    const { teams } = await copiesOf(house, request)
    await house.teams.as(teamsIds.sam).press(teams, 'approve_form')
    house.clock.advance(60)
    for (const kind of ['user', 'checkMemberGroups'] as const)
      house.teams.faults.next(kind, { kind: 'status', status: 503 }, always)

    await house.teams.as(teamsIds.sam).submit()
    expect(await stateOf(request)).toBe('pending')
    const decisions = (await house.here.store.request(request))?.decisions ?? []
    expect(decisions.map(({ account, ended }) => [account, ended])).toEqual([
      [keyInTeams('priya'), undefined],
    ])
    expect(await refusalsOf(house.here.store, request)).toEqual(['identity_unknown'])
    house.teams.faults.clear()
    house.clock.advance(5)
    await inTeamsDo(house, { by: 'sam', request })

    await ends(request, 'approved')
  })
})

describe('vote-outlived: at the grant of what was approved in Teams', () => {
  const ask = (request: string) => {
    const { agent, key } = house.here.world.agent
    return mint(house.here.ports, {
      request,
      caller: { agent, key },
      via: 'api',
      audience: null,
      proof: null,
    })
  }

  async function approved() {
    const request = await asked('host.reboot')
    await inTeamsDo(house, { by: 'priya', request })
    await inTeamsDo(house, { by: 'sam', request })
    await ends(request, 'approved')
    house.clock.advance(60)
    return request
  }

  test('control: everybody still could: it is granted', async () => {
    expect((await ask(await approved())).token).toMatch(/\./)
  })

  test('Graph does not answer: nobody can say, and nothing is revoked', async () => {
    const request = await approved()
    house.teams.faults.next('user', { kind: 'status', status: 503 }, always)

    await expect(ask(request)).rejects.toMatchObject({ code: 'directory_unavailable' })

    expect(await stateOf(request)).toBe('approved')
    house.teams.faults.clear()
    house.clock.advance(5)
    expect((await ask(request)).token).toMatch(/\./)
  })

  const losses: readonly (readonly [string, () => void])[] = [
    ['was disabled in Entra', () => changePerson({ enabled: false })],
    ['is a guest by now', () => changePerson({ guest: true })],
    ['left the group', () => leaveGroup()],
  ]
  test.each(losses)('whoever approved %s: it is revoked, and both cards tell it', async (_, loses) => {
    const request = await approved()
    loses()

    await expect(ask(request)).rejects.toMatchObject({ code: 'grant_revoked' })

    expect(await entriesOf(house.here.store, request, 'decision.lapsed')).toHaveLength(1)
    await house.pass(30)
    const seen = await shown(house, request)
    expect(seen.slack).toMatch(/[Rr]evoked/)
    expect(seen.teams).toMatch(/[Rr]evoked/)
  })

  function changePerson(to: { enabled?: boolean; guest?: boolean }) {
    const { people } = house.teams.tenant
    const sam = people.get(teamsIds.sam)
    if (sam) people.set(sam.id, { ...sam, ...to })
  }

  function leaveGroup() {
    const { groups } = house.teams.tenant
    const security = groups.get(teamsIds.security)
    if (security) groups.set(security.id, { ...security, members: [teamsIds.priya] })
  }
})

describe('two-replicas: with both channels', () => {
  let there: Replica
  beforeEach(async () => {
    there = await house.another()
  })

  test('what one hears from Teams, the other tells in both', async () => {
    const request = await asked('deploy.start')
    house.deliverTo(there)

    await inTeamsDo(house, { by: 'grace', request })
    await ends(request, 'approved')
    await house.pass(30) // the first works

    const seen = await shown(house, request)
    expect(seen.slack).toMatch(/Approved/)
    expect(seen.teams).toMatch(/Approved/)
  })

  test('redelivery: the same press of Teams at both counts once', async () => {
    const request = await asked('iam.change')
    await inTeamsDo(house, { by: 'grace', request })
    const sent = house.teams.deliveries.findLast(({ activity }) => activity.name === 'task/submit')

    await Promise.all(
      [there, house.here, there].map(({ url }) => sent?.again({ url: `${url}/api/messages` })),
    )

    expect(await entriesOf(house.here.store, request, 'decision.made')).toHaveLength(1)
    expect(await refusalsOf(house.here.store, request)).toEqual([])
    expect(await stateOf(request)).toBe('pending')
  })

  test('race: one seat by Slack at one and one by Teams at the other: both count', async () => {
    const request = await asked('iam.change')
    const { teams } = await copiesOf(house, request)
    house.deliverTo(there)
    await house.teams.as(teamsIds.priya).press(teams, 'approve_form')
    house.deliverTo(house.here)
    house.teams.deliverTo(`${there.url}/api/messages`)

    await Promise.all([
      inSlackDo(house, { by: 'grace', request, press: 'approve' }),
      house.teams.as(teamsIds.priya).submit(),
    ])

    await ends(request, 'approved')
    expect(await entriesOf(house.here.store, request, 'decision.made')).toHaveLength(2)
  })

  test('stale-replica: one that hears nothing judges by what is true: whoever was linked to the initiator elsewhere decides nothing there', async () => {
    const deaf = await house.another({ deaf: true })
    house.deliverTo(deaf)
    const request = await asked('deploy.start')
    const { teams } = await copiesOf(house, request)
    await house.teams.as(teamsIds.sam).press(teams, 'approve_form')
    await linkAccounts(house.here.ports, {
      account: { address: 'slack:U0ALICE' },
      other: { address: 'slack:U0SAM' },
      via: 'cli',
    })

    await house.teams.as(teamsIds.sam).submit()

    expect(await refusalsOf(house.here.store, request)).toEqual(['own_request'])
    expect(await stateOf(request)).toBe('pending')
    await inTeamsDo(house, { by: 'grace', request }) // control: somebody else, at the same
    await ends(request, 'approved')
  })
})
