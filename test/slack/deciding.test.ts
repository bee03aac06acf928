import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { deciding } from './decidingButtons.ts'
import { cardAt, ephemeralsTo, threadOf, whispersTo } from './seen.ts'

describe.each(['http', 'socket'] as const)('deciding over %s', (mode) => {
  let company: Company
  beforeEach(async () => {
    company = await openCompany({ mode })
    // Bolt's socket says hello after start has resolved.
    await eventually(() => expect(mode === 'http' || company.local.sockets.connected === 1).toBe(true))
  })
  afterEach(() => company.close())

  const person = (id: string) => company.local.as(id)

  test('two people from two legs approve, and the card follows to the end', async () => {
    const { request, at } = await company.asked('db.export')

    const first = await person('U0BOB').press(at, 'approve')
    await company.settle(request.id)
    expect(first).toMatchObject({ ok: true })
    expect(cardAt(company, at.ts)).toContain('● <@U0BOB> for data')
    expect(cardAt(company, at.ts)).toContain('"action_id":"approve"')
    expect(await company.state(request.id)).toBe('pending')

    await person('U0SAM').press(at, 'approve')
    await company.settle(request.id)
    expect(await company.state(request.id)).toBe('approved')
    expect(cardAt(company, at.ts)).toContain('Approved: db.export')
    expect(cardAt(company, at.ts)).not.toMatch(deciding)
    expect(threadOf(company, at.ts, 'U0BOB')).toEqual([])
    expect(company.local.problems).toEqual([])
  })

  test('denying asks for a reason and the reason is kept', async () => {
    const { request, at } = await company.asked('db.export')

    await person('U0BOB').press(at, 'deny')
    await eventually(() => expect(person('U0BOB').modal()?.title).toBe('Deny this action'))
    const nothing = await person('U0BOB').submit({})
    const sent = await person('U0BOB').submit({ text: { type: 'plain_text_input', value: 'Too many rows.' } })

    expect(nothing.ok).toBe(false)
    expect(sent).toMatchObject({ ok: true })
    expect(person('U0BOB').modal()).toBeUndefined()
    expect(await company.store.request(request.id)).toMatchObject({
      state: 'denied',
      outcome: 'Too many rows.',
    })
  })

  test('an approval by somebody behind the action is refused to them alone, recorded, and the card stays', async () => {
    const { request, at } = await company.asked('db.export')
    const before = cardAt(company, at.ts)

    await person('U0ALICE').press(at, 'approve')
    await person('U0LEE').press(at, 'approve')

    for (const who of ['U0ALICE', 'U0LEE'])
      await eventually(() =>
        expect(whispersTo(company, who)).toEqual([expect.stringContaining('somebody else has to decide')]),
      )
    expect(whispersTo(company, 'U0BOB')).toEqual([])
    expect(cardAt(company, at.ts)).toBe(before)
    expect(company.store.ledger.filter((entry) => entry.type === 'decision.refused')).toHaveLength(2)
    expect(await company.state(request.id)).toBe('pending')
  })

  test('a slash command lists what waits, and only to who typed it', async () => {
    await company.asked('db.export')

    await person('U0BOB').command(channelId, '/approvals')
    await person('U0GRACE').command(channelId, '/approvals')

    await eventually(() => expect(whispersTo(company, 'U0BOB')).toHaveLength(1))
    await eventually(() => expect(whispersTo(company, 'U0GRACE')).toHaveLength(1))
    const [list] = ephemeralsTo(company, 'U0BOB')
    expect(list?.text).toBe('1 waiting for you, 0 you asked for')
    expect(JSON.stringify(list?.blocks)).toContain('db.export on table warehouse.users in prod')
    const [none] = ephemeralsTo(company, 'U0GRACE')
    expect(JSON.stringify(none?.blocks)).toContain('Nothing is waiting for you.')
  })

  test('a mention in the thread decides, with the same checks', async () => {
    const { request, at } = await company.asked('deploy.start')

    await person('U0ALICE').post(channelId, '<@U0COUNTERSIGN> approve', at.ts)
    await eventually(() =>
      expect(whispersTo(company, 'U0ALICE')).toEqual([expect.stringContaining('somebody else')]),
    )
    await person('U0GRACE').post(channelId, '<@U0COUNTERSIGN> approve', at.ts)
    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))

    await eventually(() => expect(whispersTo(company, 'U0GRACE')).toEqual(['Your decision is recorded.']))
  })
})
