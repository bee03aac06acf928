/** The local Slack's HTTP side: the Web API, response addresses, and Socket Mode's upgrade. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { refusalOf } from '../loopback.ts'
import type { Sockets } from './delivery/socket.ts'
import type { Faults } from './faults.ts'
import type { Context } from './methods/method.ts'
import { sendText } from './reply.ts'
import { handleResponseUrl } from './respond.ts'
import type { WebApi } from './webApi.ts'

export interface Transport {
  /** Answers everything under `/sandbox/slack/`; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Takes `/sandbox/slack/socket`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Listens alone on 127.0.0.1 and gives the port. */
  listen(port: number): Promise<number>
  close(): Promise<void>
}

export function createTransport(parts: {
  readonly context: Context
  readonly webApi: WebApi
  readonly faults: Faults
  readonly sockets: Sockets
}): Transport {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalOf(request.headers)
    if (refusal !== undefined) return sendText(response, 403, refusal)
    const [, kind, id] = /^\/sandbox\/slack\/(api|response)\/([\w.-]+)$/.exec(pathOf(request)) ?? []
    if (kind === undefined || id === undefined) return sendText(response, 404, 'Not found')
    // Slack takes GET for its methods as well; its clients never use that, so neither do we.
    if (request.method !== 'POST') return sendText(response, 405, 'Use POST')
    if (kind === 'api') return parts.webApi.handle(id, request, response)
    return handleResponseUrl(parts.context, { id, request, response, faults: parts.faults })
  }
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const wanted = pathOf(request) === '/sandbox/slack/socket' && refusalOf(request.headers) === undefined
    if (wanted) parts.sockets.upgrade(request, socket, head)
    else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  }
  const server = createServer((request, response) => void handle(request, response))
  server.on('upgrade', upgrade)
  return {
    handle,
    upgrade,
    listen: (port) => listenOn(server, port),
    async close() {
      if (!server.listening) return
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function listenOn(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** The path as it was sent, without its query. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}
