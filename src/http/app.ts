import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import fastify, {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RouteOptions,
} from 'fastify'
import type { Logger } from 'pino'
import { jsonLimits } from '../core/strictJson.ts'
import type { Answer, Credentials } from './call.ts'
import { type Mount, mountFor } from './mounts.ts'
import { answerInSpan, type EndedCall, endedCall } from './observe.ts'
import { schemaOf } from './openapi.ts'
import { problemOf, refusalIn } from './problem.ts'
import { answerCall, type Route, type Service } from './route.ts'
import { refusalOfUnknown } from './unknownRoute.ts'
import type { OpenCalls } from './waiting.ts'

export interface AppOptions {
  readonly log: Logger
  readonly baseUrl: string
  readonly mounts: readonly Mount[]
  /** What there is, for calls that meet none of it. */
  readonly routes: readonly Route[]
  /** Hears how each call ended. */
  readonly callEnded?: ((call: EndedCall) => void) | undefined
}

/** How long a sender may take, in milliseconds, until its whole call is here. */
const slowestCallMs = 30_000
/** Longer than the idle time of the usual proxies, so that they hang up first and no call meets a closing connection. */
const idleConnectionMs = 72_000

/**
 * Fastify with everything off that we do ourselves: parsing, validating, logging of calls. Bodies stay bytes until a
 * handler reads them, because signatures are over bytes and because strangers are refused before anything is parsed.
 */
export function createApp(options: AppOptions) {
  const fail = (thrown: unknown, call: FastifyRequest, reply: FastifyReply) => {
    note(thrown, call)
    return send(reply, problemOf(thrown, { baseUrl: options.baseUrl, call: call.id }))
  }
  const onEvery = securityHeaders(options.baseUrl)
  const lockedDown = (call: FastifyRequest, reply: FastifyReply) =>
    reply.headers(onEvery).header('x-request-id', call.id)
  const loggerInstance: FastifyBaseLogger = options.log
  const app = fastify({
    loggerInstance,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'call' }),
    bodyLimit: jsonLimits.bytes,
    exposeHeadRoutes: true, // RFC 9110, 9.1: whoever answers GET answers HEAD; load balancers ask health so
    // While the server closes, calls that are already on their way still get a real answer.
    return503OnClosing: false,
    // Addresses that cannot be read never reach a hook.
    frameworkErrors: (error, call, reply) => fail(error, call, lockedDown(call, reply)),
    serverFactory: (handle) => listenerFor(handle, options),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_call, body, done) => done(null, body))
  app.setValidatorCompiler(() => (value) => ({ value }))
  // Handlers make what they answer; that it is what openapi.json promises is looked at by the tests, for each answer.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
  app.setErrorHandler(fail)
  app.setNotFoundHandler((call, reply) => fail(refusalOfUnknown(options.routes, call), call, reply))
  app.addHook('onRequest', (call, reply, done) => {
    lockedDown(call, reply)
    done()
  })
  app.addHook('onResponse', (call, reply, done) => {
    options.callEnded?.(endedCall(call, reply))
    done()
  })
  return app
}

/** On every answer of the API. Nothing here is meant for a browser to run, frame, cache or share; there is no CORS. */
function securityHeaders(baseUrl: string): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(baseUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
  }
}

/** A route of the table, as Fastify wants it. */
export function fastifyRoute(route: Route, service: Service, calls: OpenCalls): RouteOptions {
  return {
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    handler: async (call, reply) => {
      const received = {
        params: call.params as Readonly<Record<string, string>>, // parsed edge: the router only makes text
        query: new URLSearchParams(call.url.split('?')[1]),
        headers: call.headers,
        remoteAddress: call.socket.remoteAddress,
        body: Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0),
        tell: (headers: Readonly<Record<string, string>>) => void reply.headers(headers),
        ended: () => calls.begin(reply.raw),
      }
      const answer = await answerInSpan(route, call, () => answerCall<Credentials>(route, service, received))
      return send(reply, answer)
    },
  }
}

function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply
    .code(status)
    .headers(headers ?? {})
    .send(body ?? undefined)
}

/** What whoever is at fault has said once already. */
const saidOnce: ReadonlySet<string> = new Set(['store_unavailable', 'ledger_behind', 'entry_unwritable'])

/** What happened, for the operator: never a header, a body or an address with its query. */
function note(thrown: unknown, call: FastifyRequest): void {
  const refusal = refusalIn(thrown)
  const route = call.routeOptions?.url
  if (!refusal) call.log.error({ err: thrown, route }, 'call failed')
  // The store has said once, loudly, what is wrong with it; a line of that weight for each call would bury it.
  else if (saidOnce.has(refusal.code))
    call.log.info({ code: refusal.code, detail: refusal.message, route }, 'call put off')
  else if (refusal.kind === 'unavailable')
    call.log.warn({ code: refusal.code, detail: refusal.message, route }, 'call put off')
  else call.log.info({ code: refusal.code, detail: refusal.message, route }, 'call refused')
}

/** Mounts come first and get the request as Node made it. */
function listenerFor(handle: RequestListener, { mounts, log }: AppOptions): Server {
  const timeouts = { requestTimeout: slowestCallMs, keepAliveTimeout: idleConnectionMs }
  return createServer(timeouts, (request, response) => {
    const mount = mountFor(mounts, request.url)
    if (!mount) return handle(request, response)
    try {
      mount.handle(request, response)
    } catch (fault) {
      log.error({ err: fault, mount: mount.prefix }, 'mount failed')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    }
  })
}
