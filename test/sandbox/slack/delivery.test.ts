import { createServer, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { signature } from '../../../src/sandbox/slack/delivery/http.ts'
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { appToken, clientOf, handClock, httpApp, openSlack, signingSecret, socketApp } from './company.ts'

const button = [
  {
    type: 'actions' as const,
    elements: [
      { type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } },
    ],
  },
]

interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A bare HTTP app that answers as `answer` says: a status, or undefined for never. */
async function bareApp(slack: LocalSlack, answer: (received: Received, count: number) => number | undefined) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const one = { headers: request.headers, body: Buffer.concat(chunks).toString() }
    received.push(one)
    const status = answer(one, received.length)
    if (status !== undefined)
      response.writeHead(status, status === 410 ? { 'x-slack-no-retry': '1' } : {}).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
  slack.deliverTo({ mode: 'http', url, signingSecret })
  const stop = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { received, url, stop }
}

const clock = handClock()
let slack: LocalSlack
let stop: () => Promise<unknown> = async () => {}

beforeEach(async () => {
  slack = await openSlack({ now: clock.now, retryDelaysMs: [0, 0, 0] })
})
afterEach(async () => {
  await stop()
  stop = async () => {}
  await slack.close()
})

/** Slack, but it gives the app fifty milliseconds instead of three seconds. */
const impatient = async () => {
  await slack.close()
  slack = await openSlack({ now: clock.now, ackMs: 50 })
}
const postCard = async (channel = 'C0APPROVALS') => {
  const { ts = '' } = await clientOf(slack).chat.postMessage({ channel, text: 'card', blocks: button })
  return { conversation: channel, ts }
}
const start = async (answer: (received: Received, count: number) => number | undefined) => {
  const app = await bareApp(slack, answer)
  stop = app.stop
  return app
}

describe('HTTP', () => {
  test('every kind is signed over its very bytes, with Slack’s content type', async () => {
    const { received } = await start(() => 200)
    await slack.as('U0BOB').press(await postCard(), 'go')
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
    expect(JSON.parse(new URLSearchParams(received[0]?.body).get('payload') ?? '')).toMatchObject({
      type: 'block_actions',
    })
    expect(Object.fromEntries(new URLSearchParams(received[1]?.body))).toMatchObject({
      command: '/approvals',
      user_id: 'U0BOB',
      team_id: 'T0ACME',
      is_enterprise_install: 'false',
    })
  })

  test('a press that is not acknowledged in time is shown as that', async () => {
    await impatient()
    await start(() => undefined)

    const result = await slack.as('U0BOB').press(await postCard(), 'go')

    expect(result).toMatchObject({ ok: false, error: 'Countersign did not respond in time' })
  })

  test('a command that is not acknowledged in time is operation_timeout', async () => {
    await impatient()
    await start(() => undefined)

    const result = await slack.as('U0BOB').command('C0GENERAL', '/approvals')

    expect(result.error).toBe('/approvals failed with the error "operation_timeout"')
  })

  test('a status that is not 200, and an app that is not there, are shown', async () => {
    const app = await start(() => 404)
    const at = await postCard()
    const refused = await slack.as('U0BOB').press(at, 'go')
    await app.stop()
    const away = await slack.as('U0BOB').press(at, 'go')

    expect(refused.error).toBe('Countersign responded with status code 404')
    expect(away.error).toBe('Countersign could not be reached')
  })

  test('an event is tried again up to three times, with its number and reason', async () => {
    const { received } = await start(() => 500)

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
    const { received } = await start((_one, count) => (count === 1 ? status : 200))

    await slack.as('U0BOB').home()
    await slack.idle()
    await slack.as('U0SAM').home()
    await slack.idle()

    expect(received).toHaveLength(2)
    expect(received.every(({ headers }) => headers['x-slack-retry-num'] === undefined)).toBe(true)
  })

  test('an event that nobody subscribed to is not sent', async () => {
    const { received } = await start(() => 200)

    const direct = slack
      .as('U0BOB')
      .sees()
      .conversations.find(({ kind }) => kind === 'im')
    await slack.as('U0BOB').post(direct?.id ?? '', 'hello')
    await slack.idle()

    expect(received).toEqual([])
  })

  test('one delivery can reach two replicas, byte for byte', async () => {
    const first = await start(() => 200)
    await slack.as('U0BOB').press(await postCard(), 'go')
    const second = await bareApp(slack, () => 200)

    await slack.deliveries.at(-1)?.again({ url: second.url })

    expect(second.received[0]?.body).toBe(first.received[0]?.body)
    expect(second.received[0]?.headers['x-slack-signature']).toBe(
      first.received[0]?.headers['x-slack-signature'],
    )
    await second.stop()
  })

  test('Bolt refuses what is signed with another secret', async () => {
    const pressed: unknown[] = []
    const app = await httpApp(slack, (bolt) =>
      bolt.action('go', async ({ ack }) => {
        pressed.push(1)
        await ack()
      }),
    )
    stop = app.stop
    slack.deliverTo({ mode: 'http', url: app.url, signingSecret: 'another secret' })

    const result = await slack.as('U0BOB').press(await postCard(), 'go')

    expect(result.error).toBe('Countersign responded with status code 401')
    expect(pressed).toEqual([])
  })
})

describe('a response_url', () => {
  const responseUrl = async () => {
    const { received } = await start(() => 200)
    await slack.as('U0BOB').press(await postCard(), 'go')
    return String(JSON.parse(new URLSearchParams(received.at(-1)?.body).get('payload') ?? '').response_url)
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
    const { received } = await start(() => 200)
    await clientOf(slack).chat.postEphemeral({
      channel: 'C0APPROVALS',
      user: 'U0BOB',
      text: 'x',
      blocks: button,
    })
    const ts = slack.as('U0BOB').messages('C0APPROVALS')[0]?.ts ?? ''
    await slack.as('U0BOB').press({ conversation: 'C0APPROVALS', ts }, 'go')
    const payload = JSON.parse(new URLSearchParams(received.at(-1)?.body).get('payload') ?? '')

    await say(payload.response_url, { text: 'y', replace_original: true, response_type: 'in_channel' })

    expect(payload).toMatchObject({ container: { is_ephemeral: true } })
    expect(payload).not.toHaveProperty('message')
    expect(slack.as('U0BOB').messages('C0APPROVALS')).toMatchObject([{ text: 'y', ephemeral: true }])
    expect(slack.as('U0SAM').messages('C0APPROVALS')).toEqual([])
  })
})

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

    expect(await slack.as('U0BOB').press(await postCard(), 'go')).toMatchObject({
      error: 'Countersign could not be reached',
    })
  })

  test('an envelope that is not acknowledged is shown to the member', async () => {
    await impatient()
    const app = await socketApp(slack, (bolt) => bolt.action('go', async () => {}))
    stop = () => app.stop()

    expect(await slack.as('U0BOB').press(await postCard(), 'go')).toMatchObject({
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

describe('who can act', () => {
  const press = async (member: string) => slack.as(member).press(await postCard('C0PARTNER'), 'go')

  test('a guest and a stranger can press what they see', async () => {
    const { received } = await start(() => 200)

    expect(await press('U0GWEN')).toMatchObject({ ok: true })
    expect(await press('U0MAX')).toMatchObject({ ok: true })
    const users = received.map(({ body }) => JSON.parse(new URLSearchParams(body).get('payload') ?? '').user)
    expect(users).toMatchObject([{ id: 'U0GWEN' }, { id: 'U0MAX', team_id: 'T0PARTNER' }])
  })

  test('a stranger has no commands, and nobody acts where they are not', async () => {
    expect(await slack.as('U0MAX').command('C0PARTNER', '/approvals')).toMatchObject({ ok: false })
    expect(await slack.as('U0GWEN').post('C0DATA', 'x')).toMatchObject({ ok: false })
  })

  test('a deactivated person cannot act, but a click that was on its way still arrives', async () => {
    const { received } = await start(() => 200)
    const at = await postCard()
    const blockId = slack.as('U0BOB').messages('C0APPROVALS')[0]?.blocks[0]?.block_id
    const travelling = slack.compose({
      act: 'press',
      as: 'U0BOB',
      at,
      blockId: String(blockId),
      actionId: 'go',
    })
    slack.directory.changeMember('U0BOB', { deleted: true })
    await slack.idle()

    const now = await slack.as('U0BOB').press(at, 'go')
    const late = await slack.send(travelling)

    expect(now).toEqual({ ok: false, error: "Bob Okafor's account is deactivated." })
    expect(late.kind).toBe('acked')
    expect(received.at(-1)?.body).toContain('block_actions')
  })

  test('a forged payload is signed like any other', async () => {
    const { received } = await start(() => 200)
    await slack.as('U0BOB').press(await postCard(), 'go')
    const { parcel } = slack.deliveries.at(-1) ?? {}

    await slack.send({
      kind: 'interactive',
      payload: { ...parcel?.payload, team: { id: 'T0OTHER', domain: 'other' } },
    })

    const { headers, body = '' } = received.at(-1) ?? {}
    expect(body).toContain('T0OTHER')
    expect(headers).toMatchObject(signature({ signingSecret, body, at: clock.now() }))
  })
})

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

    const hanging = fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      signal: AbortSignal.timeout(50),
    })

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

async function fourReceived(received: readonly unknown[]): Promise<void> {
  while (received.length < 4) await new Promise((resolve) => setImmediate(resolve))
}

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
