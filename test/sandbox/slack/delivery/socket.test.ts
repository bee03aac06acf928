import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { LocalSlack } from '../../../../src/sandbox/slack/server.ts'
import { socketApp } from '../boltApp.ts'
import { appToken, clientOf, handClock, openSlack, postButton } from '../company.ts'

const clock = handClock()
let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack({ now: clock.now })
})
afterEach(() => slack.close())

/** Slack, but it gives the app fifty milliseconds instead of three seconds. */
const impatient = async () => {
  await slack.close()
  slack = await openSlack({ ackMs: 50 })
}

describe('Socket Mode', () => {
  test('a connection needs a fresh ticket', async () => {
    const { url = '' } = await clientOf(slack, appToken).apps.connections.open()
    const ticketless = await outcome(url.replace(/ticket=.*/, 'ticket=guess'))
    clock.advance(30_001)
    const tooLate = await outcome(url)
    const again = await clientOf(slack, appToken).apps.connections.open()
    const first = await outcome(again.url ?? '')
    const second = await outcome(again.url ?? '')

    expect([ticketless, tooLate, first, second]).toEqual(['refused', 'refused', 'hello', 'refused'])
  })

  test('without a connection, the app cannot be reached', async () => {
    slack.deliverTo({ mode: 'socket' })

    expect(await slack.as('U0BOB').press(await postButton(slack), 'go')).toMatchObject({
      error: 'Countersign could not be reached',
    })
  })

  test('an envelope that is not acknowledged is shown to the member', async () => {
    await impatient()
    await socketApp(slack, (bolt) => bolt.action('go', async () => {}))

    expect(await slack.as('U0BOB').press(await postButton(slack), 'go')).toMatchObject({
      error: 'Countersign did not respond in time',
    })
  })

  test('the app is told to go when Slack wants it to connect again', async () => {
    const { url = '' } = await clientOf(slack, appToken).apps.connections.open()
    const socket = new WebSocket(url)
    const messages: { type: string; reason?: string }[] = []
    socket.on('message', (text) => messages.push(JSON.parse(String(text))))
    await event(socket, 'message')

    slack.sockets.disconnectAll('refresh_requested')
    await event(socket, 'message')

    expect(messages).toMatchObject([
      { type: 'hello', num_connections: 1, connection_info: { app_id: 'A0COUNTERSIGN' } },
      { type: 'disconnect', reason: 'refresh_requested' },
    ])
    socket.terminate()
  })
})

function event(socket: WebSocket, name: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(name, resolve))
}

/** What connecting to this address comes to. */
function outcome(url: string): Promise<'hello' | 'refused'> {
  const socket = new WebSocket(url)
  return new Promise((resolve) => {
    socket.once('error', () => resolve('refused'))
    socket.once('message', () => {
      resolve('hello')
      socket.terminate()
    })
  })
}
