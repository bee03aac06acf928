import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany, refusals, send, sendForged, tooLong } from './company.ts'
import { reason } from './emergency.ts'
import { cardAt, readToEnd, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

type Asked = Awaited<ReturnType<Company['asked']>>

/** Takes the glass from the menu of a card. */
async function openMenu(who: string, { request, card, at }: Asked): Promise<void> {
  await company.local.as(who).press(at, 'more', { value: `break_glass|${request.id}|${card.id}` })
}

/** A reboot that waits for Security, and Omar with the window that lets it through. */
async function opened(): Promise<Asked> {
  const asked = await company.asked('host.reboot')
  await openMenu('U0OMAR', asked)
  await windowOpens(company, 'U0OMAR', 'break_glass')
  return asked
}

describe('a request that people are asked about', () => {
  test('offers the glass in its menu, and its window says what it means', async () => {
    const asked = await company.asked('host.reboot')
    expect(cardAt(company, asked.at.ts)).not.toContain('"action_id":"break_glass"')

    await openMenu('U0OMAR', asked)

    await eventually(() => expect(windowOf(company, 'U0OMAR')).toContain('on your word alone'))
    const text = windowOf(company, 'U0OMAR')
    expect(text).toContain('host.reboot on table warehouse.users in prod')
    expect(text).toContain('Somebody else has to review it within 24 hours')
    expect(text).toContain(
      'one of <!subteam^S0INCIDENT>, but nobody behind the action: <@U0ALICE> and <@U0LEE>',
    )
    expect(text).toContain('At least 20 characters. Begin with the number of the incident, as in INC-42.')
  })

  test('is let through alone, although nobody of Security agreed', async () => {
    const asked = await opened()

    const weak = await send(company, 'U0OMAR', { reason: 'I would like it to happen now.' })
    const sent = await send(company, 'U0OMAR', { reason })

    expect(weak).toMatchObject({ ok: false, errors: { reason: expect.stringContaining('INC-') } })
    expect(sent).toMatchObject({ ok: true })
    expect(await company.state(asked.request.id)).toBe('approved')
    expect(refusals(company)).toEqual(['reason_rejected'])
  })

  test('control: without an emergency path the menu has no glass', async () => {
    const { at } = await company.asked('deploy.start')

    expect(cardAt(company, at.ts)).not.toContain('break_glass')
  })

  test.each([
    ['somebody behind the action', 'U0ALICE', 'somebody else has to decide'],
    [
      'somebody of Security, who is not on the path',
      'U0PRIYA',
      'Only the people whom the policy names for an emergency',
    ],
  ])('is not let through by %s', async (_, who, says) => {
    const asked = await company.asked('host.reboot')

    await openMenu(who, asked)

    await eventually(() => expect(windowOf(company, who)).toContain(says))
    expect(await company.state(asked.request.id)).toBe('pending')
  })

  test('that was settled while the window was open tells so, and its glass stays whole', async () => {
    const asked = await opened()
    await company.local.as('U0PRIYA').press(asked.at, 'deny')
    await windowOpens(company, 'U0PRIYA', 'deny')
    await send(company, 'U0PRIYA', { reason: 'Not now.' })

    await send(company, 'U0OMAR', { reason })

    expect(windowOf(company, 'U0OMAR')).toContain('It is *denied* by priya')
    expect(await company.store.request(asked.request.id)).toMatchObject({
      state: 'denied',
      brokenGlass: null,
    })
  })

  test('breaking it and denying it in the same instant leave one outcome, and the loser hears it', async () => {
    const asked = await opened()
    await company.local.as('U0PRIYA').press(asked.at, 'deny')
    await windowOpens(company, 'U0PRIYA', 'deny')

    await Promise.all([send(company, 'U0OMAR', { reason }), send(company, 'U0PRIYA', { reason: 'Not now.' })])

    const end = await company.store.request(asked.request.id)
    const loser = end?.state === 'approved' ? 'U0PRIYA' : 'U0OMAR'
    expect(end?.brokenGlass === null).toBe(end?.state === 'denied')
    expect(end?.decisions).toHaveLength(end?.state === 'denied' ? 1 : 0)
    expect(windowOf(company, loser)).toContain(`It is *${end?.state}*`)
    expect(
      company.store.ledger.filter((entry) => /^request\.(approved|denied)$/.test(entry.type)),
    ).toHaveLength(1)
  })

  test('a deadline that passes while the window is open wins over the reason', async () => {
    const asked = await opened()
    company.world.clock.advance(1_800)

    await send(company, 'U0OMAR', { reason })

    expect(windowOf(company, 'U0OMAR')).toContain('It is *expired*')
    expect(await company.store.request(asked.request.id)).toMatchObject({
      state: 'expired',
      brokenGlass: null,
    })
  })

  test('a database that breaks is not reported as a broken glass', async () => {
    const asked = await opened()
    company.slowDown(() => Promise.reject(new Error('connection lost')))

    await send(company, 'U0OMAR', { reason })

    expect(windowOf(company, 'U0OMAR')).toContain('not certain')
    expect(await company.state(asked.request.id)).toBe('pending')
  })

  test.each([
    ['a guest', { guest: 'multi' as const }],
    ['somebody of another company', { teamId: 'T0PARTNER' }],
    ['a deactivated person', { deleted: true }],
  ])('%s who is on the path does not break it, whatever was open', async (_, change) => {
    const asked = await opened()
    const sending = company.local.compose({
      act: 'submit',
      as: 'U0OMAR',
      view: company.local.as('U0OMAR').modal()?.id ?? '',
      state: { reason: { text: { type: 'plain_text_input', value: reason } } },
    })
    company.local.directory.changeMember('U0OMAR', change)
    await company.local.idle()

    await company.local.send(sending)

    await eventually(() => expect(refusals(company)).toEqual(['not_staff']))
    expect(await company.state(asked.request.id)).toBe('pending')
  })

  test('a sending that is delivered twice breaks one glass and says nothing more', async () => {
    const _asked = await opened()
    await send(company, 'U0OMAR', { reason })

    await company.local.deliveries.at(-1)?.again()

    expect(company.store.ledger.filter((entry) => entry.type === 'glass.broken')).toHaveLength(1)
  })

  test('whose action does not fit its card shows the glass on the last page only', async () => {
    const asked = await company.asked('host.reboot', tooLong('host.reboot'))
    expect(cardAt(company, asked.at.ts)).not.toContain('break_glass')
    const omar = company.local.as('U0OMAR')
    await omar.press(asked.at, 'full')
    await readToEnd(company, 'U0OMAR', 'break_glass_in_view')

    await omar.press({ view: omar.modal()?.id ?? '' }, 'break_glass_in_view')
    await windowOpens(company, 'U0OMAR', 'break_glass')
    await send(company, 'U0OMAR', { reason })

    expect(await company.state(asked.request.id)).toBe('approved')
  })

  test('a menu choice forged onto a card that does not show the action opens nothing', async () => {
    const asked = await company.asked('host.reboot', tooLong('host.reboot'))
    const { at, request, card: posted } = asked
    const menu = { as: 'U0OMAR', at, blockId: `decide.${request.version}`, actionId: 'more' }
    const harmless = { ...menu, value: `why|${request.id}|${posted.id}` }

    await sendForged(company, harmless, {
      selected_option: { value: `break_glass|${request.id}|${posted.id}` },
    })

    await eventually(() => expect(windowOf(company, 'U0OMAR')).toContain('does not fit its card'))
  })
})
