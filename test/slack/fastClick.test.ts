import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { perform } from '../../src/approvals/perform.ts'
import { eventually } from '../support/eventually.ts'
import { heldPosting } from '../support/heldPosting.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'
import { whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany({ slowAfter: 400 })
})
afterEach(() => company.close())

/** A card that has appeared in its channel, and whose record waits until `record` is called. */
async function appeared() {
  const { id } = await ask(company.world, 'deploy.start')
  const { record } = heldPosting(company.world.ports, company.slack.channel, id)
  const messages = () => company.local.as('U0GRACE').messages(channelId)
  await eventually(() => expect(messages()).toHaveLength(1))
  return { id, record, at: { conversation: channelId, ts: messages()[0]?.ts ?? '' } }
}

describe('fast-click: a click before the posting is recorded', () => {
  test('waits for the record and counts, and the person hears of no trouble', async () => {
    const { id, record, at } = await appeared()
    const pressing = company.local.as('U0GRACE').press(at, 'approve')
    await new Promise(setImmediate)
    expect(await company.state(id)).toBe('pending')

    await record()

    expect(await pressing).toMatchObject({ ok: true })
    await eventually(async () => expect(await company.state(id)).toBe('approved'))
    // On a busy machine the click may have been queued meanwhile, and they are told so; nothing is refused.
    expect(whispersTo(company, 'U0GRACE').filter((text) => !/queued|recorded/.test(text))).toEqual([])
    expect(refusals(company)).toEqual([])
  })

  test('that waits longer than Slack does is queued, and the job judges it when the card is on record', async () => {
    const { id, record, at } = await appeared()

    expect(await company.local.as('U0GRACE').press(at, 'approve')).toMatchObject({ ok: true })

    await eventually(() => expect(company.queued).toHaveLength(1))
    const [command] = company.queued
    if (command?.verb !== 'approve') throw new Error('no approval was queued')
    await expect(perform(company.world.ports, command)).rejects.toMatchObject({ code: 'card_unrecorded' })
    expect([await company.state(id), refusals(company)]).toEqual(['pending', []])
    await record()
    await perform(company.world.ports, command)
    expect(await company.state(id)).toBe('approved')
    expect((await company.store.request(id))?.decisions).toHaveLength(1)
  })

  test('that is queued and turns out to come from another message is refused by the job', async () => {
    const { id, record, at } = await appeared()
    await company.local.as('U0GRACE').press(at, 'approve')
    await eventually(() => expect(company.queued).toHaveLength(1))
    const [command] = company.queued
    if (command?.verb !== 'approve') throw new Error('no approval was queued')
    await record()

    const forged = { ...command.attempt, delivery: 'forged', message: '1700000000.000001' }
    await expect(perform(company.world.ports, { verb: 'approve', attempt: forged })).rejects.toMatchObject({
      code: 'foreign_payload',
    })
    expect(command.attempt.message).toBe(at.ts)
    expect(await company.store.request(id)).toMatchObject({ version: expect.any(Number) })
  })

  test('opens its window when the card is on record', async () => {
    const { record, at } = await appeared()
    await company.local.as('U0GRACE').press(at, 'deny')

    await record()

    await windowOpens(company, 'U0GRACE', 'deny')
  })

  test('on a card that never gets on record: the person hears that nothing was decided', async () => {
    const impatient = company
    company = await openCompany({ slowAfter: 50 })
    await impatient.close()
    const { id, record, at } = await appeared()

    await company.local.as('U0GRACE').press(at, 'approve')

    await eventually(() =>
      expect(whispersTo(company, 'U0GRACE').at(-1)).toContain('This card is not on record yet'),
    )
    expect([await company.state(id), refusals(company)]).toEqual(['pending', []])
    await record()
  })

  test('on a card that another one replaces meanwhile decides nothing, and the person is told', async () => {
    const { id, record, at } = await appeared()
    const pressing = company.local.as('U0GRACE').press(at, 'full')
    const press = company.local.as('U0GRACE').press(at, 'approve')
    const [card] = await company.store.cards(id)
    if (!card) throw new Error('no card')
    await company.store.commit({
      cards: [{ expected: card.version, next: { ...card, version: card.version + 1, status: 'replaced' } }],
      entries: [],
    })
    await Promise.all([pressing, press])

    await eventually(() =>
      expect(whispersTo(company, 'U0GRACE').at(-1)).toContain('This copy of the card is out of date'),
    )
    expect(await company.state(id)).toBe('pending')
    expect(windowOf(company, 'U0GRACE')).not.toContain('Approve')
    await record()
  })
})
