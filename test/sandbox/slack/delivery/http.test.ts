import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signature } from '../../../../src/sandbox/slack/delivery/http.ts'
import type { LocalSlack } from '../../../../src/sandbox/slack/server.ts'
import { bareApp, payloadOf } from '../bareApp.ts'
import { httpApp } from '../boltApp.ts'
import { handClock, openSlack, postButton, signingSecret } from '../company.ts'

const clock = handClock()
let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack({ now: clock.now, retryDelaysMs: [0, 0, 0] })
})
afterEach(() => slack.close())

/** Slack, but it gives the app fifty milliseconds instead of three seconds. */
const impatient = async () => {
  await slack.close()
  slack = await openSlack({ ackMs: 50 })
}

describe('HTTP', () => {
  test('every kind is signed over its very bytes, with Slack’s content type', async () => {
    const { received } = await bareApp(slack, () => 200)
    await slack.as('U0BOB').press(await postButton(slack), 'go')
    await slack.as('U0BOB').command('C0GENERAL', '/approvals')
    await slack.as('U0BOB').home()
    await slack.idle()

    expect(received.map(({ headers }) => headers['content-type'])).toEqual([
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded',
      'application/json',
    ])
    for (const { headers, body } of received) {
      expect(headers).toMatchObject(signature({ signingSecret, body, at: clock.now() }))
    }
    expect(payloadOf(received[0])).toMatchObject({ type: 'block_actions' })
    expect(Object.fromEntries(new URLSearchParams(received[1]?.body))).toMatchObject({
      command: '/approvals',
      user_id: 'U0BOB',
      team_id: 'T0ACME',
      is_enterprise_install: 'false',
    })
  })

  test('a press that is not acknowledged in time is shown as that', async () => {
    await impatient()
    await bareApp(slack, () => undefined)

    const result = await slack.as('U0BOB').press(await postButton(slack), 'go')

    expect(result).toMatchObject({ ok: false, error: 'Countersign did not respond in time' })
  })

  test('a command that is not acknowledged in time is operation_timeout', async () => {
    await impatient()
    await bareApp(slack, () => undefined)

    const result = await slack.as('U0BOB').command('C0GENERAL', '/approvals')

    expect(result.error).toBe('/approvals failed with the error "operation_timeout"')
  })

  test('a status that is not 200, and an app that is not there, are shown', async () => {
    const app = await bareApp(slack, () => 404)
    const at = await postButton(slack)
    const refused = await slack.as('U0BOB').press(at, 'go')
    await app.stop()
    const away = await slack.as('U0BOB').press(at, 'go')

    expect(refused.error).toBe('Countersign responded with status code 404')
    expect(away.error).toBe('Countersign could not be reached')
  })

  test('an event is tried again up to three times, with its number and reason', async () => {
    const { received } = await bareApp(slack, () => 500)

    await slack.as('U0BOB').home()
    await fourReceived(received)

    const attempts = received.map(({ headers }) => [
      headers['x-slack-retry-num'],
      headers['x-slack-retry-reason'],
    ])
    expect(attempts).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ])
    expect(new Set(received.map(({ body }) => JSON.parse(body).event_id)).size).toBe(1)
  })

  test.each([
    ['that was taken', 200],
    ['that the app asked not to be sent again', 410],
  ])('an event %s is not tried again', async (_name, status) => {
    const { received } = await bareApp(slack, (_one, count) => (count === 1 ? status : 200))

    await slack.as('U0BOB').home()
    await slack.idle()
    await slack.as('U0SAM').home()
    await slack.idle()

    expect(received).toHaveLength(2)
    expect(received.every(({ headers }) => headers['x-slack-retry-num'] === undefined)).toBe(true)
  })

  test('an event that nobody subscribed to is not sent', async () => {
    const { received } = await bareApp(slack, () => 200)

    const direct = slack
      .as('U0BOB')
      .sees()
      .conversations.find(({ kind }) => kind === 'im')
    await slack.as('U0BOB').post(direct?.id ?? '', 'hello')
    await slack.idle()

    expect(received).toEqual([])
  })

  test('one delivery can reach two replicas, byte for byte', async () => {
    const first = await bareApp(slack, () => 200)
    await slack.as('U0BOB').press(await postButton(slack), 'go')
    const second = await bareApp(slack, () => 200)

    await slack.deliveries.at(-1)?.again({ url: second.url })

    expect(second.received[0]?.body).toBe(first.received[0]?.body)
    expect(second.received[0]?.headers['x-slack-signature']).toBe(
      first.received[0]?.headers['x-slack-signature'],
    )
  })

  test('Bolt refuses what is signed with another secret', async () => {
    const pressed: unknown[] = []
    const url = await httpApp(slack, (bolt) =>
      bolt.action('go', async ({ ack }) => {
        pressed.push(1)
        await ack()
      }),
    )
    slack.deliverTo({ mode: 'http', url, signingSecret: 'another secret' })

    const result = await slack.as('U0BOB').press(await postButton(slack), 'go')

    expect(result.error).toBe('Countersign responded with status code 401')
    expect(pressed).toEqual([])
  })
})

async function fourReceived(received: readonly unknown[]): Promise<void> {
  while (received.length < 4) await new Promise((resolve) => setImmediate(resolve))
}
