import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { factsOf } from '../../src/card/facts.ts'
import { digestOf } from '../../src/core/digest.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { askTogether, statesIn } from '../support/setWorld.ts'
import { type Company, cardText, channelId, dialogText, openCompany, refusals } from './company.ts'

const { alice, grace } = teamsIds

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const person = (id: string) => company.local.as(id)

/** A card in Teams that asks about two tables together. */
async function posted() {
  const set = await askTogether(company.world, ['deploy.start', 'table.drop'])
  await announce(company.world.ports, company.channel, set.requests[0]?.id ?? '')
  const [card] = await company.store.cards(set.requests[0]?.id ?? '')
  const at = { conversation: channelId, message: card?.message ?? '' }
  return { set, card, at, states: () => statesIn(company.world, set) }
}

describe('several requests on one card, in Teams', () => {
  test('what-you-see: one window shows and approves all, and what is kept as seen of each is that one', async () => {
    const { set, at, states } = await posted()
    expect(cardText(company, at.message)).toContain('Approval needed: 2 actions')

    await person(grace).press(at, 'Approve all 2')
    for (const table of ['warehouse.t0', 'warehouse.t1']) expect(dialogText(company, grace)).toContain(table)
    expect(await states()).toEqual(['pending', 'pending'])
    await person(grace).submit()

    expect(await states()).toEqual(['approved', 'approved'])
    for (const { id } of set.requests) {
      const request = await company.store.request(id)
      if (!request) throw new Error('it was asked')
      expect(request.decisions.map(({ seen }) => seen)).toEqual([
        digestOf('countersign/seen/v2', { text: factsOf(request).text }),
      ])
    }
    expect(company.local.problems).toEqual([])
  })

  test('one reason denies all', async () => {
    const { set, at, states } = await posted()

    expect(await person(grace).press(at, 'Deny all 2')).toMatchObject({ ok: true })
    expect(await person(grace).submit({})).toMatchObject({ ok: false })
    await person(grace).submit({ reason: 'Not before the release.' })

    expect(await states()).toEqual(['denied', 'denied'])
    for (const { id } of set.requests)
      expect((await company.store.request(id))?.outcome).toBe('Not before the release.')
  })

  test('line by line: what stands beside a line decides that one', async () => {
    const { set, card, at, states } = await posted()
    const value = `${set.requests[1]?.id}|${card?.id}`
    const action = {
      type: 'Action.Submit',
      data: { msteams: { type: 'task/fetch' }, open: 'approve_form', value },
    }
    expect(cardText(company, at.message)).toContain(value)

    await company.local.act({ act: 'press', as: grace, ...at, action })
    expect(dialogText(company, grace)).toContain('warehouse.t1')
    expect(dialogText(company, grace)).not.toContain('warehouse.t0')
    await person(grace).submit()

    expect(await states()).toEqual(['pending', 'approved'])
  })

  test('own-request: whoever is behind them decides none, and it is recorded; control: somebody else above', async () => {
    const { at, states } = await posted()

    await person(alice).press(at, 'Approve all 2')

    expect(dialogText(company, alice)).toContain('somebody else has to decide')
    expect(refusals(company)).toContain('own_request')
    expect(await states()).toEqual(['pending', 'pending'])
  })
})
