import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { correctionsAtWork } from '../support/corrections.ts'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'
import { whispersTo, windowOpens } from './seen.ts'

/** What can go wrong on the way from Slack, on each of the two ways. More of it is in the files named after each. */
describe.each(['http', 'socket'] as const)('on the wire, over %s', (mode) => {
  let company: Company
  beforeEach(async () => {
    company = await openCompany({ mode })
    await eventually(() => expect(mode === 'http' || company.local.sockets.connected === 1).toBe(true))
  })
  afterEach(() => company.close())

  type At = { readonly conversation: string; readonly ts: string }
  const person = (id: string) => company.local.as(id)
  /** An approval as it travels, pressed by anybody: also by people whose client would not let them. */
  function approval(as: string, at: At) {
    const block = messages()
      .find(({ ts }) => ts === at.ts)
      ?.blocks.find(({ type }) => type === 'actions')
    const blockId = String(block?.block_id)
    return company.local.compose({ act: 'press', as, at, blockId, actionId: 'approve' })
  }
  const saw = (who: string, text: string) =>
    eventually(() => expect(whispersTo(company, who)).toContainEqual(expect.stringContaining(text)))
  const messages = () => person('U0GRACE').messages(channelId)

  test('redelivery: the same press, sending and mention twice count once each', async () => {
    const { request, at } = await company.asked('iam.change', { initiator: { email: 'bob@acme.test' } })
    await person('U0SAM').press(at, 'approve')
    expect(await company.local.deliveries.at(-1)?.again()).toMatchObject({ kind: 'acked' })
    expect((await company.store.request(request.id))?.decisions).toHaveLength(1)

    await person('U0PRIYA').press(at, 'deny')
    await windowOpens(company, 'U0PRIYA', 'deny')
    await person('U0PRIYA').submit({ text: { type: 'plain_text_input', value: 'No.' } })
    expect(await company.local.deliveries.at(-1)?.again()).toMatchObject({ kind: 'acked' })
    expect((await company.store.request(request.id))?.decisions).toHaveLength(2)

    const other = await company.asked('deploy.start')
    person('U0GRACE').post(channelId, '<@U0COUNTERSIGN> approve', other.at.ts)
    await eventually(async () => expect(await company.state(other.request.id)).toBe('approved'))
    await company.local.deliveries.at(-1)?.again()
    expect(company.store.ledger.filter(({ type }) => type === 'decision.made')).toHaveLength(3)
    expect(refusals(company)).toEqual([])
  })

  test('race: of two approvals in the same instant one stands, and the loser hears the real outcome', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.local.directory.addToGroup('S0PLATFORM', 'U0OMAR')
    await company.local.idle()

    await Promise.all([person('U0GRACE').press(at, 'approve'), person('U0OMAR').press(at, 'approve')])

    const decided = await company.store.request(request.id)
    expect(decided).toMatchObject({ state: 'approved' })
    expect(decided?.decisions).toHaveLength(1)
    await saw(
      decided?.decisions[0]?.account.endsWith('U0GRACE') ? 'U0OMAR' : 'U0GRACE',
      'It is *approved* by',
    )
  })

  test('race: an approval and a denial in the same instant have one outcome', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.local.directory.addToGroup('S0PLATFORM', 'U0OMAR')
    await company.local.idle()
    await person('U0OMAR').press(at, 'deny')
    await windowOpens(company, 'U0OMAR', 'deny')

    await Promise.all([
      person('U0GRACE').press(at, 'approve'),
      person('U0OMAR').submit({ text: { type: 'plain_text_input', value: 'No.' } }),
    ])

    expect(['approved', 'denied']).toContain(await company.state(request.id))
    expect(company.store.ledger.filter(({ type }) => type === 'decision.made')).toHaveLength(1)
    await company.settle(request.id)
    expect(JSON.stringify(messages().find(({ ts }) => ts === at.ts)?.blocks)).not.toContain('"approve"')
  })

  test('race: the deadline that passes before a press wins, and its person hears that', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.world.clock.advance(3_600)

    await person('U0GRACE').press(at, 'approve')

    await saw('U0GRACE', 'It is *expired*')
    expect(await company.state(request.id)).toBe('expired')
  })

  test('foreign-payload: a press of another app, channel or message decides nothing', async () => {
    const { request, at } = await company.asked('deploy.start')
    const { payload, ...parcel } = approval('U0GRACE', at)
    const container = { type: 'message', message_ts: at.ts, channel_id: channelId }
    for (const change of [
      { api_app_id: 'A0OTHER' },
      { api_app_id: undefined },
      { container: { ...container, channel_id: 'C0GENERAL' } },
      { container: { ...container, message_ts: '1700000000.000001' } },
    ])
      void company.local.send({ ...parcel, payload: { ...payload, ...change } })

    await eventually(() => expect(whispersTo(company, 'U0GRACE')).toHaveLength(2))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('control: the same press as it was composed decides', async () => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.send(approval('U0GRACE', at))

    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
  })

  test.each([
    ['a guest', { guest: 'multi' as const }],
    ['somebody of another company', { teamId: 'T0PARTNER' }],
    ['a deactivated person', { deleted: true }],
    ['a bot', { bot: true }],
  ])('not-staff: %s decides nothing, though the group names them', async (_, change) => {
    const { request, at } = await company.asked('deploy.start')
    const parcel = approval('U0GRACE', at)
    company.local.directory.changeMember('U0GRACE', change)
    await company.local.idle()

    await company.local.send(parcel)

    await eventually(() => expect(refusals(company)).toEqual(['not_staff']))
    expect(await company.state(request.id)).toBe('pending')
  })

  test('posted-by-app: what an app writes in somebody’s name decides nothing, and is recorded', async () => {
    const { request, at } = await company.asked('deploy.start')

    company.local.postByApp({
      as: 'U0GRACE',
      conversation: channelId,
      text: '<@U0COUNTERSIGN> approve',
      threadTs: at.ts,
      marks: { app_id: 'A0OTHER' },
    })

    await saw('U0GRACE', 'An app posted that in your name')
    expect(refusals(company)).toEqual(['posted_by_app'])
    expect(await company.state(request.id)).toBe('pending')
  })

  test('fast-click: a press on a card whose posting is not on record yet waits for it', async () => {
    const { id } = await ask(company.world, 'deploy.start')
    const { ports } = company.world
    let record = (): void => {}
    const until = new Promise<void>((resolve) => {
      record = resolve
    })
    const commit: typeof ports.store.commit = async (change) => {
      if (change.entries.some(({ entry }) => entry.type === 'card.posted')) await until
      return ports.store.commit(change)
    }
    const announced = announce({ ...ports, store: { ...ports.store, commit } }, company.slack.channel, id)
    await eventually(() => expect(messages()).toHaveLength(1))

    const pressed = person('U0GRACE').press(
      { conversation: channelId, ts: messages()[0]?.ts ?? '' },
      'approve',
    )
    record()
    await announced

    expect(await pressed).toMatchObject({ ok: true })
    await eventually(async () => expect(await company.state(id)).toBe('approved'))
    expect(refusals(company)).toEqual([])
  })

  test('double-post: of two postings of which the first answer was lost only the one on record decides', async () => {
    company.local.faults.next('chat.postMessage', { kind: 'lost_answer' })
    await expect(company.asked('deploy.start')).rejects.toThrow('chat.postMessage')
    const [request] = await company.store.requests({ limit: 1 })
    const id = request?.id ?? ''
    company.world.clock.advance(10)
    await announce(company.world.ports, company.slack.channel, id)
    const [lost, card] = messages().map(({ ts }) => ({ conversation: channelId, ts }))
    if (!lost || !card) throw new Error('there are no two messages')

    await person('U0GRACE').press(lost, 'approve')

    await saw('U0GRACE', 'The card is here.')
    expect(await company.state(id)).toBe('pending')
    await correctionsAtWork({ ...company.world, channel: company.slack.channel, store: company.store })
    expect(JSON.stringify(messages().find(({ ts }) => ts === lost.ts)?.blocks)).not.toContain('action_id')
    await person('U0GRACE').press(card, 'approve')
    expect(await company.state(id)).toBe('approved')
  })

  test.each([
    ['is slow down', { kind: 'rate_limited', retryAfter: 1 }],
    ['is an error of its own', { kind: 'status', status: 500 }],
    ['is that the channel is not there', { kind: 'error', error: 'channel_not_found' }],
  ] as const)(
    'slack-down: what it says of every posting %s: nothing is approved, and /approvals has the request',
    async (_, fault) => {
      company.local.faults.next('chat.postMessage', fault, Number.POSITIVE_INFINITY)
      const request = await ask(company.world, 'deploy.start')
      await announce(company.world.ports, company.slack.channel, request.id).catch(() => undefined)

      await person('U0GRACE').command(channelId, '/approvals')

      await saw('U0GRACE', '1 waiting for you')
      expect(await company.state(request.id)).toBe('pending')
    },
  )
})
