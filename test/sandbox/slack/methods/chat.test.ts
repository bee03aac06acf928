import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readPlace } from '../../../../src/sandbox/page/place.ts'
import { acme } from '../../../../src/sandbox/seed.ts'
import type { LocalSlack } from '../../../../src/sandbox/slack/server.ts'
import { botToken, clientOf, handClock, openSlack } from '../company.ts'

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
const clock = handClock()
let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack({ now: clock.now })
})
afterEach(() => slack.close())

describe('messages', () => {
  test('a message is posted with the blocks it was sent with, and seen by who is in the channel', async () => {
    const posted = await clientOf(slack).chat.postMessage({
      channel: '#general',
      text: 'hello',
      blocks: [section('*hello*')],
    })

    expect(posted).toMatchObject({
      ok: true,
      channel: 'C0GENERAL',
      message: { bot_id: 'B0COUNTERSIGN', text: 'hello' },
    })
    expect(slack.as('U0BOB').messages('C0GENERAL')).toMatchObject([
      {
        ts: posted.ts,
        user: 'U0COUNTERSIGN',
        blocks: [{ ...section('*hello*'), block_id: expect.any(String) }],
      },
    ])
    expect(slack.as('U0GWEN').sees().messages).not.toHaveProperty('C0GENERAL')
  })

  test('a JSON body works like a form', async () => {
    const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: 'C0GENERAL', text: 'hello', blocks: [section('hello')] }),
    })

    expect(await answer.json()).toMatchObject({ ok: true, channel: 'C0GENERAL' })
  })

  test('the address of a message is where the page shows it', async () => {
    const { ts = '' } = await clientOf(slack).chat.postMessage({ channel: 'C0GENERAL', text: 'card' })
    const reply = await clientOf(slack).chat.postMessage({
      channel: 'C0GENERAL',
      thread_ts: ts,
      text: 'in its thread',
    })
    const placeOf = async (message_ts: string) => {
      const { permalink = '' } = await clientOf(slack).chat.getPermalink({ channel: 'C0GENERAL', message_ts })
      return readPlace(new URL(permalink).hash)
    }

    expect(await placeOf(ts)).toEqual({ via: 'slack', as: null, open: 'C0GENERAL', thread: null })
    expect(await placeOf(reply.ts ?? '')).toEqual({ via: 'slack', as: null, open: 'C0GENERAL', thread: ts })
  })

  test('a user id as channel is the app’s direct message with that person', async () => {
    const posted = await clientOf(slack).chat.postMessage({ channel: 'U0BOB', text: 'psst' })

    expect(posted.channel).toMatch(/^D/)
    expect(slack.as('U0BOB').messages(posted.channel ?? '')).toMatchObject([{ text: 'psst' }])
    expect(slack.as('U0SAM').sees().messages).not.toHaveProperty(posted.channel ?? '')
  })

  test('the direct message is the same conversation after another start', async () => {
    const later = await openSlack({ now: () => clock.now() + 1000 })
    const open = (one: LocalSlack) => clientOf(one).chat.postMessage({ channel: 'U0BOB', text: 'psst' })

    const [first, second] = await Promise.all([open(slack), open(later)])

    expect(first.channel).toBe(second.channel)
    expect(later.workspace.nextId('Ev')).not.toBe(slack.workspace.nextId('Ev'))
    await later.close()
  })

  test('replies belong to their thread, also a reply to a reply', async () => {
    const client = clientOf(slack)
    const root = await client.chat.postMessage({ channel: 'C0GENERAL', text: 'root' })

    const reply = await client.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'one',
      thread_ts: root.ts ?? '',
    })
    await client.chat.postMessage({ channel: 'C0GENERAL', text: 'two', thread_ts: reply.ts ?? '' })

    expect(slack.as('U0BOB').messages('C0GENERAL')).toMatchObject([
      { text: 'root', threadTs: null, replies: 2 },
      { text: 'one', threadTs: root.ts },
      { text: 'two', threadTs: root.ts },
    ])
  })

  test('an update of the text alone takes the blocks away', async () => {
    const client = clientOf(slack)
    const { ts = '' } = await client.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'a',
      blocks: [section('a')],
    })

    await client.chat.update({ channel: 'C0GENERAL', ts, text: 'b' })

    expect(slack.as('U0BOB').messages('C0GENERAL')).toMatchObject([
      { ts, text: 'b', blocks: [], edited: false },
    ])
  })

  test('an update with blocks replaces them', async () => {
    const client = clientOf(slack)
    const { ts = '' } = await client.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'a',
      blocks: [section('a')],
    })

    await client.chat.update({ channel: 'C0GENERAL', ts, text: 'b', blocks: [section('b')] })

    expect(slack.as('U0BOB').messages('C0GENERAL')).toMatchObject([{ text: 'b', blocks: [section('b')] }])
  })

  test('a deleted message is gone, but its thread is not', async () => {
    const client = clientOf(slack)
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0GENERAL', text: 'root' })
    const reply = await client.chat.postMessage({ channel: 'C0GENERAL', text: 'reply', thread_ts: ts })

    await client.chat.delete({ channel: 'C0GENERAL', ts })
    const withThread = slack.as('U0BOB').messages('C0GENERAL')
    await client.chat.delete({ channel: 'C0GENERAL', ts: reply.ts ?? '' })

    expect(withThread).toMatchObject([{ deleted: true }, { text: 'reply' }])
    expect(slack.as('U0BOB').messages('C0GENERAL')).toEqual([])
  })

  test('an ephemeral message is seen by one person', async () => {
    await clientOf(slack).chat.postEphemeral({ channel: 'C0GENERAL', user: 'U0BOB', text: 'only you' })

    expect(slack.as('U0BOB').messages('C0GENERAL')).toMatchObject([{ text: 'only you', ephemeral: true }])
    expect(slack.as('U0SAM').messages('C0GENERAL')).toEqual([])
  })

  test('timestamps grow even when the clock does not', async () => {
    const client = clientOf(slack)

    const first = await client.chat.postMessage({ channel: 'C0GENERAL', text: '1' })
    const second = await client.chat.postMessage({ channel: 'C0GENERAL', text: '2' })

    expect(Number(second.ts)).toBeGreaterThan(Number(first.ts))
  })

  test('the text is cut at forty thousand characters when it is posted', async () => {
    await clientOf(slack).chat.postMessage({ channel: 'C0GENERAL', text: 'x'.repeat(40_001) })

    expect(slack.as('U0BOB').messages('C0GENERAL')[0]?.text).toHaveLength(40_000)
  })

  const refusals: [string, string, (slack: LocalSlack) => Promise<unknown>][] = [
    [
      'posting to nowhere',
      'channel_not_found',
      (s) => clientOf(s).chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }),
    ],
    [
      'posting to a deactivated person',
      'channel_not_found',
      (s) => clientOf(s).chat.postMessage({ channel: 'U0DANA', text: 'x' }),
    ],
    ['posting nothing', 'no_text', (s) => clientOf(s).apiCall('chat.postMessage', { channel: 'C0GENERAL' })],
    [
      'replying to nothing',
      'thread_not_found',
      (s) => clientOf(s).chat.postMessage({ channel: 'C0GENERAL', text: 'x', thread_ts: '1.000001' }),
    ],
    [
      'updating nothing',
      'message_not_found',
      (s) => clientOf(s).chat.update({ channel: 'C0GENERAL', ts: '1.000001', text: 'x' }),
    ],
    [
      'an update that is too long',
      'msg_too_long',
      (s) => clientOf(s).chat.update({ channel: 'C0GENERAL', ts: '1.000001', text: 'x'.repeat(4001) }),
    ],
    [
      'blocks that are not JSON',
      'invalid_blocks_format',
      (s) => clientOf(s).apiCall('chat.postMessage', { channel: 'C0GENERAL', blocks: '[{' }),
    ],
    [
      'metadata that is not metadata',
      'invalid_metadata_format',
      (s) => clientOf(s).apiCall('chat.postMessage', { channel: 'C0GENERAL', text: 'x', metadata: { a: 1 } }),
    ],
    [
      'an ephemeral to an outsider',
      'user_not_in_channel',
      (s) => clientOf(s).chat.postEphemeral({ channel: 'C0GENERAL', user: 'U0GWEN', text: 'x' }),
    ],
  ]
  test.each(refusals)('%s is refused', async (_name, error, attempt) => {
    await expect(attempt(slack)).rejects.toMatchObject({ data: { error } })
  })

  test('a message of a person cannot be updated by the app', async () => {
    await slack.as('U0BOB').post('C0GENERAL', 'mine')
    const ts = slack.as('U0BOB').messages('C0GENERAL')[0]?.ts ?? ''

    await expect(clientOf(slack).chat.update({ channel: 'C0GENERAL', ts, text: 'x' })).rejects.toThrow(
      'cant_update_message',
    )
  })

  test('a channel without the bot cannot be posted to', async () => {
    const channels = acme.channels.map((c) => ({
      ...c,
      members: c.members.filter((m) => m !== 'U0COUNTERSIGN'),
    }))
    const lonely = await openSlack({ seed: { ...acme, channels } })

    await expect(clientOf(lonely).chat.postMessage({ channel: 'C0GENERAL', text: 'x' })).rejects.toThrow(
      'not_in_channel',
    )
    await lonely.close()
  })

  test('invalid blocks come with Slack’s own explanation', async () => {
    const posting = clientOf(slack).apiCall('chat.postMessage', {
      channel: 'C0GENERAL',
      blocks: [section('x'.repeat(3001))],
    })

    await expect(posting).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        response_metadata: {
          messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
        },
      },
    })
  })
})
