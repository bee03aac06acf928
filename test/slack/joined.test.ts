import { afterEach, beforeEach, expect, test } from 'vitest'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { eventually } from '../support/eventually.ts'
import { click } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { cardAt, ephemeralsTo, threadOf } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const link = (account: string, other: string) =>
  linkAccounts(company.world.ports, {
    account: { address: `slack:${account}` },
    other: { address: `slack:${other}` },
    via: 'cli',
  })

/** What `/approvals show` says of who decided. */
async function endingOf(id: string): Promise<string | undefined> {
  await company.local.as('U0BOB').command(channelId, `/approvals show ${id}`)
  await eventually(() => expect(JSON.stringify(ephemeralsTo(company, 'U0BOB'))).toContain(id))
  return /It is \*approved\* by (.*?), <!date/.exec(JSON.stringify(ephemeralsTo(company, 'U0BOB')))?.[1]
}

test.each([
  ['whose id was given up', 'U0GRACE', 'U0BOB'],
  ['control: whose id stayed', 'U0BOB', 'U0GRACE'],
])('the thread tells of a decision by somebody %s since', async (_, kept, joining) => {
  const { request, at } = await company.asked('db.export')
  await click(company.world, request.id, 'U0BOB', { reason: 'I have looked at it.' })

  await link(kept, joining)
  await company.settle(request.id)

  const told = threadOf(company, at.ts).map(({ text }) => text)
  expect(told).toEqual([expect.stringMatching(/^(bob|grace) agreed for data\.$/)])
})

test('whoever agreed with two accounts is named once', async () => {
  const { id } = (await company.asked('db.export')).request
  for (const user of ['U0BOB', 'U0SAM']) await click(company.world, id, user)
  await link('U0BOB', 'U0SAM')

  expect(await endingOf(id)).toBe('bob')
})

test('control: two people are named as two', async () => {
  const { id } = (await company.asked('db.export')).request
  for (const user of ['U0BOB', 'U0SAM']) await click(company.world, id, user)

  expect(await endingOf(id)).toBe('bob and sam')
})

const given = {
  joined: () => link('U0ALICE', 'U0BOB'),
  owner: () =>
    handOver(company.world.ports, {
      name: company.world.agent.agent.name,
      to: { address: 'slack:U0BOB' },
      by: { address: 'slack:U0BOB' },
      via: 'cli',
    }),
}

test.each([
  ['is linked to the initiator', given.joined],
  ['becomes the owner of the agent', given.owner],
])('an approval whose person %s is shown at once as one that no longer counts', async (_, happens) => {
  const { request, at } = await company.asked('db.export')
  await company.local.as('U0BOB').press(at, 'approve')
  await eventually(async () => expect((await company.store.request(request.id))?.decisions).toHaveLength(1))
  await company.settle(request.id)
  const before = company.store.jobs.get(`refresh:${request.id}`)
  expect(cardAt(company, at.ts)).not.toContain('no longer counts')

  await happens()
  const job = company.store.jobs.get(`refresh:${request.id}`)
  await company.settle(request.id)

  expect(job).not.toBe(before)
  expect(cardAt(company, at.ts)).toContain('no longer counts: they turned out to be behind the action')
})

test('control: the card of a request that has neither of them in it is left alone', async () => {
  const { request } = await company.asked('db.export')
  const before = company.store.jobs.get(`refresh:${request.id}`)

  await link('U0SAM', 'U0PRIYA')

  expect(company.store.jobs.get(`refresh:${request.id}`)).toBe(before)
})
