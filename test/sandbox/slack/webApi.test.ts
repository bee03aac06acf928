import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { appToken, botToken, clientOf, handClock, openSlack } from './company.ts'

const clock = handClock()
let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack({ now: clock.now })
})
afterEach(() => slack.close())

describe('who calls', () => {
  test('auth.test says who the token is and which scopes it has', async () => {
    const identity = await clientOf(slack).auth.test()

    expect(identity).toMatchObject({
      ok: true,
      team_id: 'T0ACME',
      user_id: 'U0COUNTERSIGN',
      bot_id: 'B0COUNTERSIGN',
    })
    expect(identity.response_metadata?.scopes).toContain('chat:write')
  })

  test.each([
    ['no token', undefined, 'not_authed'],
    ['a wrong token', 'xoxb-someone-else', 'invalid_auth'],
    ['the app-level token', appToken, 'not_allowed_token_type'],
  ])('%s is refused', async (_name, token, error) => {
    const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` }

    const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', ...(headers && { headers }) })

    expect(await answer.json()).toEqual({ ok: false, error })
  })

  test('the bot token does not open Socket Mode connections', async () => {
    await expect(clientOf(slack).apps.connections.open()).rejects.toThrow('not_allowed_token_type')
    await expect(clientOf(slack, appToken).apps.connections.open()).resolves.toMatchObject({
      url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/sandbox\/slack\/socket\?ticket=/),
    })
  })

  test('a token without the scope is told which one it needs', async () => {
    const poor = await openSlack({ scopes: ['chat:write'] })

    const asking = clientOf(poor).users.info({ user: 'U0BOB' })

    await expect(asking).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'users:read', provided: 'chat:write' },
    })
    await poor.close()
  })

  test('a method that does not exist is unknown', async () => {
    await expect(clientOf(slack).apiCall('chat.shout')).rejects.toThrow('unknown_method')
    await expect(clientOf(slack).apiCall('constructor')).rejects.toThrow('unknown_method')
  })

  test('calls are recorded without the token', async () => {
    await clientOf(slack).chat.postMessage({ channel: 'C0GENERAL', text: 'hello', token: botToken })

    expect(slack.calls).toEqual([
      { method: 'chat.postMessage', args: { channel: 'C0GENERAL', text: 'hello' }, at: clock.now() },
    ])
  })
})

describe('rate limits', () => {
  test('a channel takes a short burst, then one message a second', async () => {
    const client = clientOf(slack)
    const post = (channel = 'C0GENERAL') => client.chat.postMessage({ channel, text: 'x' })
    for (let i = 0; i < 5; i += 1) await post()

    await expect(post()).rejects.toMatchObject({ retryAfter: 1 })
    await expect(post('C0DATA')).resolves.toMatchObject({ ok: true })
    clock.advance(1000)
    await expect(post()).resolves.toMatchObject({ ok: true })
  })

  test('can be left out, to measure the app alone', async () => {
    const patient = await openSlack({ now: clock.now, rateLimits: 'none' })
    const client = clientOf(patient)

    const posts = Array.from({ length: 20 }, () =>
      client.chat.postMessage({ channel: 'C0GENERAL', text: 'x' }),
    )

    await expect(Promise.all(posts)).resolves.toHaveLength(20)
    await patient.close()
  })

  test('a method takes its tier’s calls a minute', async () => {
    const client = clientOf(slack)
    for (let i = 0; i < 20; i += 1) await client.usergroups.list()

    await expect(client.usergroups.list()).rejects.toMatchObject({ retryAfter: 3 })
    await expect(client.users.list({})).resolves.toMatchObject({ ok: true })
    clock.advance(3000)
    await expect(client.usergroups.list()).resolves.toMatchObject({ ok: true })
  })
})
