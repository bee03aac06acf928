import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { eventually } from '../../support/eventually.ts'
import { clientOf, openSlack } from './company.ts'

let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack()
})
afterEach(() => slack.close())

describe('faults', () => {
  const post = () => clientOf(slack).chat.postMessage({ channel: 'C0GENERAL', text: 'x' })
  const posted = () => slack.as('U0BOB').messages('C0GENERAL').length

  test('an error, a limit and a broken server happen as often as they were asked for', async () => {
    slack.faults.next('chat.postMessage', { kind: 'error', error: 'channel_not_found' })
    slack.faults.next('*', { kind: 'rate_limited', retryAfter: 7 })
    slack.faults.next('chat.postMessage', { kind: 'status', status: 500 })

    await expect(post()).rejects.toMatchObject({ data: { error: 'channel_not_found' } })
    await expect(post()).rejects.toMatchObject({ retryAfter: 7 })
    await expect(post()).rejects.toMatchObject({ statusCode: 500 })
    expect(posted()).toBe(0)
    await post()
    expect(posted()).toBe(1)
    expect(slack.calls).toHaveLength(4)
  })

  test('an answer can be lost after it took effect', async () => {
    slack.faults.next('chat.postMessage', { kind: 'lost_answer' })

    await expect(post()).rejects.toThrow()
    expect(posted()).toBe(1)
  })

  test('a call can hang until the client gives up, and then nothing happened', async () => {
    slack.faults.next('chat.postMessage', { kind: 'hang' })

    const client = new AbortController()
    const hanging = fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', signal: client.signal })
    await eventually(() => expect(slack.calls).toHaveLength(1))
    client.abort()

    await expect(hanging).rejects.toThrow()
    expect(posted()).toBe(0)
  })

  test('a call can be held until the test lets it go', async () => {
    let release: (value?: unknown) => void = () => {}
    slack.faults.next('chat.postMessage', {
      kind: 'hold',
      until: new Promise((resolve) => (release = resolve)),
    })
    const held = post()
    await post()
    const before = posted()
    release()
    await held

    expect([before, posted()]).toEqual([1, 2])
  })
})
