import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, refusals, send, sendForged, tooLong } from './company.ts'
import { cardAt, readToEnd, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

/** `secret.read` wants a reason that begins with a ticket, and the resource's id typed. */
const good = { reason: 'INC-7: reading it to rotate it', 'typed/0': 'warehouse.users' }

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

/** Asks, and opens the window as Priya of Security. */
async function opened() {
  const asked = await company.asked('secret.read')
  await company.local.as('U0PRIYA').press(asked.at, 'approve_form')
  await windowOpens(company, 'U0PRIYA', 'approve_form')
  return asked
}

describe('an approval that has to be written', () => {
  test('has no one-click Approve, and its window shows the action and all that is asked', async () => {
    const { at } = await opened()

    expect(cardAt(company, at.ts)).not.toContain('"action_id":"approve"')
    const window = windowOf(company, 'U0PRIYA')
    expect(window).toContain('secret.read on table warehouse.users in prod')
    expect(window).toContain('rows: 10')
    expect(window).toContain('At least 12 characters. It has to match ^INC-[0-9]+')
    expect(window).toContain('Type this to confirm: warehouse.users')
    expect(company.local.problems).toEqual([])
  })

  test('counts with a fitting reason and the text typed; both are kept with the decision', async () => {
    const { request } = await opened()

    const sent = await send(company, 'U0PRIYA', good)

    expect(sent).toMatchObject({ ok: true })
    expect(company.local.as('U0PRIYA').modal()).toBeUndefined()
    expect(await company.store.request(request.id)).toMatchObject({
      state: 'approved',
      decisions: [{ kind: 'approve', reason: good.reason, typed: ['warehouse.users'] }],
    })
  })

  test.each([
    ['without the ticket', { ...good, reason: 'because it is needed' }, 'reason', 'INC-', 'reason_rejected'],
    [
      'with another text typed',
      { ...good, 'typed/0': 'Warehouse.Users' },
      'typed/0',
      'not the text',
      'confirmation_wrong',
    ],
    [
      'with a space after the text',
      { ...good, 'typed/0': 'warehouse.users ' },
      'typed/0',
      'not the text',
      'confirmation_wrong',
    ],
  ])('%s it is refused beside the field, and can be fixed there', async (_, written, field, says, code) => {
    const { request } = await opened()

    const sent = await send(company, 'U0PRIYA', written)

    expect(sent).toMatchObject({ ok: false, errors: { [field]: expect.stringContaining(says) } })
    expect(company.local.problems).toEqual([])
    expect(refusals(company)).toEqual([code])
    expect(await company.state(request.id)).toBe('pending')
    await send(company, 'U0PRIYA', good)
    expect(await company.state(request.id)).toBe('approved')
  })

  test('is refused to whoever may not decide before they write', async () => {
    const { at } = await company.asked('secret.read')

    await company.local.as('U0ALICE').press(at, 'approve_form')

    await eventually(() => expect(windowOf(company, 'U0ALICE')).toContain('somebody else has to decide'))
  })

  test('is refused at the end to somebody who left the group while writing', async () => {
    const { request } = await opened()
    company.local.directory.removeFromGroup('S0SECURITY', 'U0PRIYA')
    await company.local.idle()

    await send(company, 'U0PRIYA', good)

    expect(windowOf(company, 'U0PRIYA')).toContain('not among the people who can decide')
    expect(await company.state(request.id)).toBe('pending')
  })

  test('does not count as a plain click, whoever forges one', async () => {
    const { request, at } = await company.asked('secret.read')
    const button = { as: 'U0PRIYA', at, blockId: `decide.${request.version}`, actionId: 'approve_form' }

    await sendForged(company, button, { action_id: 'approve' })

    await eventually(() => expect(refusals(company)).toEqual(['reason_rejected']))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('control: where nothing is asked, the click alone counts', async () => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.as('U0GRACE').press(at, 'approve')

    expect(await company.state(request.id)).toBe('approved')
  })

  test('a sending that is delivered twice counts once', async () => {
    const { request } = await opened()
    await send(company, 'U0PRIYA', good)

    await company.local.deliveries.at(-1)?.again()

    expect((await company.store.request(request.id))?.decisions).toHaveLength(1)
  })

  test('a reason of a thousand emoji is kept whole', async () => {
    const { request } = await opened()
    const long = `INC-7 ${'🔑'.repeat(994)}`

    await send(company, 'U0PRIYA', { ...good, reason: long })

    expect((await company.store.request(request.id))?.decisions[0]?.reason).toBe(long)
  })

  test('its reason stands in the thread', async () => {
    const { request, at } = await opened()
    await send(company, 'U0PRIYA', good)

    await company.settle(request.id)

    expect(JSON.stringify(threadOf(company, at.ts))).toContain(good.reason)
  })
})

describe('in the thread of its card', () => {
  const say = (text: string, ts: string) =>
    company.local.as('U0PRIYA').post(channelId, `<@U0COUNTERSIGN> ${text}`, ts)

  test('a mention cannot approve what has to be typed', async () => {
    const { request, at } = await company.asked('secret.read')

    await say('approve because INC-7: reading it to rotate it', at.ts)

    await eventually(() =>
      expect(whispersTo(company, 'U0PRIYA')).toEqual([expect.stringContaining('button *Approve…*')]),
    )
    expect(refusals(company)).toEqual(['confirmation_wrong'])
    expect(await company.state(request.id)).toBe('pending')
  })

  test('the person is told what the reason lacks', async () => {
    const { at } = await company.asked('secret.read')

    await say('approve', at.ts)

    await eventually(() =>
      expect(whispersTo(company, 'U0PRIYA')).toEqual([expect.stringContaining('at least 12 characters')]),
    )
  })
})

test('a long action is approved in writing on the last page of its full view', async () => {
  const { request, at } = await company.asked('secret.read', tooLong('secret.read'))
  const priya = company.local.as('U0PRIYA')
  expect(cardAt(company, at.ts)).not.toContain('approve_form')
  await priya.press(at, 'full')
  expect(await readToEnd(company, 'U0PRIYA', 'approve_form_in_view')).toBeGreaterThan(1)

  await priya.press({ view: priya.modal()?.id ?? '' }, 'approve_form_in_view')
  await windowOpens(company, 'U0PRIYA', 'approve_form')
  await send(company, 'U0PRIYA', good)

  expect(await company.state(request.id)).toBe('approved')
})
