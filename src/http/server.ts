import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import swagger from '@fastify/swagger'
import type { Logger } from 'pino'
import type { LedgerReader } from '../approvals/ledger/ledgerReader.ts'
import { createPacedCounter } from '../approvals/news/paced.ts'
import { admitAuditor } from '../approvals/people/auditor.ts'
import type { Ports } from '../approvals/ports.ts'
import { createPersonReader } from '../approvals/readByToken.ts'
import type { Condition } from '../core/health.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { createApp, fastifyRoute } from './app.ts'
import type { OperatorMetrics } from './call.ts'
import { createRateLimit, type Limits } from './limits.ts'
import type { Mount } from './mounts.ts'
import type { EndedCall } from './observe.ts'
import { openapiOptions } from './openapi.ts'
import type { Service } from './route.ts'
import { routes } from './routes.ts'
import { createOpenCalls, createSeats } from './waiting.ts'

export interface ServerOptions {
  readonly ports: Ports
  readonly ledger: LedgerReader
  readonly log: Logger
  /** Where the outside reaches this server: `https://countersign.acme.test`. */
  readonly baseUrl: string
  /** The bytes with which a key's webhooks are signed, those behind `whsec_`. */
  readonly signingSecret: (keyId: string) => Buffer
  /** Parts of the address space that others answer. */
  readonly mounts: readonly Mount[]
  /** What is wrong with this server now; within two seconds. */
  readonly conditions: () => Promise<readonly Condition[]>
  /** What only the operator sees, and by which token they are known; null: only calls from this machine are theirs. */
  readonly operator: { readonly token: string | null; readonly metrics: OperatorMetrics }
  /** Hears how each call ended. */
  readonly callEnded?: (call: EndedCall) => void
  /** How much an agent may do for which nobody has set anything else: `defaultLimits`. */
  readonly limits: Limits
  /** Paces are kept by its monotonic half. */
  readonly ages: Pick<AgeClock, 'elapsed'>
}

export interface HttpServer {
  /** @throws when the address is taken or not ours. Port 0 takes a free one. */
  listen(host: string, port: number): Promise<{ readonly url: string }>
  /** Answers everybody who waits with the state of the moment, takes no more calls, and ends within a second. */
  close(): Promise<void>
  /** For those who take upgrades: the connections they took are theirs to end, and `close` waits for them. */
  readonly server: Server
}

function rateLimits({ ports, limits: usual, ages }: ServerOptions): Service['limits'] {
  const paced = { usual, elapsed: ages.elapsed, refused: createPacedCounter(ports) }
  return {
    submissions: createRateLimit('submissions', paced),
    otherCalls: createRateLimit('otherCalls', paced),
  }
}

/** After this many milliseconds a closing server stops waiting for callers that do not read or do not finish. */
const closingGraceMs = 800

/** The one server: the API, and whatever is mounted beside it. Nothing listens until `listen`. */
export async function createServer(options: ServerOptions): Promise<HttpServer> {
  const { log, mounts, ports, ledger } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const calls = createOpenCalls()
  const app = createApp({ log, baseUrl, mounts, routes, callEnded: options.callEnded })
  app.addHook('preClose', async () => calls.endAll())
  const service: Service = {
    ports,
    signingSecret: options.signingSecret,
    operatorToken: options.operator.token,
    admitAuditor: (bearer, asked) =>
      admitAuditor(ports, bearer, async () => ({ ...asked, entries: (await ledger.head())?.head.size ?? 0 })),
    limits: rateLimits(options),
    api: {
      ports,
      ledger,
      people: createPersonReader(ports),
      baseUrl,
      seats: createSeats(options.limits),
      conditions: options.conditions,
      openapi: () => app.swagger(),
      metrics: options.operator.metrics,
    },
  }

  await app.register(swagger, openapiOptions(baseUrl, routes))
  // After the generator has loaded, which sees only routes that are added from then on.
  for (const route of routes) app.route(fastifyRoute(route, service, calls))
  await app.ready()
  app.swagger() // made once and kept; a schema that cannot be described fails here and not at the first reader

  return {
    server: app.server,
    async listen(host, port) {
      await app.listen({ host, port, listenTextResolver: () => 'listening' })
      const { port: bound } = app.server.address() as AddressInfo // it listens on TCP: never null or a pipe's name
      return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}` }
    },
    async close() {
      const impatience = setTimeout(() => app.server.closeAllConnections(), closingGraceMs)
      await app.close().finally(() => clearTimeout(impatience))
    },
  }
}
