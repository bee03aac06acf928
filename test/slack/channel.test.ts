import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { remind } from '../../src/approvals/cards/remind.ts'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const posted = () => company.local.as('U0GRACE').messages(channelId)

describe('Slack refuses or fails', () => {
  test.each([
    [
      { kind: 'error', error: 'not_in_channel' },
      { code: 'not_in_channel', unknown: false, message: expect.stringContaining('/invite @Countersign') },
    ],
    [
      { kind: 'error', error: 'channel_not_found' },
      { code: 'channel_not_found', unknown: false, message: expect.stringContaining('correct the policy') },
    ],
    [
      { kind: 'error', error: 'token_revoked' },
      { code: 'token_revoked', unknown: false, message: expect.stringContaining('install the app again') },
    ],
    [
      { kind: 'error', error: 'fatal_error' },
      { code: 'fatal_error', unknown: true },
    ],
    [
      { kind: 'rate_limited', retryAfter: 7 },
      { code: 'rate_limited', unknown: false, retryAfterSeconds: 7 },
    ],
    [
      { kind: 'status', status: 500 },
      { code: 'http_500', unknown: true },
    ],
    [{ kind: 'lost_answer' }, { code: 'unreachable', unknown: true }],
  ] as const)('%j becomes a fault that says so', async (fault, expected) => {
    company.local.faults.next('chat.postMessage', fault)

    await expect(company.asked('deploy.start')).rejects.toMatchObject({ name: 'ChannelFault', ...expected })

    const [request] = await company.store.requests({ limit: 1 })
    expect(request?.state).toBe('pending')
  })

  test('a fault never holds text of the request', async () => {
    company.local.faults.next('chat.postMessage', { kind: 'error', error: 'not_in_channel' })

    await expect(company.asked('deploy.start')).rejects.not.toThrow(/warehouse|churn/)
  })

  test('a request whose card could not be posted is still listed for who can decide', async () => {
    company.local.faults.next('chat.postMessage', { kind: 'error', error: 'channel_not_found' })
    await expect(company.asked('deploy.start')).rejects.toThrow()

    await company.local.as('U0GRACE').command(channelId, '/approvals')

    await eventually(() => expect(JSON.stringify(posted())).toContain('deploy.start on table'))
  })
})

describe('a workspace that cannot draw the card', () => {
  test('gets it in classic blocks', async () => {
    company.local.faults.next('chat.postMessage', { kind: 'error', error: 'invalid_blocks' })

    const { at, request } = await company.asked('deploy.start')

    expect(JSON.stringify(posted())).not.toContain('rich_text')
    await company.local.as('U0GRACE').press(at, 'approve')
    expect(await company.state(request.id)).toBe('approved')
  })

  test('and then in text, which cannot decide', async () => {
    company.local.faults.next('chat.postMessage', { kind: 'error', error: 'invalid_blocks' }, 2)

    await company.asked('deploy.start')

    expect(posted()[0]?.text).toContain('/approvals show req_')
    expect(JSON.stringify(posted()[0]?.blocks)).not.toContain('action_id')
  })
})

describe('a channel that is shared with another organisation', () => {
  const share = (shared: boolean) => {
    const conversation = company.local.workspace.conversations.get(channelId)
    if (conversation) company.local.workspace.conversations.set(channelId, { ...conversation, shared })
  }

  test('gets no card', async () => {
    share(true)

    await expect(company.asked('deploy.start')).rejects.toMatchObject({ code: 'shared_channel' })
    expect(posted()).toEqual([])
  })

  test('control: it gets one when it is no longer shared, and a minute has passed', async () => {
    share(true)
    const request = await ask(company.world, 'deploy.start')
    await expect(announce(company.world.ports, company.slack.channel, request.id)).rejects.toThrow()
    share(false)
    company.world.clock.advance(61)

    await announce(company.world.ports, company.slack.channel, request.id)

    expect(posted()).toHaveLength(1)
  })

  test('counts as shared while Slack does not say', async () => {
    company.local.faults.next('conversations.info', { kind: 'error', error: 'missing_scope' })

    await expect(company.asked('deploy.start')).rejects.toMatchObject({ code: 'missing_scope' })
    expect(posted()).toEqual([])
  })
})

test('cards are posted without link previews', async () => {
  await company.asked('deploy.start')

  const call = company.local.calls.find((one) => one.method === 'chat.postMessage')
  expect([call?.args.unfurl_links, call?.args.unfurl_media].map(String)).toEqual(['false', 'false'])
})

test('a reminder stands in the thread and mentions who is still needed', async () => {
  const { request, at } = await company.asked('db.export')
  await company.local.as('U0BOB').press(at, 'approve')
  company.world.clock.advance(900)

  await remind(company.world.ports, company.slack.channel, { request: request.id, nth: 0 })

  const [reminder, ...more] = posted().filter((message) => message.threadTs === at.ts)
  expect(more).toEqual([])
  expect(reminder?.text).toContain('1 of <!subteam^S0SECURITY>')
  expect(reminder?.text).not.toContain('S0DATA')
  expect(reminder?.text).toContain(`db.export on table warehouse.users in prod (${request.id})`)
  expect(reminder?.text).toMatch(new RegExp(`<http[^|]+ts=${at.ts}\\|Open the card>`))
})

test('a card that is refreshed twice is updated once, and its thread tells nothing twice', async () => {
  const { request, at } = await company.asked('deploy.start')
  await company.local.as('U0GRACE').press(at, 'approve')
  await company.settle(request.id)
  const calls = company.local.calls.length

  await company.settle(request.id)

  expect(company.local.calls).toHaveLength(calls)
})
