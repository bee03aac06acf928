import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { alarm } from '../../src/approvals/alarm.ts'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { expire } from '../../src/approvals/expire.ts'
import { overdueReview } from '../../src/approvals/overdueReview.ts'
import { type Company, channelId, openCompany, send, tooLong, whispersTo, windowOf } from './company.ts'

/** `host.reboot` needs two of Security, `freeze.deploy` is denied; Grace and Omar may break the glass of both. */
const reason = 'INC-42: the payment service is down'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const seen = (who: string, conversation = channelId) => company.local.as(who).messages(conversation)
const card = (ts: string) => JSON.stringify(seen('U0GRACE').find((message) => message.ts === ts)?.blocks)
const refusals = () =>
  company.store.ledger.filter((entry) => entry.type === 'decision.refused').map((entry) => entry.data.code)
/** What somebody was told directly. */
const direct = (who: string) =>
  JSON.stringify(
    Object.entries(company.local.as(who).sees().messages).filter(([conversation]) =>
      conversation.startsWith('D'),
    ),
  )

type At = { conversation: string; ts: string }
type Asked = Awaited<ReturnType<Company['asked']>>

async function openMenu(who: string, asked: Asked): Promise<void> {
  const { request, card: posted, at } = asked
  await company.local.as(who).press(at, 'more', { value: `break_glass|${request.id}|${posted.id}` })
}

async function openButton(who: string, at: At, action = 'break_glass'): Promise<void> {
  await company.local.as(who).press(at, action)
}

const window = (who: string, callback: string) =>
  vi.waitFor(() => expect(company.local.as(who).modal()?.callbackId).toBe(callback))

/** A denial whose glass Grace broke. */
async function broken(): Promise<Asked> {
  const asked = await company.asked('freeze.deploy')
  await openButton('U0GRACE', asked.at)
  await window('U0GRACE', 'break_glass')
  await send(company, 'U0GRACE', { reason })
  await company.settle(asked.request.id)
  return asked
}

describe('a denial by policy that can be lifted', () => {
  test('says that it is denied and why, and offers nothing but the glass; nobody is called', async () => {
    const { request, at } = await company.asked('freeze.deploy')

    expect(request).toMatchObject({ state: 'pending', verdict: { kind: 'deny' } })
    expect(card(at.ts)).toContain('Denied by policy: freeze.deploy')
    expect(card(at.ts)).toContain('Change freeze until 4 January.')
    expect(card(at.ts)).toContain('"action_id":"break_glass"')
    expect(card(at.ts)).toContain('one of incident-commanders')
    expect(card(at.ts)).not.toMatch(/"action_id":"(approve|deny|escalate)|subteam/)
  })

  test('a forged approval of it is refused', async () => {
    const { request, at } = await company.asked('freeze.deploy')
    const act = { act: 'press', as: 'U0GRACE', at, blockId: `decide.${request.version}` } as const
    const button = company.local.compose({ ...act, actionId: 'break_glass' })
    const [action] = button.payload.actions as Record<string, unknown>[] // as it was composed

    await company.local.send({
      ...button,
      payload: { ...button.payload, actions: [{ ...action, action_id: 'approve' }] },
    })

    await vi.waitFor(() => expect(refusals()).toEqual(['not_in_leg']))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('is lifted by one person with a fitting reason, and the card shows a broken glass', async () => {
    const { request, at } = await broken()

    expect(await company.store.request(request.id)).toMatchObject({
      state: 'approved',
      brokenGlass: { reason, review: null },
    })
    expect(card(at.ts)).toContain('Glass broken, review open (approved): freeze.deploy')
    expect(card(at.ts)).toContain(
      '*Approved by breaking the glass*: <@U0GRACE> alone, past a denial by policy',
    )
    expect(card(at.ts)).toContain(reason)
    expect(card(at.ts)).toContain('"action_id":"close_review"')
    const thread = seen('U0GRACE').filter((message) => message.threadTs === at.ts)
    expect(thread.map((message) => message.text)).toEqual([
      expect.stringContaining('*<@U0GRACE> broke the glass*'),
    ])
    expect(company.local.problems).toEqual([])
  })

  test('stays denied when nobody lifts it in time, and its card says so', async () => {
    const { request, at } = await company.asked('freeze.deploy')
    company.world.clock.advance(86_400)

    await expire(company.world.ports, request.id)
    await company.settle(request.id)

    expect(card(at.ts)).toContain('Expired: freeze.deploy')
    expect(card(at.ts)).not.toContain('action_id')
    const thread = seen('U0GRACE').filter((message) => message.threadTs === at.ts)
    expect(thread.map((message) => message.text)).toEqual([
      '*Expired.* Nobody lifted the denial in time, so it stays denied.',
    ])
  })

  test('is found in /approvals by whoever may lift it, and by nobody else', async () => {
    await company.asked('freeze.deploy')

    await company.local.as('U0OMAR').command(channelId, '/approvals')
    await company.local.as('U0SAM').command(channelId, '/approvals')

    await vi.waitFor(() => expect(whispersTo(company, 'U0OMAR')).toHaveLength(1))
    await vi.waitFor(() => expect(whispersTo(company, 'U0SAM')).toHaveLength(1))
    const list = (who: string) => JSON.stringify(seen(who).filter((message) => message.ephemeral))
    expect(list('U0OMAR')).toContain('Denied by policy, and yours to lift in an emergency')
    expect(list('U0SAM')).not.toContain('freeze.deploy')
  })
})

describe('a request that people are asked about', () => {
  test('offers the glass in its menu, and its window says what it means', async () => {
    const asked = await company.asked('host.reboot')
    expect(card(asked.at.ts)).not.toContain('"action_id":"break_glass"')

    await openMenu('U0OMAR', asked)

    await vi.waitFor(() => expect(windowOf(company, 'U0OMAR')).toContain('on your word alone'))
    const text = windowOf(company, 'U0OMAR')
    expect(text).toContain('host.reboot on table warehouse.users in prod')
    expect(text).toContain('Somebody else has to review it within 24 hours')
    expect(text).toContain(
      'one of <!subteam^S0INCIDENT>, but nobody behind the action: <@U0ALICE> and <@U0LEE>',
    )
    expect(text).toContain('At least 20 characters. It has to match ^INC-[0-9]+')
  })

  test('is let through alone, although nobody of Security agreed', async () => {
    const asked = await company.asked('host.reboot')
    await openMenu('U0OMAR', asked)
    await window('U0OMAR', 'break_glass')

    const weak = await send(company, 'U0OMAR', { reason: 'I would like it to happen now.' })
    const sent = await send(company, 'U0OMAR', { reason })

    expect(weak).toMatchObject({ ok: false, errors: { reason: expect.stringContaining('INC-') } })
    expect(sent).toMatchObject({ ok: true })
    expect(await company.state(asked.request.id)).toBe('approved')
    expect(refusals()).toEqual(['reason_rejected'])
  })

  test('control: without an emergency path the menu has no glass', async () => {
    const { at } = await company.asked('deploy.start')

    expect(card(at.ts)).not.toContain('break_glass')
  })

  test.each([
    ['somebody behind the action', 'U0ALICE', 'somebody else has to decide'],
    ['somebody of Security, who is not on the path', 'U0PRIYA', 'not among the people'],
  ])('is not let through by %s', async (_, who, says) => {
    const asked = await company.asked('host.reboot')

    await openMenu(who, asked)

    await vi.waitFor(() => expect(windowOf(company, who)).toContain(says))
    expect(await company.state(asked.request.id)).toBe('pending')
  })

  test('that was settled while the window was open tells so, and its glass stays whole', async () => {
    const asked = await company.asked('host.reboot')
    await openMenu('U0OMAR', asked)
    await window('U0OMAR', 'break_glass')
    await company.local.as('U0PRIYA').press(asked.at, 'deny')
    await window('U0PRIYA', 'deny')
    await send(company, 'U0PRIYA', { reason: 'Not now.' })

    await send(company, 'U0OMAR', { reason })

    expect(windowOf(company, 'U0OMAR')).toContain('It is *denied* by <@U0PRIYA>')
    expect(await company.store.request(asked.request.id)).toMatchObject({
      state: 'denied',
      brokenGlass: null,
    })
  })

  test('breaking it and denying it in the same instant leave one outcome, and the loser hears it', async () => {
    const asked = await company.asked('host.reboot')
    await openMenu('U0OMAR', asked)
    await window('U0OMAR', 'break_glass')
    await company.local.as('U0PRIYA').press(asked.at, 'deny')
    await window('U0PRIYA', 'deny')

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
    const asked = await company.asked('host.reboot')
    await openMenu('U0OMAR', asked)
    await window('U0OMAR', 'break_glass')
    company.world.clock.advance(1_800)

    await send(company, 'U0OMAR', { reason })

    expect(windowOf(company, 'U0OMAR')).toContain('It is *expired*')
    expect(await company.store.request(asked.request.id)).toMatchObject({
      state: 'expired',
      brokenGlass: null,
    })
  })

  test('a database that breaks is not reported as a broken glass', async () => {
    const asked = await company.asked('host.reboot')
    await openMenu('U0OMAR', asked)
    await window('U0OMAR', 'break_glass')
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
    const asked = await company.asked('host.reboot')
    await openMenu('U0OMAR', asked)
    await window('U0OMAR', 'break_glass')
    const sending = company.local.compose({
      act: 'submit',
      as: 'U0OMAR',
      view: company.local.as('U0OMAR').modal()?.id ?? '',
      state: { reason: { text: { type: 'plain_text_input', value: reason } } },
    })
    company.local.directory.changeMember('U0OMAR', change)
    await company.local.idle()

    await company.local.send(sending)

    await vi.waitFor(() => expect(refusals()).toEqual(['not_staff']))
    expect(await company.state(asked.request.id)).toBe('pending')
  })

  test('a sending that is delivered twice breaks one glass and says nothing more', async () => {
    const asked = await company.asked('host.reboot')
    await openMenu('U0OMAR', asked)
    await window('U0OMAR', 'break_glass')
    await send(company, 'U0OMAR', { reason })

    await company.local.deliveries.at(-1)?.again()

    expect(company.store.ledger.filter((entry) => entry.type === 'glass.broken')).toHaveLength(1)
  })

  test('whose action does not fit its card shows the glass on the last page only', async () => {
    const asked = await company.asked('host.reboot', tooLong('host.reboot'))
    expect(card(asked.at.ts)).not.toContain('break_glass')
    const omar = company.local.as('U0OMAR')
    await omar.press(asked.at, 'full')
    await vi.waitFor(() => expect(windowOf(company, 'U0OMAR')).toContain('Page 1 of'))
    const pages = Number(/Page 1 of (\d+)/.exec(windowOf(company, 'U0OMAR'))?.[1])
    for (let page = 2; page <= pages; page += 1) {
      expect(windowOf(company, 'U0OMAR')).not.toContain('break_glass_in_view')
      await omar.press({ view: omar.modal()?.id ?? '' }, 'turn_next')
      await vi.waitFor(() => expect(windowOf(company, 'U0OMAR')).toContain(`Page ${page} of ${pages}`))
    }

    await omar.press({ view: omar.modal()?.id ?? '' }, 'break_glass_in_view')
    await window('U0OMAR', 'break_glass')
    await send(company, 'U0OMAR', { reason })

    expect(await company.state(asked.request.id)).toBe('approved')
  })

  test('a menu choice forged onto a card that does not show the action opens nothing', async () => {
    const asked = await company.asked('host.reboot', tooLong('host.reboot'))
    const { at, request, card: posted } = asked
    const act = { act: 'press', as: 'U0OMAR', at, blockId: `decide.${request.version}` } as const
    const parcel = company.local.compose({
      ...act,
      actionId: 'more',
      value: `why|${request.id}|${posted.id}`,
    })
    const [action] = parcel.payload.actions as Record<string, unknown>[] // as it was composed
    const selected_option = { value: `break_glass|${request.id}|${posted.id}` }

    await company.local.send({
      ...parcel,
      payload: { ...parcel.payload, actions: [{ ...action, selected_option }] },
    })

    await vi.waitFor(() => expect(windowOf(company, 'U0OMAR')).toContain('does not fit its card'))
  })
})

test('a glass that takes too long to break is queued under the name of the same click', async () => {
  const slow = await openCompany({ slowAfter: 100 })
  const asked = await slow.asked('freeze.deploy')
  await slow.local.as('U0GRACE').press(asked.at, 'break_glass')
  await vi.waitFor(() => expect(slow.local.as('U0GRACE').modal()?.callbackId).toBe('break_glass'))
  let open = (): void => {}
  const until = new Promise<void>((resolve) => {
    open = resolve
  })
  slow.slowDown(() => until)

  await send(slow, 'U0GRACE', { reason })

  expect(windowOf(slow, 'U0GRACE')).toContain('safely queued')
  const [deed] = slow.queued
  if (deed?.task !== 'act' || deed.act.verb !== 'break_glass') throw new Error('no glass was queued')
  open()
  await breakGlass(slow.world.ports, deed.act.attempt)
  await vi.waitFor(async () => expect(await slow.state(asked.request.id)).toBe('approved'))
  expect(slow.store.ledger.filter((entry) => entry.type === 'glass.broken')).toHaveLength(1)
  await slow.close()
})

describe('the alarm', () => {
  const sound = (request: string, why: 'broken' | 'overdue' = 'broken') =>
    alarm(company.world.ports, company.slack.channel, { request, why })

  test('sounds in the conversations that policy names, and each person of a group hears it directly', async () => {
    const { request } = await broken()

    await sound(request.id)

    const [message] = seen('U0BOB', 'C0ALERTS')
    expect(message?.text).toContain('Glass broken: freeze.deploy on table warehouse.users in prod')
    expect(JSON.stringify(message?.blocks)).toContain(
      '<@U0GRACE> let this through alone, past a denial by policy',
    )
    expect(JSON.stringify(message?.blocks)).toContain(reason)
    expect(JSON.stringify(message?.blocks)).not.toContain('rows')
    for (const who of ['U0PRIYA', 'U0SAM']) expect(direct(who)).toContain(reason)
    expect(direct('U0BOB')).not.toContain(reason)
  })

  test('opens the full request for whoever was told; control: before the glass broke it did not', async () => {
    const early = await company.asked('freeze.deploy')
    await company.local
      .as('U0PRIYA')
      .press(early.at, 'more', { value: `full|${early.request.id}|${early.card.id}` })
    await vi.waitFor(() => expect(windowOf(company, 'U0PRIYA')).toContain('There is no such request'))
    await company.local.as('U0PRIYA').close()
    const { request } = await broken()
    await sound(request.id)
    const told = Object.entries(company.local.as('U0PRIYA').sees().messages)
      .filter(([conversation]) => conversation.startsWith('D'))
      .flatMap(([conversation, messages]) => messages.map(({ ts }) => ({ conversation, ts })))

    await company.local.as('U0PRIYA').press(told.at(-1) ?? early.at, 'open')

    await vi.waitFor(() => expect(windowOf(company, 'U0PRIYA')).toContain('Page 1 of 1'))
    expect(windowOf(company, 'U0PRIYA')).toContain('rows: 10')
  })

  test('one member who cannot be reached does not keep it from the others', async () => {
    const { request } = await broken()
    company.local.faults.next('chat.postMessage', { kind: 'error', error: 'channel_not_found' }, 2)

    await expect(sound(request.id)).rejects.toMatchObject({ code: 'channel_not_found' })

    expect([direct('U0PRIYA'), direct('U0SAM')].filter((text) => text.includes(reason))).toHaveLength(1)
    await sound(request.id)
    expect(seen('U0BOB', 'C0ALERTS')).toHaveLength(1)
  })

  test('a shared channel does not hear it', async () => {
    const { request } = await broken()
    const conversation = company.local.workspace.conversations.get('C0ALERTS')
    if (conversation) company.local.workspace.conversations.set('C0ALERTS', { ...conversation, shared: true })

    await expect(sound(request.id)).rejects.toMatchObject({ code: 'shared_channel' })

    expect(seen('U0BOB', 'C0ALERTS')).toEqual([])
  })
})

describe('the review', () => {
  test('is closed by somebody else with a note, and the card and the thread show it', async () => {
    const { request, at } = await broken()

    await openButton('U0OMAR', at, 'close_review')
    await window('U0OMAR', 'close_review')
    expect(windowOf(company, 'U0OMAR')).toContain(reason)
    await send(company, 'U0OMAR', { note: 'It was an emergency. Post-mortem on Monday.' })
    await company.settle(request.id)

    expect(card(at.ts)).toContain('Approved: freeze.deploy')
    expect(card(at.ts)).toContain('*Reviewed* by <@U0OMAR>')
    expect(card(at.ts)).toContain('Post-mortem on Monday.')
    expect(card(at.ts)).not.toContain('action_id')
    const thread = seen('U0GRACE').filter((message) => message.threadTs === at.ts)
    expect(thread.at(-1)?.text).toBe('*Review closed* by <@U0OMAR>.')
  })

  test.each([
    ['whoever broke the glass', 'U0GRACE', 'You broke the glass'],
    ['somebody behind the action', 'U0ALICE', 'somebody else has to decide'],
    ['somebody who was never asked', 'U0BOB', 'not among the people'],
  ])('is not closed by %s', async (_, who, says) => {
    const { request, at } = await broken()

    await openButton(who, at, 'close_review')

    await vi.waitFor(() => expect(windowOf(company, who)).toContain(says))
    expect((await company.store.request(request.id))?.brokenGlass?.review).toBeNull()
  })

  test('waits in /approvals for those who could close it, and opens from there', async () => {
    await broken()
    const omar = company.local.as('U0OMAR')

    await omar.command(channelId, '/approvals')

    await vi.waitFor(() =>
      expect(whispersTo(company, 'U0OMAR')).toEqual(['0 waiting for you, 1 to review, 0 you asked for']),
    )
    const list = seen('U0OMAR').find((message) => message.ephemeral)
    expect(JSON.stringify(list?.blocks)).toContain('*approved, broken_glass*')
    await omar.press({ conversation: channelId, ts: list?.ts ?? '' }, 'open')
    await vi.waitFor(() => expect(windowOf(company, 'U0OMAR')).toContain('close_review_in_view'))
    await omar.press({ view: omar.modal()?.id ?? '' }, 'close_review_in_view')
    await window('U0OMAR', 'close_review')
    await send(company, 'U0OMAR', { note: 'Fine.' })
    expect(company.store.ledger.map((entry) => entry.type)).toContain('review.closed')
  })

  test('that is overdue is said in the thread once, and the alarm sounds again', async () => {
    const { request, at } = await broken()
    company.world.clock.advance(86_400)

    await overdueReview(company.world.ports, request.id)
    await overdueReview(company.world.ports, request.id)
    await company.settle(request.id)
    await alarm(company.world.ports, company.slack.channel, { request: request.id, why: 'overdue' })

    const overdue = seen('U0GRACE').filter((message) => message.text.includes('review is overdue'))
    expect(overdue).toHaveLength(1)
    expect(overdue[0]?.threadTs).toBe(at.ts)
    expect(overdue[0]?.text).toContain('<!subteam^S0INCIDENT>')
    expect(seen('U0BOB', 'C0ALERTS').at(-1)?.text).toContain('Review overdue: freeze.deploy')
  })

  test('show tells the whole story', async () => {
    const { request } = await broken()

    await company.local.as('U0OMAR').command(channelId, `/approvals show ${request.id}`)

    await vi.waitFor(() => expect(whispersTo(company, 'U0OMAR')).toHaveLength(1))
    const story = JSON.stringify(seen('U0OMAR').filter((message) => message.ephemeral))
    expect(story).toContain('It is *approved* by breaking the glass, by <@U0GRACE>')
    expect(story).toContain('Its review is open until')
    expect(story).toContain('broke the glass, by <@U0GRACE>')
    expect(story).toContain(reason)
  })
})
