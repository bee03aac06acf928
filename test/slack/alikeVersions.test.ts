import { afterEach, beforeEach, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/world.ts'
import { type Company, openCompany } from './company.ts'
import { cardAt } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

async function asked(): Promise<string> {
  const { id } = await ask(company.world, 'deploy.start')
  await announce(company.world.ports, company.slack.channel, id)
  return id
}

test('race: two click on two versions of a card at the same moment, and each decides what that one listed', async () => {
  const { request, at } = await company.asked('deploy.start')
  const shown = async () => {
    company.world.clock.advance(30)
    await refresh(company.world.ports, company.slack.channel, { request: request.id, anew: true })
  }
  /** A click on the card as it stands now. */
  const pressed = (as: string) => {
    const blocks = JSON.parse(cardAt(company, at.ts)) as { readonly block_id: string }[]
    const block = blocks.find((one) => JSON.stringify(one).includes('"action_id":"approve"'))
    const blockId = block?.block_id ?? expect.fail()
    return company.local.compose({ act: 'press', as, at, blockId, actionId: 'approve' })
  }
  const second = await asked()
  await shown()
  const older = pressed('U0SAM')
  const third = await asked()
  await shown()
  const newer = pressed('U0GRACE')
  const fourth = await asked()

  await Promise.all([company.local.send(older), company.local.send(newer)])

  const all = [request.id, second, third, fourth]
  await eventually(async () =>
    expect(await Promise.all(all.map((id) => company.state(id)))).toEqual([
      ...['approved', 'approved', 'approved'],
      'pending',
    ]),
  )
  const made = company.store.ledger.filter(({ type }) => type === 'decision.made')
  expect(made.map((entry) => entry.request).sort()).toEqual([request.id, second, third].sort())
  expect(made.find((entry) => entry.request === third)?.data.listed).toEqual([request.id, second, third])
})
