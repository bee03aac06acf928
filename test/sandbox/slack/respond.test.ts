import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { bareApp, payloadOf } from './bareApp.ts'
import { clientOf, goButton, handClock, openSlack, postButton } from './company.ts'

const clock = handClock()
let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack({ now: clock.now })
})
afterEach(() => slack.close())

describe('a response_url', () => {
  const responseUrl = async () => {
    const { received } = await bareApp(slack, () => 200)
    await slack.as('U0BOB').press(await postButton(slack), 'go')
    return String(payloadOf(received.at(-1)).response_url)
  }
  const say = (url: string, body: object = { text: 'x' }) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('is good for five answers', async () => {
    const url = await responseUrl()
    const statuses: number[] = []
    for (let i = 0; i < 6; i += 1) {
      clock.advance(1000)
      statuses.push((await say(url)).status)
    }

    expect(statuses).toEqual([200, 200, 200, 200, 200, 404])
    expect(await (await say(url)).json()).toEqual({ ok: false, error: 'used_url' })
  })

  test('is good for thirty minutes', async () => {
    const url = await responseUrl()
    clock.advance(30 * 60_000 + 1)

    expect(await (await say(url)).json()).toEqual({ ok: false, error: 'expired_url' })
  })

  test('can delete the message it came from, and say something to all', async () => {
    const url = await responseUrl()

    await say(url, { text: 'for all', response_type: 'in_channel' })
    await say(url, { delete_original: true })

    expect(slack.as('U0SAM').messages('C0APPROVALS')).toMatchObject([{ text: 'for all', ephemeral: false }])
  })

  test('refuses bad blocks', async () => {
    const answer = await say(await responseUrl(), { blocks: [{ type: 'nope' }] })

    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: 'invalid_blocks' })
  })

  test('never makes an ephemeral message public', async () => {
    const { received } = await bareApp(slack, () => 200)
    await clientOf(slack).chat.postEphemeral({
      channel: 'C0APPROVALS',
      user: 'U0BOB',
      text: 'x',
      blocks: goButton,
    })
    const ts = slack.as('U0BOB').messages('C0APPROVALS')[0]?.ts ?? ''
    await slack.as('U0BOB').press({ conversation: 'C0APPROVALS', ts }, 'go')
    const payload = payloadOf(received.at(-1))

    await say(payload.response_url, { text: 'y', replace_original: true, response_type: 'in_channel' })

    expect(payload).toMatchObject({ container: { is_ephemeral: true } })
    expect(payload).not.toHaveProperty('message')
    expect(slack.as('U0BOB').messages('C0APPROVALS')).toMatchObject([{ text: 'y', ephemeral: true }])
    expect(slack.as('U0SAM').messages('C0APPROVALS')).toEqual([])
  })
})
