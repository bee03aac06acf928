/** The local Teams' HTTP side: what the app calls. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { refusalOf } from '../loopback.ts'
import { readBody, sendJson, sendText } from '../slack/reply.ts'
import { type ConnectorParts, connectorCall } from './connector.ts'
import type { CallKind, TeamsFaults } from './faults.ts'
import { type GraphParts, graphCall } from './graph.ts'
import type { KeySet } from './keys.ts'
import type { Login } from './login.ts'
import { TeamsError } from './teamsError.ts'
import { teamsRoot } from './wire.ts'

/** One call that the app made, kept for assertions; it holds no token. */
export interface TeamsCall {
  readonly kind: CallKind
  readonly method: string
  /** With the query, below what the service is mounted at. */
  readonly path: string
  readonly body: string
  /** Epoch milliseconds. */
  readonly at: number
}

export interface TransportParts extends ConnectorParts, Omit<GraphParts, 'tenant'> {
  readonly login: Login
  readonly keys: KeySet
  /** Entra's own keys: no token of the connector is signed with them. */
  readonly entraKeys: KeySet
  readonly faults: TeamsFaults
  readonly origin: () => string
}

export interface Transport {
  readonly calls: readonly TeamsCall[]
  /** Answers everything that the app asks under `/sandbox/teams/`; false when the path is none of it. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Listens alone on 127.0.0.1 and gives the port. */
  listen(port: number): Promise<number>
  close(): Promise<void>
}

interface Asked {
  readonly method: string
  readonly rest: string
  readonly url: URL
  readonly body: string
  readonly authorization: string | undefined
}

interface Prepared {
  readonly kind: CallKind
  run(): Promise<{ status: number; body: unknown }> | { status: number; body: unknown }
}

const callsKept = 5_000

/** By the first part of the path. */
const services: Readonly<Record<string, (parts: TransportParts, asked: Asked) => Prepared>> = {
  login: loginCall,
  keys: keysCall,
  graph: (parts, asked) => {
    const base = `${parts.origin()}${teamsRoot}graph/v1.0`
    const path = /^v1\.0\/(.+)$/.exec(asked.rest)?.[1]
    if (path === undefined) throw new TeamsError(404, 'NotFound', { message: 'Use v1.0.' })
    const call = graphCall(parts, { ...asked, path, query: asked.url.searchParams, base })
    return {
      kind: call.kind,
      run() {
        parts.login.check(asked.authorization, 'graph')
        return { status: 200, body: call.run() }
      },
    }
  },
  smba: (parts, asked) => {
    const path = /^[a-z]+\/v3\/(.+)$/.exec(asked.rest)?.[1]
    if (path === undefined)
      throw new TeamsError(404, 'NotFound', { message: 'Name a geography, as in amer/v3.' })
    const call = connectorCall(parts, { ...asked, path, query: asked.url.searchParams })
    return {
      kind: call.kind,
      run() {
        parts.login.check(asked.authorization, 'connector')
        return call.run()
      },
    }
  },
}

export function createTransport(parts: TransportParts): Transport {
  const calls: TeamsCall[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(`http://localhost${request.url ?? '/'}`)
    const [service = '', ...rest] = url.pathname.slice(teamsRoot.length).split('/')
    const prepare = Object.hasOwn(services, service) ? services[service] : undefined
    if (!url.pathname.startsWith(teamsRoot) || prepare === undefined) return false
    const refusal = refusalOf(request.headers)
    if (refusal !== undefined) {
      sendText(response, 403, refusal)
      return true
    }
    try {
      const body = await readBody(request)
      const { method = 'GET', headers } = request
      const call = prepare(parts, {
        method,
        rest: rest.join('/'),
        url,
        body,
        authorization: headers.authorization,
      })
      calls.push(recorded(call.kind, { method, url, body, at: parts.tenant.now() }))
      if (calls.length > callsKept) calls.splice(0, calls.length - callsKept)
      await underFault(parts.faults, call, response)
    } catch (error) {
      refuse(response, error, service)
    }
    return true
  }
  const server = createServer((request, response) => {
    void handle(request, response).then((known) => known || sendText(response, 404, 'Not found'))
  })
  return {
    calls,
    handle,
    async listen(port) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, '127.0.0.1', resolve)
      })
      const address = server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    },
    async close() {
      if (!server.listening) return
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function recorded(kind: CallKind, of: { method: string; url: URL; body: string; at: number }): TeamsCall {
  const path = `${of.url.pathname.slice(teamsRoot.length)}${of.url.search}`
  // How the app proves who it is stays with the one who checks it.
  return { kind, method: of.method, path, body: kind === 'token' ? '' : of.body, at: of.at }
}

function loginCall(parts: TransportParts, { method, rest, url, body }: Asked): Prepared {
  const [, tenant, what] = /^([^/]+)\/(oauth2\/v2\.0\/token|discovery\/v2\.0\/keys)$/.exec(rest) ?? []
  if (tenant === undefined) throw new TeamsError(404, 'NotFound')
  if (what === 'discovery/v2.0/keys') {
    return { kind: 'keys', run: async () => ({ status: 200, body: await parts.entraKeys.published() }) }
  }
  if (method !== 'POST') throw new TeamsError(405, 'MethodNotAllowed')
  const endpoint = `${parts.origin()}${url.pathname}`
  return {
    kind: 'token',
    run: async () => ({
      status: 200,
      body: await parts.login.token(new URLSearchParams(body), { tenant, endpoint }),
    }),
  }
}

function keysCall(parts: TransportParts, { rest }: Asked): Prepared {
  if (rest !== 'v1/.well-known/keys') throw new TeamsError(404, 'NotFound')
  return { kind: 'keys', run: async () => ({ status: 200, body: await parts.keys.published() }) }
}

async function underFault(faults: TeamsFaults, call: Prepared, response: ServerResponse): Promise<void> {
  const fault = faults.take(call.kind)
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'hold') await fault.until
  if (fault?.kind === 'status') {
    const { status, code = `http_${status}`, retryAfter } = fault
    throw new TeamsError(status, code, retryAfter === undefined ? {} : { retryAfter })
  }
  const { status, body } = await call.run()
  if (fault?.kind === 'lost_answer') return void response.destroy()
  sendJson(response, body, { status })
}

/** Each service has its own way to say no. */
function refuse(response: ServerResponse, error: unknown, service: string): void {
  if (response.destroyed || response.headersSent) return
  const known = error instanceof TeamsError ? error : new TeamsError(500, 'InternalServerError')
  const { status, code, message, retryAfter } = known
  const headers = retryAfter === null ? {} : { 'retry-after': String(retryAfter) }
  const body = service === 'login' ? loginRefusal(code, message) : { error: { code, message } }
  sendJson(response, body, { status, headers })
}

function loginRefusal(error: string, description: string) {
  const number = /^AADSTS(\d+)/.exec(description)?.[1]
  return {
    error,
    error_description: description,
    ...(number !== undefined && { error_codes: [Number(number)] }),
  }
}
