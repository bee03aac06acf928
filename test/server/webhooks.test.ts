import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished, test } from 'vitest'
import { addWebhook } from '../../src/approvals/webhooks/subscriptions.ts'
import { createClosers } from '../../src/lifetime/closers.ts'
import { unstoppable } from '../../src/lifetime/start.ts'
import { openParts } from '../../src/server/compose.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { agentWith, allowedBody, listeningLog, type Served, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const secret = 'one-secret-for-both-replicas-of-this-test-00'

/** Somebody who receives messages: what came, and who is still waiting for an answer. */
async function receiver(answer: (response: ServerResponse) => void) {
  const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = []
  let [open, most] = [0, 0]
  const server = createServer(async (request, response) => {
    open += 1
    most = Math.max(most, open)
    response.once('close', () => {
      open -= 1
    })
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ headers: request.headers, body })
    answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return { received, url: `http://127.0.0.1:${port}/in`, most: () => most }
}

/** Two servers on one database, for which the loopback is open. */
async function openReplicas() {
  const workspace = await openWorkspace()
  const database = await freshDatabase()
  const start = () =>
    serve({
      ...workspace.environment,
      DATABASE_URL: database,
      DATA_DIR: temporaryDirectory(),
      COUNTERSIGN_SECRET: secret,
      WEBHOOK_ALLOW: '127.0.0.0/8',
    })
  const [a, b] = await Promise.all([start(), start()])
  return { a, b, database, agent: agentWith(await registerAgent(a.config, 'nightly')) }
}

/** What a command does beside the servers. */
async function subscribe({ config }: Served, url: string) {
  const { log } = listeningLog()
  const closers = createClosers(log)
  const { slack } = config
  if (!slack) throw new Error('a server with Slack')
  try {
    const access = { slack: { botToken: slack.botToken ?? '', apiUrl: slack.apiUrl }, teams: null }
    const parts = await openParts(config, {
      log,
      closers,
      start: unstoppable(),
      access,
      beside: true,
      origin: 'http://127.0.0.1:1',
    })
    return await addWebhook(parts.ports, { via: 'cli', url, events: [] })
  } finally {
    await closers.close()
  }
}

test('two-replicas: each event is sent once, signed, whichever replica wrote it; an address that never answers delays none', async () => {
  const { a, b, database, agent } = await openReplicas()
  const good = await receiver((response) => response.writeHead(204).end())
  const deaf = await receiver(() => undefined)
  const { secret: signs } = await subscribe(a, good.url)
  await subscribe(a, deaf.url)
  // Heard of at both, by whatever way.
  await eventually(async () => {
    await Promise.all([a, b].map(({ url }) => agent.ask(url, allowedBody)))
    expect(good.received.length).toBeGreaterThanOrEqual(2)
  })

  const asked = await Promise.all([a, b, a, b, a, b].map(({ url }) => agent.ask(url, allowedBody)))
  await eventually(() => {
    const ids = good.received.map(({ body }) => JSON.parse(body).data.id)
    expect(ids).toEqual(expect.arrayContaining(asked.map(({ id }) => id)))
  })

  const messages = good.received.map(({ headers }) => headers['webhook-id'])
  expect(new Set(messages).size).toBe(messages.length)
  for (const { headers, body } of good.received)
    expect(new Webhook(signs).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'approval.approved',
      data: { state: 'approved', action: 'repo.read' },
    })
  expect(good.received.map(({ body }) => body).join()).not.toContain('acme/site')
  expect(deaf.most(), 'control: that address is asked').toBeGreaterThan(0)
  expect(deaf.most()).toBeLessThanOrEqual(2)
  const rows = await withClient(database, (client) =>
    client.query(`SELECT count(*)::integer AS waiting FROM webhook_deliveries WHERE state = 'waiting'`),
  )
  expect(rows.rows[0].waiting).toBeGreaterThanOrEqual(6)
})
