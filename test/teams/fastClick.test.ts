import { beforeEach, describe, expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { heldPosting } from '../support/heldPosting.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, dialogText, openCompany, refusals } from './company.ts'

const { grace } = teamsIds

let company: Company
beforeEach(async () => {
  company = await openCompany({ slowAfter: 400 })
})

/** A card that has appeared in its channel, and whose record waits until `record` is called. */
async function appeared() {
  const { id } = await ask(company.world, 'deploy.start')
  const { record } = heldPosting(company.world.ports, company.channel, id)
  const messages = () => company.local.as(grace).messages(channelId)
  await eventually(() => expect(messages()).toHaveLength(1))
  return { id, record, at: { conversation: channelId, message: messages()[0]?.id ?? '' } }
}

describe('fast-click: a press in Teams before the posting is recorded', () => {
  test('waits for the record and opens its window, and the person hears of no trouble', async () => {
    company = await openCompany()
    const { id, record, at } = await appeared()
    const pressing = company.local.as(grace).press(at, 'approve_form')
    await new Promise(setImmediate)

    await record()
    await pressing

    expect(dialogText(company, grace)).toContain('Approve this action')
    await company.local.as(grace).submit()
    expect(await company.state(id)).toBe('approved')
    expect(refusals(company)).toEqual([])
  })

  test('that waits too long opens nothing and is asked to come again; then it does', async () => {
    const { id, record, at } = await appeared()

    await company.local.as(grace).press(at, 'approve_form')
    expect(dialogText(company, grace)).not.toContain('Approve this action')
    expect(await company.state(id)).toBe('pending')
    await record()

    await eventually(async () => {
      await company.local.as(grace).press(at, 'approve_form')
      expect(dialogText(company, grace)).toContain('Approve this action')
    })
  })
})
