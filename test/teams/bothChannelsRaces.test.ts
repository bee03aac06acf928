import { beforeEach, describe, expect, test } from 'vitest'
import { expire } from '../../src/approvals/expire.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { entriesOf, refusalsOf } from '../support/recorded.ts'
import { asking, copiesOf, inSlack, inSlackDo, inTeamsDo, linked, type Name, shown } from './bothHands.ts'
import { type House, openHouse } from './twoChannels.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
  await linked(house, 'bob', 'priya', 'sam', 'grace')
})

/** Each is another action: what was denied, or waits, is not asked for again. What was asked an hour ago takes no room any more. */
async function asked(action: string, round = 0) {
  house.clock.advance(3_600)
  await house.here.work()
  const resource = { type: 'table', id: 'warehouse.users' }
  const request = await house.asked(action, {
    action: { action, resource, params: { rows: round }, environment: 'prod' },
  })
  await house.pass(5)
  return request
}

const stateOf = async (request: string) => (await house.here.store.request(request))?.state

/** Everything that came of what people did is recorded: so many decided or were refused. */
const allHeard = (request: string, count: number) =>
  eventually(async () => {
    const { store } = house.here
    const made = await entriesOf(store, request, 'decision.made')
    const refused = await entriesOf(store, request, 'decision.refused')
    expect(made.length + refused.length).toBe(count)
    return { made, refused }
  })

/** The end that the record has is the one that both cards tell, and nothing can be pressed on either. */
async function bothTell(request: string, end: string | undefined) {
  await house.pass(30)
  const says = { approved: /Approved/, denied: /Denied/, expired: /Expired/ }[end ?? '']
  if (!says) throw new Error(`the race ended as ${end}`)
  const seen = await shown(house, request)
  for (const channel of ['slack', 'teams'] as const) {
    expect(seen[channel]).toMatch(says)
    expect(seen[channel]).not.toMatch(asking[channel])
  }
}

/** With a window that is open already: what is sent is the decision itself. */
async function opensInTeams(by: Name, request: string, form = 'approve_form') {
  const { teams } = await copiesOf(house, request)
  await house.teams.as(teamsIds[by]).press(teams, form)
  return () => house.teams.as(teamsIds[by]).submit(form === 'deny' ? { reason: 'Not today.' } : {})
}

async function pressesInSlack(by: Name, request: string) {
  const { slack } = await copiesOf(house, request)
  return () => house.slack.as(inSlack(by)).press(slack, 'approve')
}

/** In both orders by turns. */
const together = (round: number, one: () => Promise<unknown>, other: () => Promise<unknown>) =>
  Promise.all((round % 2 === 0 ? [one, other] : [other, one]).map((act) => act()))

describe('race: both channels at the same moment', () => {
  test('approved in Slack and denied in Teams: one outcome, one decision, and both cards tell it', async () => {
    const ends = new Set<string>()
    for (let round = 0; round < 16; round += 1) {
      const request = await asked('deploy.start', round)
      const approves = await pressesInSlack('grace', request)
      const denies = await opensInTeams('sam', request, 'deny')

      await together(round, approves, denies)

      const { made } = await allHeard(request, 2)
      expect(made).toHaveLength(1)
      const end = await stateOf(request)
      expect(made[0]?.data.verb ?? made[0]?.data.kind).toBe(end === 'approved' ? 'approve' : 'deny')
      await bothTell(request, end)
      ends.add(String(end))
    }
    for (const end of ends) expect(['approved', 'denied']).toContain(end)
  })

  test('two people for two seats: both count, whoever is first, and it is released once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const request = await asked('iam.change', round)
      const [one, other] = [
        await pressesInSlack('grace', request),
        await opensInTeams('priya', request),
      ] as const

      await together(round, one, other)

      const { made, refused } = await allHeard(request, 2)
      expect([made.length, refused.length]).toEqual([2, 0])
      expect(await stateOf(request)).toBe('approved')
      expect(await entriesOf(house.here.store, request, 'request.approved')).toHaveLength(1)
      await bothTell(request, 'approved')
    }
  })

  test('two-hats: one person in both counts once, and the second hears so', async () => {
    for (let round = 0; round < 8; round += 1) {
      const request = await asked('iam.change', round)
      const [one, other] = [
        await pressesInSlack('grace', request),
        await opensInTeams('grace', request),
      ] as const

      await together(round, one, other)

      const { made } = await allHeard(request, 2)
      expect(made).toHaveLength(1)
      expect(await refusalsOf(house.here.store, request)).toEqual(['already_decided'])
      expect(await stateOf(request)).toBe('pending')
    }
  })

  test('approved in Teams while it expires: one outcome, and both cards tell it', async () => {
    const ends = new Set<string>()
    for (let round = 0; round < 12; round += 1) {
      const request = await asked('deploy.start', round)
      const approves = await opensInTeams('grace', request)
      house.clock.advance(3_600)

      await together(round, approves, () => expire(house.here.ports, request))

      const end = await stateOf(request)
      ends.add(String(end))
      const counted = [
        ...(await entriesOf(house.here.store, request, 'request.approved')),
        ...(await entriesOf(house.here.store, request, 'request.expired')),
      ]
      expect(counted).toHaveLength(1)
      await bothTell(request, end)
    }
  })
})

test('one after the other: whoever approved in Slack hears in Teams that it counts already', async () => {
  const request = await asked('iam.change')
  await inSlackDo(house, { by: 'grace', request, press: 'approve' })
  await allHeard(request, 1)

  await inTeamsDo(house, { by: 'grace', request })

  expect(JSON.stringify(house.teams.as(teamsIds.grace).dialog())).toMatch(/already/)
  expect(await entriesOf(house.here.store, request, 'decision.made')).toHaveLength(1)
})
