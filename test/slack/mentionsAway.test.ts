import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { remind } from '../../src/approvals/cards/remind.ts'
import { eventually } from '../support/eventually.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, submission } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { cardAt, threadOf } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
  bound(6)
})
afterEach(() => company.close())

/** Exports ask Omar by name beside the data owners, who are Bob and Priya. */
function bound(mentions: number) {
  const bundle = (bundleFiles['bundle.yaml'] ?? '').replace(
    'defaults:\n',
    `defaults:\n  mentions_per_day: ${mentions}\n`,
  )
  company.world.setPolicy(testBundle({ ...bundleFiles, 'bundle.yaml': bundle }))
}

/** Bob is told in the place of somebody. */
async function away(member: string) {
  await company.local.as(member).command(channelId, '/approvals delegate <@U0BOB> until friday')
  await eventually(async () =>
    expect(await company.store.standingDelegations(company.world.clock())).toMatchObject([
      { id: keyOf(member), delegate: keyOf('U0BOB') },
    ]),
  )
}

let nth = 0
async function asked() {
  nth += 1
  const { id } = await ask(company.world, 'db.export', submission('db.export', { params: { nth } }))
  company.world.clock.advance(2)
  await announce(company.world.ports, company.slack.channel, id)
  const [card] = await company.store.cards(id)
  return { id, ts: card?.message ?? '' }
}

async function called(account: string, times: number) {
  const at = company.world.clock().toISOString()
  const mentions = Array.from({ length: times }, (_, by) => ({
    ...{ account: `slack:${account}`, name: `by ${by}`, agent: `agt_${by}`, at },
  }))
  await company.store.commit({ mentions, entries: [] })
}

async function times() {
  const all = await company.store.mostCalled('2026-11-01T00:00:00.000Z', 100)
  return Object.fromEntries(all.map(({ account, times }) => [account.slice('slack:'.length), times]))
}

describe('somebody in whose place a delegate is told', () => {
  test('is not counted; the delegate is, and once although they are in the group as well', async () => {
    await away('U0OMAR')

    await asked()

    expect(await times()).toEqual({ U0BOB: 1, U0PRIYA: 1, U0SAM: 1 })
  })

  test('control: whoever is not away is counted', async () => {
    await asked()

    expect(await times()).toEqual({ U0OMAR: 1, U0BOB: 1, U0PRIYA: 1, U0SAM: 1 })
  })

  test('leaves it to the bound of the delegate whether they are mentioned, and the card says whose it was', async () => {
    await away('U0OMAR')
    await called('U0BOB', 6)

    const { ts } = await asked()

    expect(cardAt(company, ts)).toMatch(/omar \(away; bob, who stands in, was mentioned often enough today\)/)
    expect(cardAt(company, ts)).not.toMatch(/<@U0OMAR>|<@U0BOB>/)
    expect((await times()).U0OMAR).toBeUndefined()
  })

  test('has a load of their own, which spares no delegate', async () => {
    await away('U0OMAR')
    await called('U0OMAR', 6)

    const { ts } = await asked()

    expect(cardAt(company, ts)).toContain('<@U0BOB> (for ')
    expect(await times()).toMatchObject({ U0OMAR: 6, U0BOB: 1 })
  })

  test('is not called by name where their group is spared, and neither is counted twice by a reminder', async () => {
    await away('U0PRIYA')
    await called('U0BOB', 6)

    const { id, ts } = await asked()

    expect(cardAt(company, ts)).toContain('data-owners (mentioned often enough today)')
    company.world.clock.advance(900)
    await remind(company.world.ports, company.slack.channel, { request: id, nth: 0 })
    expect(
      threadOf(company, ts)
        .map(({ text }) => text)
        .join(),
    ).toContain('data-owners (mentioned often')
  })

  test('control: the same group with nobody away: who may be is called by name', async () => {
    await called('U0BOB', 6)

    const { ts } = await asked()

    expect(cardAt(company, ts)).toContain(
      'data-owners (<@U0PRIYA>; others were mentioned often enough today)',
    )
  })
})
