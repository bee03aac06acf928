import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Parcel } from '../../src/sandbox/slack/delivery/courier.ts'
import type { MemberAct } from '../../src/sandbox/wire.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'
import { organisation, organisationId, otherSister, sister, stranger } from './organisation.ts'
import { ephemeralsTo, whispersTo, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany({ seed: organisation() })
})
afterEach(() => company.close())

type At = { conversation: string; ts: string }

/** A press as it travels, by anybody: also by people whose client would not let them. */
function pressed(as: string, at: At, actionId = 'approve'): Parcel {
  const messages = company.local.as('U0BOB').messages(channelId)
  const block = messages.find((one) => one.ts === at.ts)?.blocks.find((one) => one.type === 'actions')
  const act: MemberAct = { act: 'press', as, at, blockId: String(block?.block_id), actionId }
  return company.local.compose(act)
}

const changed = (parcel: Parcel, change: Record<string, unknown>): Parcel => ({
  ...parcel,
  payload: { ...parcel.payload, ...change },
})

const saw = (who: string, text: string) =>
  eventually(() => expect(whispersTo(company, who)).toContainEqual(expect.stringContaining(text)))

/** What the envelope of an organisation may say of teams: a sister's, none, or a forged one. */
const envelopes: readonly (readonly [string, Record<string, unknown>])[] = [
  ["a sister workspace's team", { team: { id: 'T0SISTER', enterprise_id: organisationId } }],
  ['no team', { team: null }],
  ['no team and no organisation', { team: null, enterprise: null }],
  ['a team that is nobody’s', { team: { id: 'T0WHO', domain: 'who' }, enterprise: null }],
]

describe('grid: whoever is at home in the organisation decides, whatever team the payload names', () => {
  test.each(envelopes)('a click with %s counts', async (_, envelope) => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.send(changed(pressed(sister, at), envelope))

    expect(await company.state(request.id)).toBe('approved')
    expect((await company.store.request(request.id))?.decisions[0]?.account).toBe(
      `slack:${organisationId}:${sister}`,
    )
  })

  test.each(envelopes)('a window that is sent with %s counts', async (_, envelope) => {
    const { request, at } = await company.asked('deploy.start')
    await company.local.send(changed(pressed(sister, at, 'deny'), envelope))
    await windowOpens(company, sister, 'deny')
    const view = company.local.as(sister).modal()?.id ?? ''
    const state = { reason: { text: { type: 'plain_text_input', value: 'Not today.' } } }

    const sent = company.local.compose({ act: 'submit', as: sister, view, state })
    await company.local.send(changed(sent, envelope))

    await eventually(async () => expect(await company.state(request.id)).toBe('denied'))
  })

  test('a command, Home and a mention of a member of the sister workspace are answered', async () => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.as(sister).command(channelId, '/approvals')
    await eventually(() =>
      expect(ephemeralsTo(company, sister)[0]?.text).toBe('1 waiting for you, 0 you asked for'),
    )
    await company.local.as(sister).home()
    await eventually(() =>
      expect(JSON.stringify(company.local.as(sister).sees().home)).toContain('deploy.start'),
    )
    await company.local.as(sister).post(channelId, '<@U0COUNTERSIGN> approve', at.ts)
    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
  })

  test("an event that names a sister's team makes us forget as any other", async () => {
    await company.directory.account(`slack:${sister}`)
    company.local.directory.changeMember(sister, { deleted: true })
    const event = company.local.deliveries.at(-1)?.parcel
    await company.local.idle()
    if (!event) throw new Error('Slack sent no event')

    await company.local.send(changed(event, { team_id: 'T0SISTER' }))

    expect(await company.directory.account(`slack:${sister}`)).toMatchObject({ active: false })
  })
})

describe('grid: whoever is not at home, or may not decide, is told so, and it is recorded', () => {
  test.each([
    ['as Slack sends it', {}],
    [
      'with our team and organisation forged',
      { team: { id: 'T0ACME', domain: 'acme' }, user: { id: stranger, team_id: 'T0ACME' } },
    ],
    ['with no team', { team: null, enterprise: null }],
  ])('a stranger in the channel, %s', async (_, envelope) => {
    company.local.directory.addToGroup('S0PLATFORM', stranger)
    await company.local.idle()
    const { request, at } = await company.asked('deploy.start')

    await company.local.send(changed(pressed(stranger, at), envelope))

    await saw(stranger, 'Only active, full members')
    expect(refusals(company)).toEqual(['not_staff'])
    expect(await company.state(request.id)).toBe('pending')
  })

  test('a member of the sister workspace who is in no group that is asked', async () => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.send(changed(pressed(otherSister, at), { team: null }))

    await saw(otherSister, 'not among the people who can decide')
    expect(refusals(company)).toEqual(['not_in_leg'])
    expect(await company.state(request.id)).toBe('pending')
  })

  test.each([
    ['deactivated', { deleted: true }],
    ['a guest', { guest: 'multi' }],
    ['gone to another organisation', { enterprise: { id: 'E0OTHER', userId: sister } }],
  ] as const)('a member of the sister workspace who is %s', async (_, change) => {
    const { request, at } = await company.asked('deploy.start')
    const click = pressed(sister, at)
    company.local.directory.changeMember(sister, change)
    await company.local.idle()

    await company.local.send(click)

    await eventually(() => expect(refusals(company)).toEqual(['not_staff']))
    expect(await company.state(request.id)).toBe('pending')
  })

  test.each([
    ['another channel', { channel_id: 'C0GENERAL' }],
    ['another message', { message_ts: '1700000000.000001' }],
  ])('a click of theirs from %s', async (_, container) => {
    const { request, at } = await company.asked('deploy.start')
    const at2 = { type: 'message', message_ts: at.ts, channel_id: channelId, ...container }

    await company.local.send(changed(pressed(sister, at), { team: null, container: at2 }))

    await saw(sister, 'nothing was decided with it')
    expect(await company.state(request.id)).toBe('pending')
  })
})

test('own-request: the owner of the agent, known before the workspace joined the organisation, is still behind it', async () => {
  company.local.directory.addToGroup('S0PLATFORM', 'U0LEE')
  await company.local.idle()
  const { request, at } = await company.asked('deploy.start')

  await company.local.send(pressed('U0LEE', at))

  await saw('U0LEE', 'somebody else has to decide')
  expect(refusals(company)).toEqual(['own_request'])
  expect(await company.state(request.id)).toBe('pending')
})
