import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Action, digestAction } from '../../src/core/action.ts'
import { canonical } from '../../src/core/canonical.ts'

/** A call as the double heard it. */
interface HeardCall {
  readonly method: string
  /** Without the id: `/v1/requests/:id/grant`. */
  readonly route: string
  readonly headers: IncomingMessage['headers']
  readonly body: Body
}

type Body = Readonly<Record<string, unknown>>

/** What goes wrong with a call: its connection breaks before or after it took effect, or it is turned away. */
type Trouble =
  | 'before'
  | 'after'
  | { readonly status: number; readonly code?: string; readonly retryAfter?: string }

interface Standing {
  readonly id: string
  readonly digest: string
  readonly body: Body
  readonly key: string
  state: string
  version: number
  readonly grant: { readonly token: string; attempt: string | null }
  readonly reports: Body[]
}

/** The wire of an agent's verbs and nothing behind it: who decides is the test, and so is what breaks. */
export interface Double {
  readonly url: string
  readonly calls: readonly HeardCall[]
  readonly requests: readonly Standing[]
  /** Settles a request; whoever waits hears of it. */
  settle(request: Standing, state: string): void
  /** Every request that is asked from now on ends so, at once. */
  decideAll(state: string): void
  /** Asked before each call, with how often that route was called before. */
  trouble: (call: HeardCall, nth: number) => Trouble | null
  spentBy: 'agent' | 'resource'
  /** Changes an answer on its way. */
  twist: (call: HeardCall, answer: Body) => unknown
  /** Closes every connection and listens no more, until `start`. */
  stop(): Promise<void>
  start(): Promise<void>
}

interface Answered {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body: Body
}

export const doubleKey = 'csk_of-this-test'

export async function openDouble(): Promise<Double> {
  const requests: Standing[] = []
  const calls: HeardCall[] = []
  const waiting = new Set<() => void>()
  let decided = 'pending'
  let port = 0

  const settle: Double['settle'] = (request, state) => {
    request.state = state
    request.version += 1
    for (const wake of waiting) wake()
  }

  const byRoute: Record<string, (call: HeardCall, request: Standing) => Promise<Answered> | Answered> = {
    'POST /v1/requests': async (call) => {
      const key = String(call.headers['idempotency-key'])
      const known = requests.find((one) => one.key === key)
      if (known && canonical(known.body) !== canonical(call.body)) return problem(422, 'idempotency_mismatch')
      const request = known ?? standing(call.body, { key, state: decided, number: requests.length })
      if (!known) requests.push(request)
      await held(call, request)
      const wanted = call.body.grant && request.state === 'approved' && call.body.action === 'repo.read'
      const grant = wanted ? { grant: shownGrant(request, double.spentBy) } : {}
      return { status: 201, headers: headersOf(call, request), body: { ...shown(request), ...grant } }
    },
    'GET /v1/requests/:id': async (call, request) => {
      await held(call, request)
      if (!call.headers.prefer && call.headers['if-none-match'] === `"${request.version}"`)
        return { status: 304, headers: headersOf(call, request), body: {} }
      return { status: 200, headers: headersOf(call, request), body: shown(request) }
    },
    'POST /v1/requests/:id/cancel': (_, request) => {
      if (request.state === 'pending') settle(request, 'cancelled')
      return request.state === 'cancelled'
        ? { status: 200, body: shown(request) }
        : problem(409, 'wrong_state')
    },
    'POST /v1/requests/:id/grant': (_, request) =>
      request.state === 'approved'
        ? { status: 201, body: shownGrant(request, double.spentBy) }
        : problem(409, 'wrong_state'),
    'POST /v1/grants/redeem': ({ body }) => {
      const request = requests.find(({ grant }) => grant.token === body.token)
      if (!request) return problem(403, 'invalid_grant')
      const { grant } = request
      if (grant.attempt !== null && grant.attempt !== body.attempt) return problem(409, 'grant_spent')
      const digest = body.action ? digestAction(body.action as Action) : body.digest // as the client sends it
      if (digest !== request.digest) return problem(403, 'digest_mismatch')
      grant.attempt = String(body.attempt)
      request.state = 'executing'
      const { id, digest: approved } = request
      return { status: 200, body: { request: id, digest: approved, attempt: body.attempt } }
    },
    'POST /v1/requests/:id/executions': ({ body }, request) => {
      request.reports.push(body)
      request.state = String(body.state)
      return { status: 201, body: shown(request) }
    },
  }

  /** Holds the call as `Prefer: wait` says; a double has no clock, so it holds for ever, until it is settled or stopped. */
  async function held(call: HeardCall, request: Standing): Promise<void> {
    if (!call.headers.prefer) return
    while (request.state === 'pending' && port !== 0)
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake)
          resolve()
        }
        waiting.add(wake)
      })
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await heard(incoming)
    const nth = calls.filter((one) => one.route === call.route && one.method === call.method).length
    calls.push(call)
    const trouble = double.trouble(call, nth)
    if (trouble === 'before') return void response.destroy()
    if (trouble !== null && trouble !== 'after') {
      const { status, code = 'store_unavailable', retryAfter } = trouble
      return write(response, {
        ...problem(status, code),
        headers: retryAfter ? { 'retry-after': retryAfter } : {},
      })
    }
    const id = /req_\w+/.exec(incoming.url ?? '')?.[0]
    const request = requests.find((one) => one.id === id)
    const act = byRoute[`${call.method} ${call.route}`]
    const isKnown = act && (request !== undefined || !call.route.includes(':id'))
    const answered = isKnown ? await act(call, request as Standing) : problem(404, 'unknown_request') // only with an id
    if (trouble === 'after') return void response.destroy()
    write(response, { ...answered, body: double.twist(call, answered.body) as Body }) // a test may break it
  }

  const server = createServer((incoming, response) => void answer(incoming, response))
  const double: Double = {
    get url() {
      return `http://127.0.0.1:${listeningAt}`
    },
    calls,
    requests,
    settle,
    decideAll: (state) => {
      decided = state
      for (const request of requests) if (request.state === 'pending') settle(request, state)
    },
    trouble: () => null,
    spentBy: 'agent',
    twist: (_, body) => body,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      port = 0
      server.closeAllConnections()
      for (const wake of waiting) wake()
      await closed
    },
    start: async () => {
      await new Promise<void>((resolve) => server.listen(listeningAt, '127.0.0.1', resolve))
      port = (server.address() as AddressInfo).port // it listens on TCP
      listeningAt = port
    },
  }
  let listeningAt = 0
  await double.start()
  onTestFinished(async () => {
    if (port !== 0) await double.stop()
  })
  return double
}

function standing(
  body: Body,
  { key, state, number }: { key: string; state: string; number: number },
): Standing {
  const action = { params: {}, ...body } as unknown as Action // as the client sends it
  const id = `req_${String(number).padStart(26, '0')}`
  const allowed = body.action === 'repo.read' ? 'approved' : state
  return {
    id,
    digest: digestAction(action),
    body,
    key,
    state: allowed,
    version: 1,
    grant: { token: `token-of-${id}`, attempt: null },
    reports: [],
  }
}

function shown({ id, state, digest, body }: Standing): Body {
  const outcome = state === 'denied' ? 'Bob said no.' : null
  const { grant: _, ...asked } = body
  return { id, state, digest, ...asked, outcome, outcome_code: state, grant: null }
}

function shownGrant({ id, grant }: Standing, spentBy: string): Body {
  return {
    id: id.replace('req_', 'grt_'),
    request: id,
    token: grant.token,
    token_type: 'Bearer',
    audience: 'https://target.acme.test',
    expires_in: 120,
    spent_by: spentBy,
  }
}

function headersOf(call: HeardCall, request: Standing): Record<string, string> {
  return { etag: `"${request.version}"`, ...(call.headers.prefer && { 'preference-applied': 'wait' }) }
}

function problem(status: number, code: string): Answered {
  return {
    status,
    body: { type: `/errors#${code}`, title: `Refused: ${code}.`, status, detail: 'Why.', code },
  }
}

async function heard(incoming: IncomingMessage): Promise<HeardCall> {
  let text = ''
  for await (const piece of incoming) text += piece
  const path = (incoming.url ?? '').split('?')[0] ?? ''
  return {
    method: incoming.method ?? '',
    route: path.replace(/req_\w+/, ':id'),
    headers: incoming.headers,
    body: text === '' ? {} : JSON.parse(text),
  }
}

function write(response: ServerResponse, { status, headers = {}, body }: Answered): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(status === 304 ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
}
