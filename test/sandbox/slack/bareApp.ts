import { createServer, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { signingSecret } from './company.ts'

export interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/**
 * A bare HTTP app that `slack` now delivers to, closed when the test is over. `answer` says what it answers with: a
 * status, or undefined for never.
 */
export async function bareApp(
  slack: LocalSlack,
  answer: (received: Received, count: number) => number | undefined,
) {
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
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(stop)
  return { received, url, stop }
}

/** What a person did, as it was delivered. */
export function payloadOf(received: Received | undefined) {
  return JSON.parse(new URLSearchParams(received?.body).get('payload') ?? '')
}
