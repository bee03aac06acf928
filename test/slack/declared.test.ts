import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { factsWith } from '../../src/card/declared.ts'
import { digestOf } from '../../src/core/digest.ts'
import { eventually } from '../support/eventually.ts'
import { grantOf, redeems } from '../support/grantedRequest.ts'
import { ends, undo } from '../support/rollbackWorld.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { cardAt, ephemeralsTo, threadOf } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const rollback = {
  action: 'table.drop',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { snapshot: 'before-0042' },
  environment: 'prod',
}

async function posted() {
  const request = await ask(company.world, 'deploy.start', { rollback })
  await announce(company.world.ports, company.slack.channel, request.id)
  const [card] = company.local.as('U0GRACE').messages(channelId)
  const [declared] = await company.world.store.rollbacksOf([request.id])
  if (!declared) throw new Error('it was declared')
  return { request, declared, ts: card?.ts ?? '' }
}

describe('an action with its rollback', () => {
  test('is one card, which shows both', async () => {
    const { ts } = await posted()

    expect(cardAt(company, ts)).toContain('decided by the same votes: table.drop')
    expect(cardAt(company, ts)).toContain('before-0042')
    expect(company.local.as('U0GRACE').messages(channelId)).toHaveLength(1)
  })

  test('what-you-see: one click approves both, and what is kept as seen has both', async () => {
    const { request, declared, ts } = await posted()

    await company.local.as('U0GRACE').press({ conversation: channelId, ts }, 'approve')

    expect([await company.state(request.id), await company.state(declared.id)]).toEqual([
      'approved',
      'approved',
    ])
    const text = factsWith(request, declared).text
    const seen = digestOf('countersign/seen/v2', { text })
    for (const { id } of [request, declared])
      expect((await company.world.store.request(id))?.decisions.map((one) => one.seen)).toEqual([seen])
    expect(seen).not.toBe(digestOf('countersign/seen/v2', { text: factsWith(request, null).text }))
  })

  test('what-you-see: one that the agent cancelled alone is not promised, and not kept as seen', async () => {
    const { request, declared, ts } = await posted()
    const { world, slack } = company
    await cancel(world.ports, { request: declared.id, agent: world.agent.agent, via: 'api' })
    await refresh(world.ports, slack.channel, { request: request.id, anew: true })

    expect(cardAt(company, ts)).toContain('the agent cancelled the one that was declared')
    expect(cardAt(company, ts)).not.toContain('before-0042')
    expect(cardAt(company, ts)).not.toContain('its rollback may be done')
    await company.local.as('U0GRACE').press({ conversation: channelId, ts }, 'approve')

    const seen = digestOf('countersign/seen/v2', { text: factsWith(request, null).text })
    expect((await world.store.request(request.id))?.decisions.map((one) => one.seen)).toEqual([seen])
  })

  test('is on the lists of people once', async () => {
    const { request, declared } = await posted()

    await company.local.as('U0GRACE').command(channelId, '/approvals')

    await eventually(() => expect(ephemeralsTo(company, 'U0GRACE')).toHaveLength(1))
    const said = JSON.stringify(ephemeralsTo(company, 'U0GRACE'))

    expect(said).toContain(request.id)
    expect(said).not.toContain(declared.id)
  })
})

test('what becomes of a rollback stands in the thread of what it undoes, once', async () => {
  const { world, slack } = company
  const first = await ask(world, 'deploy.start')
  await announce(world.ports, slack.channel, first.id)
  const [card] = company.local.as('U0GRACE').messages(channelId)
  const ts = card?.ts ?? ''
  await company.local.as('U0GRACE').press({ conversation: channelId, ts }, 'approve')
  const approved = await world.store.request(first.id)
  if (!approved) throw new Error('it was asked')
  const by = { agent: world.agent.agent, key: world.agent.key }
  await redeems(world, await grantOf(world, approved), by)
  await ends(world, first, 'succeeded')
  await undo(world, first)

  // At the channel's pace: the lines wait for their turn.
  for (let nth = 0; nth < 8; nth += 1) {
    await refresh(world.ports, slack.channel, { request: first.id, anew: true }).catch(() => undefined)
    world.clock.advance(2)
  }

  const lines = threadOf(company, ts).map(({ text }) => text)
  expect(lines.filter((line) => line.includes('Rollback asked for'))).toHaveLength(1)
  expect(cardAt(company, ts)).toContain('Rollback asked for')
})
