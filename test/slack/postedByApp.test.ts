import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, refusals } from './company.ts'
import { whispersTo } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const mention = '<@U0COUNTERSIGN>'
const saw = (who: string, text: string) =>
  eventually(() => expect(whispersTo(company, who)).toEqual([expect.stringContaining(text)]))

/** What Slack's event says of a message that is not plainly the person's. */
const marks: readonly (readonly [string, Record<string, unknown>])[] = [
  ['app_id', { app_id: 'A0OTHER' }],
  ['bot_profile', { bot_profile: { id: 'B0OTHER', app_id: 'A0OTHER', name: 'helper' } }],
  ['bot_id', { bot_id: 'B0OTHER' }],
  ['a subtype', { subtype: 'bot_message' }],
  ['a subtype of a later Slack', { subtype: 'assistant_reply' }],
  [
    'all of them',
    { app_id: 'A0OTHER', bot_profile: { id: 'B0OTHER' }, bot_id: 'B0OTHER', subtype: 'bot_message' },
  ],
]

describe('posted-by-app: an app holds the token of a person who may decide', () => {
  test.each(marks)('with %s an approval is refused, they are told, and it is recorded', async (_, mark) => {
    const { request, at } = await company.asked('deploy.start')

    company.local.postByApp({
      as: 'U0GRACE',
      conversation: channelId,
      text: `${mention} approve`,
      threadTs: at.ts,
      marks: mark,
    })

    await saw('U0GRACE', 'An app posted that in your name')
    expect(refusals(company)).toEqual(['posted_by_app'])
    const [entry] = company.store.ledger.filter(({ type }) => type === 'decision.refused')
    expect(entry).toMatchObject({ actor: { account: 'slack:T0ACME:U0GRACE' }, data: { kind: 'approve' } })
    expect(await company.state(request.id)).toBe('pending')
  })

  test.each([
    ['deny because of me', 'deny'],
    ['escalate because of me', 'escalate'],
  ])('“%s” is refused and recorded too', async (text, kind) => {
    const { request, at } = await company.asked('deploy.start')

    company.local.postByApp({
      as: 'U0GRACE',
      conversation: channelId,
      text: `${mention} ${text}`,
      threadTs: at.ts,
      marks: { app_id: 'A0OTHER' },
    })

    await saw('U0GRACE', 'decides nothing')
    expect(company.store.ledger.find(({ type }) => type === 'decision.refused')).toMatchObject({
      data: { kind },
    })
    expect(await company.state(request.id)).toBe('pending')
  })

  test('what reads only, or stands outside a card, is refused and leaves no entry', async () => {
    const { at } = await company.asked('deploy.start')
    const post = (text: string, threadTs?: string) =>
      company.local.postByApp({
        as: 'U0GRACE',
        conversation: channelId,
        text: `${mention} ${text}`,
        ...(threadTs === undefined ? {} : { threadTs }),
        marks: { app_id: 'A0OTHER' },
      })

    post('why', at.ts)
    post('approve')

    await eventually(() => expect(whispersTo(company, 'U0GRACE')).toHaveLength(2))
    expect(refusals(company)).toEqual([])
  })

  test('delivered again it is told and recorded once', async () => {
    const { at } = await company.asked('deploy.start')
    company.local.postByApp({
      as: 'U0GRACE',
      conversation: channelId,
      text: `${mention} approve`,
      threadTs: at.ts,
      marks: { app_id: 'A0OTHER' },
    })
    await saw('U0GRACE', 'An app posted')

    await company.local.deliveries.at(-1)?.again()
    await company.local.idle()
    await company.local.as('U0SAM').post(channelId, `${mention} approve`, at.ts)

    await saw('U0SAM', 'recorded')
    expect(refusals(company)).toEqual(['posted_by_app'])
    expect(whispersTo(company, 'U0GRACE')).toHaveLength(1)
  })

  test('control: the same words written by the person count', async () => {
    const { request, at } = await company.asked('deploy.start')

    await company.local.as('U0GRACE').post(channelId, `${mention} approve`, at.ts)

    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
    expect(refusals(company)).toEqual([])
  })

  test('a bot that mentions us decides nothing, and nobody is told anything', async () => {
    const { request, at } = await company.asked('deploy.start')
    company.local.directory.changeMember('U0GRACE', { bot: true })
    await company.local.idle()
    const [event] = [{ type: 'app_mention', user: 'U0GRACE', bot_id: 'B0GRACE', text: `${mention} approve` }]
    const payload = {
      api_app_id: company.identity.appId,
      type: 'event_callback',
      event_id: 'Ev0BOT',
      event: { ...event, channel: channelId, ts: '1.1', thread_ts: at.ts },
    }

    const ack = await company.local.send({ kind: 'events_api', payload })

    expect(ack).toMatchObject({ kind: 'acked' })
    expect(whispersTo(company, 'U0GRACE')).toEqual([])
    expect(await company.state(request.id)).toBe('pending')
  })
})
