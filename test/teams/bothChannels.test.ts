import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { eventually } from '../support/eventually.ts'
import { asking, copiesOf, inSlackDo, inTeamsDo, linked, shown } from './bothHands.ts'
import { type House, openHouse } from './twoChannels.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
  await linked(house, 'bob', 'priya', 'sam', 'grace', 'omar')
})

async function asked(action: string) {
  const request = await house.asked(action)
  await house.pass(5)
  return request
}

const state = async (request: string) => (await house.here.store.request(request))?.state
const ends = (request: string, end: string) => eventually(async () => expect(await state(request)).toBe(end))

/** Both copies say this, once the house has done its work. */
async function bothSay(request: string, says: RegExp, { asks }: { asks: boolean }) {
  await house.pass(30)
  const seen = await shown(house, request)
  for (const channel of ['slack', 'teams'] as const) {
    expect(seen[channel]).toMatch(says)
    expect(asking[channel].test(seen[channel])).toBe(asks)
  }
  expect(house.teams.problems).toEqual([])
  expect(house.slack.problems).toEqual([])
}

async function bothThreadsSay(request: string, says: RegExp) {
  await house.pass(30)
  const { thread } = await shown(house, request)
  expect(thread.slack).toMatch(says)
  expect(thread.teams).toMatch(says)
}

describe('a request that is announced in both channels', () => {
  test('has a card in each, and both ask', async () => {
    const request = await asked('deploy.start')

    await bothSay(request, /deploy\.start/, { asks: true })
    expect((await copiesOf(house, request)).cards.teams.status).toBe('posted')
  })

  test('approved in Slack: the card in Teams tells it, and asks nobody', async () => {
    const request = await asked('deploy.start')

    await inSlackDo(house, { by: 'grace', request, press: 'approve' })

    await ends(request, 'approved')
    await bothSay(request, /Approved/, { asks: false })
  })

  test('denied in Teams: the card in Slack tells it, and asks nobody', async () => {
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: 'grace', request, open: 'deny', written: 'Not during the freeze.' })

    await ends(request, 'denied')
    await bothSay(request, /Denied/, { asks: false })
    await bothThreadsSay(request, /Not during the freeze/)
  })

  test('one seat filled in each: both cards tell of the first, and of the end', async () => {
    const request = await asked('iam.change')

    await inSlackDo(house, { by: 'grace', request, press: 'approve' })
    await bothSay(request, /[Gg]race|U0GRACE/, { asks: true })
    await inTeamsDo(house, { by: 'priya', request })

    await ends(request, 'approved')
    await bothSay(request, /Approved/, { asks: false })
  })

  test('expired: both tell it', async () => {
    const request = await asked('deploy.start')

    house.clock.advance(3_600)
    await house.pass(5)

    await ends(request, 'expired')
    await bothSay(request, /Expired/, { asks: false })
  })

  test('cancelled by its agent: both tell it', async () => {
    const request = await asked('deploy.start')
    const { agent } = house.here.world.agent

    await cancel(house.here.ports, { request, agent, via: 'api' })

    await ends(request, 'cancelled')
    await bothSay(request, /Cancelled/, { asks: false })
  })

  test('escalated in time: both tell whom it brings in', async () => {
    const request = await asked('node.drain')

    await house.pass(605)

    await bothThreadsSay(request, /[Ss]ecurity|S0SECURITY/)
  })

  test('escalated by somebody in Teams: both tell it', async () => {
    const request = await asked('node.drain')

    await inTeamsDo(house, { by: 'grace', request, open: 'escalate', written: 'Nobody of us is awake.' })

    await bothThreadsSay(request, /Nobody of us is awake/)
  })

  test('changes asked for in Teams, and in Slack: both tell it', async () => {
    const request = await asked('deploy.start')

    await inTeamsDo(house, { by: 'grace', request, open: 'ask_changes', written: 'Fewer rows, please.' })
    await bothThreadsSay(request, /Fewer rows, please/)
    await inSlackDo(house, { by: 'sam', request, press: 'ask_changes', written: 'And only Europe.' })

    await bothThreadsSay(request, /And only Europe/)
  })

  test('an approval given in Slack and taken back in Teams: both tell it, and ask again', async () => {
    const request = await asked('iam.change')
    await inSlackDo(house, { by: 'grace', request, press: 'approve' })
    await house.pass(30)

    await inTeamsDo(house, { by: 'grace', request, open: 'withdraw', written: 'Wrong role.' })

    await bothThreadsSay(request, /Wrong role/)
    await bothSay(request, /iam\.change/, { asks: true })
    expect((await house.here.store.request(request))?.decisions).toMatchObject([
      { ended: { how: 'withdrawn' } },
    ])
  })
})
