import { beforeEach, describe, expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { entriesOf, refusalsOf } from '../support/recorded.ts'
import { bothBundle, securityOfEntra } from './bothBundle.ts'
import {
  copiesOf,
  forgedInTeams,
  inSlack,
  inSlackDo,
  inTeamsDo,
  keyInTeams,
  linked,
  type Name,
  toldInTeams,
} from './bothHands.ts'
import { type House, openHouse } from './twoChannels.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})

async function asked(action: string, by: Name = 'alice') {
  const request = await house.asked(action, { initiator: { address: `slack:${inSlack(by)}` } })
  await house.pass(5)
  return request
}

const stateOf = async (request: string) => (await house.here.store.request(request))?.state
const refused = (request: string) => refusalsOf(house.here.store, request)
const made = (request: string) => entriesOf(house.here.store, request, 'decision.made')

describe('own-request: who asked through Slack', () => {
  test('approves nothing by the linked account in Teams', async () => {
    await linked(house, 'sam')
    const request = await asked('deploy.start', 'sam')

    await inTeamsDo(house, { by: 'sam', request })

    expect(await refused(request)).toEqual(['own_request'])
    expect(await stateOf(request)).toBe('pending')
  })

  test('nor while that link is only claimed', async () => {
    house = await openHouse({ confirms: true })
    await linked(house, 'sam')
    const request = await asked('deploy.start', 'sam')

    await inTeamsDo(house, { by: 'sam', request })
    await forgedInTeams(house, 'sam', request)

    expect(await stateOf(request)).toBe('pending')
    expect(await made(request)).toEqual([])
    expect(await refused(request)).toHaveLength(1)
  })

  test('nor by an account in Teams with the same address that is linked to nobody', async () => {
    const request = await asked('deploy.start', 'sam')

    await inTeamsDo(house, { by: 'sam', request })
    await forgedInTeams(house, 'sam', request)

    expect(await refused(request)).toHaveLength(1)
    expect(await stateOf(request)).toBe('pending')
  })

  test('nor by an account in Teams with the same address that is linked to somebody else', async () => {
    await linkAccounts(house.here.ports, {
      account: { address: 'slack:U0GRACE' },
      other: { address: `teams:${teamsIds.sam}` },
      via: 'cli',
    })
    const request = await asked('deploy.start', 'sam')

    await inTeamsDo(house, { by: 'sam', request })

    expect(await refused(request)).toEqual(['own_request'])
    expect(await stateOf(request)).toBe('pending')
  })

  test('and who asked through Teams approves nothing in Slack', async () => {
    await linked(house, 'sam')
    const request = await house.asked('deploy.start', { initiator: { address: keyInTeams('sam') } })
    await house.pass(5)

    await inSlackDo(house, { by: 'sam', request, press: 'approve' })

    await eventually(async () => expect(await refused(request)).toEqual(['own_request']))
    expect(await stateOf(request)).toBe('pending')
  })

  test('control: asked by somebody else, the same press approves it', async () => {
    await linked(house, 'sam')
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: 'sam', request })

    expect(await stateOf(request)).toBe('approved')
  })
})

describe('twin-accounts: an account in Teams stands for somebody of Slack', () => {
  test('not while it is linked to nobody: refused, recorded, and told', async () => {
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: 'sam', request })
    await forgedInTeams(house, 'sam', request)

    expect(await refused(request)).toEqual(['not_staff'])
    expect(toldInTeams(house, 'sam')).toMatch(/linked to nobody/)
    expect(await stateOf(request)).toBe('pending')
  })

  test('not while the link is only claimed', async () => {
    house = await openHouse({ confirms: true })
    await linked(house, 'sam')
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: 'sam', request })
    await forgedInTeams(house, 'sam', request)

    expect(await refused(request)).toEqual(['not_staff'])
    expect(await stateOf(request)).toBe('pending')
  })

  test('linked with both sides’ word: in the groups of Slack by it', async () => {
    await linked(house, 'sam')
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: 'sam', request })

    expect(await stateOf(request)).toBe('approved')
    expect(await made(request)).toMatchObject([{ actor: { account: keyInTeams('sam'), via: 'teams' } }])
  })

  test('and in the groups of Entra by the account in Slack', async () => {
    house = await openHouse({ policy: bothBundle({ bundle: securityOfEntra }) })
    await linked(house, 'priya', 'bob')
    const request = await asked('db.export')

    await inSlackDo(house, { by: 'bob', request, press: 'approve' })
    await inSlackDo(house, { by: 'priya', request, press: 'approve' })

    await eventually(async () => expect(await stateOf(request)).toBe('approved'))
  })

  test('where Entra says who Security is, whoever is only in Slack’s user group is not', async () => {
    house = await openHouse({ policy: bothBundle({ bundle: securityOfEntra }) })
    await linked(house, 'grace', 'priya', 'sam')
    const group = house.slack.workspace.usergroups.get('S0SECURITY')
    if (!group) throw new Error('Acme has no Security')
    house.slack.workspace.usergroups.set('S0SECURITY', { ...group, users: [...group.users, 'U0GRACE'] })
    const request = await asked('host.reboot')

    await inSlackDo(house, { by: 'grace', request, press: 'approve' })

    await eventually(async () => expect(await refused(request)).toEqual(['not_in_leg']))
  })

  test('not when their account in Slack is deactivated', async () => {
    await linked(house, 'sam')
    house.slack.directory.changeMember('U0SAM', { deleted: true })
    await house.slack.idle()
    house.clock.advance(60)
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: 'sam', request })
    await forgedInTeams(house, 'sam', request)

    expect(await stateOf(request)).toBe('pending')
    expect(await refused(request)).toHaveLength(1)
  })

  test('two-hats: one person is one of two, by both accounts', async () => {
    await linked(house, 'grace', 'priya')
    const request = await asked('iam.change')

    await inTeamsDo(house, { by: 'grace', request })
    await inSlackDo(house, { by: 'grace', request, press: 'approve' })
    await eventually(async () => expect(await refused(request)).toEqual(['already_decided']))
    expect(await stateOf(request)).toBe('pending')

    await inSlackDo(house, { by: 'priya', request, press: 'approve' })
    await eventually(async () => expect(await stateOf(request)).toBe('approved'))
  })

  test('two-hats: two accounts in Teams of one person fill one seat', async () => {
    await linked(house, 'grace', 'priya')
    await linkAccounts(house.here.ports, {
      account: { address: 'slack:U0GRACE' },
      other: { address: `teams:${teamsIds.nora}` },
      via: 'cli',
    })
    const request = await asked('iam.change')

    await inTeamsDo(house, { by: 'grace', request })
    await inTeamsDo(house, { by: 'nora', request })
    await forgedInTeams(house, 'nora', request)

    expect(await refused(request)).toEqual(['already_decided'])
    expect(await stateOf(request)).toBe('pending')
  })
})

describe('not-staff: who is not of the tenant, or not any more, decides nothing, whatever they are linked to', () => {
  const cases: readonly (readonly [string, Name, () => void])[] = [
    ['a guest', 'sam', () => change('sam', { guest: true })],
    ['whose account is disabled', 'sam', () => change('sam', { enabled: false })],
    ['whose account is of another tenant', 'sam', () => change('sam', { tenant: teamsIds.partner })],
  ]
  test.each(cases)('%s', async (_, name, becomes) => {
    await linked(house, name)
    const request = await asked('deploy.start')
    const { teams } = await copiesOf(house, request)
    await house.teams.as(teamsIds[name]).press(teams, 'approve_form')
    expect(toldInTeams(house, name)).toContain('"send":"approve_form"')
    becomes()
    house.clock.advance(60)

    await forgedInTeams(house, name, request)

    expect(await stateOf(request)).toBe('pending')
    expect(await made(request)).toEqual([])
    expect(await refused(request)).toHaveLength(1)
  })

  test.each([
    ['a guest of the tenant', 'gwen'],
    ['a member of a shared channel from another tenant', 'max'],
  ] as const)('%s, linked to nobody', async (_, name) => {
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: name, request })
    await forgedInTeams(house, name, request)

    expect(await stateOf(request)).toBe('pending')
    expect(await refused(request)).toHaveLength(1)
  })

  test('control: the same person, as a member, approves it', async () => {
    await linked(house, 'sam')
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: 'sam', request })

    expect(await stateOf(request)).toBe('approved')
  })
})

function change(name: Name, to: Partial<{ guest: boolean; enabled: boolean; tenant: string }>): void {
  const { people } = house.teams.tenant
  const person = people.get(teamsIds[name])
  if (!person) throw new Error(`${name} is not in Teams`)
  people.set(person.id, { ...person, ...to })
}
