import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import type { MemberAct } from '../../src/sandbox/wire.ts'
import { correctionsAtWork } from '../support/corrections.ts'
import { eventually } from '../support/eventually.ts'
import { elsewhere } from '../support/world.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'
import { cardAt, threadOf, whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

type At = { conversation: string; ts: string }

/** An approval as it travels, pressed by anybody: also by people whose client would not let them. */
function approval(as: string, at: At) {
  const message = company.local
    .as('U0BOB')
    .messages(channelId)
    .find((one) => one.ts === at.ts)
  const block = message?.blocks.find((one) => one.type === 'actions')
  const act: MemberAct = { act: 'press', as, at, blockId: String(block?.block_id), actionId: 'approve' }
  return company.local.compose(act)
}

/** The same parcel with something in it changed. */
function changed(parcel: ReturnType<typeof approval>, change: Record<string, unknown>) {
  return { ...parcel, payload: { ...parcel.payload, ...change } }
}

const saw = (who: string, text: string) =>
  eventually(() => expect(whispersTo(company, who)).toContainEqual(expect.stringContaining(text)))

describe('people who may not decide', () => {
  test('control: somebody in the leg who is staff and not behind it approves', async () => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.send(approval('U0GRACE', at))

    expect(await company.state(request.id)).toBe('approved')
  })

  test('being in the group that is asked does not help whoever is behind the action', async () => {
    company.local.directory.addToGroup('S0PLATFORM', 'U0ALICE')
    await company.local.idle()
    const { request, at } = await company.asked('deploy.start')

    await company.local.send(approval('U0ALICE', at))

    await saw('U0ALICE', 'somebody else has to decide')
    expect(refusals(company)).toEqual(['own_request'])
    expect(await company.state(request.id)).toBe('pending')
  })

  test('control: the same person approves the same action when somebody else asked for it', async () => {
    company.local.directory.addToGroup('S0PLATFORM', 'U0ALICE')
    await company.local.idle()
    const { request, at } = await company.asked('deploy.start', { initiator: { email: 'bob@acme.test' } })

    await company.local.send(approval('U0ALICE', at))

    expect(await company.state(request.id)).toBe('approved')
  })

  test('a channel member who is in no leg is refused privately and the attempt is recorded', async () => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.send(approval('U0BOB', at))

    await saw('U0BOB', 'not among the people who can decide')
    expect(refusals(company)).toEqual(['not_in_leg'])
    expect(await company.state(request.id)).toBe('pending')
  })

  test.each([
    ['a single-channel guest', { guest: 'single' as const }],
    ['a guest', { guest: 'multi' as const }],
    ['somebody of another company', { teamId: 'T0PARTNER' }],
    ['a deactivated person', { deleted: true }],
    ['a bot', { bot: true }],
  ])('%s is refused although the group names them', async (_, change) => {
    const { request, at } = await company.asked('deploy.start')
    const parcel = approval('U0GRACE', at)
    company.local.directory.changeMember('U0GRACE', change)
    await company.local.idle()

    await company.local.send(parcel)

    await eventually(() => expect(refusals(company)).toEqual(['not_staff']))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('somebody who left the group after the card was posted is refused at once, when Slack says so', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.local.directory.removeFromGroup('S0PLATFORM', 'U0GRACE')
    await company.local.idle()

    await company.local.send(approval('U0GRACE', at))

    await eventually(() => expect(refusals(company)).toEqual(['not_in_leg']))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('a group that is disabled counts for nobody', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.local.directory.setGroupDisabled('S0PLATFORM', true)
    await company.local.idle()

    await company.local.send(approval('U0GRACE', at))

    await eventually(() => expect(refusals(company)).toEqual(['not_in_leg']))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('while Slack cannot say who somebody is, nobody decides', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.world.clock.advance(60)
    company.local.faults.next('users.info', { kind: 'status', status: 500 }, Number.POSITIVE_INFINITY)

    await company.local.send(approval('U0GRACE', at))

    await saw('U0GRACE', 'could not be checked')
    expect(refusals(company)).toEqual(['identity_unknown'])
    company.local.faults.clear()
    await company.local.send(approval('U0GRACE', at))
    expect(await company.state(request.id)).toBe('approved')
  })
})

describe('payloads that are not about our card', () => {
  test.each([
    ['another app', 'A0OTHER'],
    ['no app', undefined],
  ])('a correctly signed click of %s runs nothing', async (_, api_app_id) => {
    const { request, at } = await company.asked('deploy.start')

    const ack = await company.local.send(changed(approval('U0GRACE', at), { api_app_id }))

    expect(ack).toMatchObject({ kind: 'status', status: 404 })
    expect(await company.state(request.id)).toBe('pending')
  })

  test.each([
    ['another channel', { channel_id: 'C0GENERAL' }],
    ['another message', { message_ts: '1700000000.000001' }],
  ])('a click that claims to come from %s is refused', async (_, container) => {
    const { request, at } = await company.asked('deploy.start')
    const parcel = approval('U0GRACE', at)

    const forged = changed(parcel, {
      container: { type: 'message', message_ts: at.ts, channel_id: channelId, ...container },
    })
    await company.local.send(forged)

    await saw('U0GRACE', 'This copy of the card is out of date')
    expect(await company.state(request.id)).toBe('pending')
  })

  test('a button of one card on the message of another decides neither', async () => {
    const one = await company.asked('deploy.start')
    company.world.clock.advance(5)
    const other = await company.asked('deploy.start', elsewhere('deploy.start'))
    const [action] = approval('U0GRACE', one.at).payload.actions as unknown[] // as it was composed

    await company.local.send(changed(approval('U0GRACE', other.at), { actions: [action] }))

    await saw('U0GRACE', 'did not come from the card')
    expect(await company.state(one.request.id)).toBe('pending')
    expect(await company.state(other.request.id)).toBe('pending')
  })

  test('of two cards after a lost answer only the newer decides, and the older says that it is old', async () => {
    company.local.faults.next('chat.postMessage', { kind: 'lost_answer' })
    await expect(company.asked('deploy.start')).rejects.toThrow('chat.postMessage')
    company.world.clock.advance(10)
    const [pending] = await company.store.requests({ limit: 1 })
    const id = pending?.id ?? ''
    await announce(company.world.ports, company.slack.channel, id)
    const [old, young] = company.local.as('U0GRACE').messages(channelId)
    const at = (ts: string | undefined) => ({ conversation: channelId, ts: ts ?? '' })

    await company.local.as('U0GRACE').press(at(old?.ts), 'approve')
    await saw('U0GRACE', `ts=${young?.ts}|The card is here.>`)
    expect(await company.state(id)).toBe('pending')
    await correctionsAtWork({ ...company.world, channel: company.slack.channel, store: company.store })
    expect(company.local.as('U0GRACE').messages(channelId)[0]?.text).toContain(
      'out of date and decides nothing',
    )
    expect(JSON.stringify(company.local.as('U0GRACE').messages(channelId)[0]?.blocks)).not.toContain(
      'action_id',
    )

    await company.local.as('U0GRACE').press(at(young?.ts), 'approve')
    expect(await company.state(id)).toBe('approved')
  })
})

describe('the same click again, and late clicks', () => {
  test('a click that is delivered twice counts once and says nothing the second time', async () => {
    const { request, at } = await company.asked('iam.change', { initiator: { email: 'bob@acme.test' } })
    await company.local.send(approval('U0SAM', at))

    const again = await company.local.deliveries.at(-1)?.again()

    expect(again).toMatchObject({ kind: 'acked' })
    expect((await company.store.request(request.id))?.decisions).toHaveLength(1)
    expect(whispersTo(company, 'U0SAM')).toEqual([])
  })

  test('of two approvals in the same instant one stands, and the loser hears the real outcome', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.local.directory.addToGroup('S0PLATFORM', 'U0OMAR')
    await company.local.idle()

    await Promise.all([
      company.local.send(approval('U0GRACE', at)),
      company.local.send(approval('U0OMAR', at)),
    ])

    const decided = await company.store.request(request.id)
    expect(decided).toMatchObject({ state: 'approved' })
    expect(decided?.decisions).toHaveLength(1)
    const loser = decided?.decisions[0]?.account.endsWith('U0GRACE') ? 'U0OMAR' : 'U0GRACE'
    await saw(loser, 'It is *approved* by')
  })

  test('a click after the deadline is told that it expired', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.world.clock.advance(3_600)

    await company.local.send(approval('U0GRACE', at))

    await saw('U0GRACE', 'It is *expired*')
    expect(await company.state(request.id)).toBe('expired')
  })

  test('a deadline that passes while the modal is open wins over the reason; the denial is kept, and its person is told', async () => {
    const { request, at } = await company.asked('deploy.start')
    await company.local.as('U0GRACE').press(at, 'deny')
    await windowOpens(company, 'U0GRACE', 'deny')
    company.world.clock.advance(3_600)

    await company.local.as('U0GRACE').submit({ text: { type: 'plain_text_input', value: 'No.' } })

    expect(windowOf(company, 'U0GRACE')).toContain('It had expired before, so nothing was released')
    expect(await company.state(request.id)).toBe('expired')
    expect(refusals(company)).toEqual([])
    await company.settle(request.id)
    expect(cardAt(company, at.ts)).toContain('Expired: deploy.start')
    expect(cardAt(company, at.ts)).toContain('*Denied* by <@U0GRACE> after it had expired')
    expect(cardAt(company, at.ts)).toContain('No.')
    const lines = threadOf(company, at.ts).flatMap(({ text }) => text.split('\n'))
    expect(lines).toEqual([
      '*Expired.* Not enough people decided in time, so it is not approved.',
      'grace denied this after it had expired. It stays expired.',
    ])
  })

  test('a reason that is late by somebody who may not decide is refused like any other late click', async () => {
    const { request, at } = await company.asked('deploy.start')
    await company.local.as('U0GRACE').press(at, 'deny')
    await windowOpens(company, 'U0GRACE', 'deny')
    company.local.directory.removeFromGroup('S0PLATFORM', 'U0GRACE')
    await company.local.idle()
    company.world.clock.advance(3_600)

    await company.local.as('U0GRACE').submit({ text: { type: 'plain_text_input', value: 'No.' } })

    expect(windowOf(company, 'U0GRACE')).toContain('It is *expired*')
    expect(refusals(company)).toEqual(['wrong_state'])
    expect((await company.store.request(request.id))?.decisions).toEqual([])
  })

  test('a refusal that has no place beside the click becomes a direct message', async () => {
    const { at } = await company.asked('deploy.start')
    company.local.faults.next('response_url', { kind: 'status', status: 500 }, Number.POSITIVE_INFINITY)

    await company.local.send(approval('U0ALICE', at))

    const direct = () =>
      Object.entries(company.local.as('U0ALICE').sees().messages).filter(([id]) => id.startsWith('D'))
    await eventually(() => expect(JSON.stringify(direct())).toContain('somebody else has to decide'))
  })

  test('who may not decide is told before they type a reason', async () => {
    const { at } = await company.asked('deploy.start')

    await company.local.as('U0ALICE').press(at, 'deny')

    await eventually(() =>
      expect(JSON.stringify(company.local.as('U0ALICE').modal()?.blocks)).toContain(
        'somebody else has to decide',
      ),
    )
  })
})
