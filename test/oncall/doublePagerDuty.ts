import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** One turn, as PagerDuty says it. */
interface Turn {
  readonly user: { readonly id: string; readonly email?: string }
  readonly schedule?: string | null
  readonly policy?: string
  readonly level?: number
  readonly start?: string | null
  readonly end?: string | null
}

/** What it does instead of answering, once. */
type Misbehaviour = (response: ServerResponse) => void

export interface DoublePagerDuty {
  readonly address: string
  /** Everybody's turns; asked for by schedule or escalation policy. */
  turns: readonly Turn[]
  /** People on one page. */
  perPage: number
  /** Queries it was asked, oldest first. */
  readonly asked: URLSearchParams[]
  /** The next calls meet these, in order. */
  readonly instead: Misbehaviour[]
}

export const status =
  (code: number, headers: Record<string, string> = {}): Misbehaviour =>
  (response) =>
    void response.writeHead(code, headers).end('{"error":{"message":"no"}}')

/** Never answers. */
export const deaf: Misbehaviour = () => undefined

/** PagerDuty's `GET /oncalls` as its OpenAPI description says it, with its limit of 100 a page. */
export async function doublePagerDuty(token = 'a-read-only-key'): Promise<DoublePagerDuty> {
  const server = createServer((request, response) => answer(request, response))
  const double: DoublePagerDuty = {
    address: '',
    turns: [],
    perPage: 100,
    asked: [],
    instead: [],
  }
  const answer = ({ url, headers }: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(url ?? '', 'http://double')
    double.asked.push(searchParams)
    const instead = double.instead.shift()
    if (instead) return instead(response)
    if (pathname !== '/oncalls') return status(404)(response)
    if (headers.authorization !== `Token token=${token}`) return status(401)(response)
    const [schedules, policies] = ['schedule_ids[]', 'escalation_policy_ids[]'].map((name) =>
      searchParams.getAll(name),
    )
    const fitting = double.turns.filter(
      ({ schedule = 'PSCHED', policy = 'PPOLICY' }) =>
        schedules?.includes(schedule ?? '') || policies?.includes(policy),
    )
    const offset = Number(searchParams.get('offset') ?? 0)
    const limit = Math.min(double.perPage, Number(searchParams.get('limit') ?? 25))
    const withUsers = searchParams.get('include[]') === 'users'
    const page = fitting.slice(offset, offset + limit)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        oncalls: page.map((one) => shown(one, withUsers)),
        limit,
        offset,
        more: offset + page.length < fitting.length,
        total: null,
      }),
    )
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  return Object.assign(double, { address: `http://127.0.0.1:${port}` })
}

function shown(
  { user, schedule = 'PSCHED', policy = 'PPOLICY', level = 1, start = null, end = null }: Turn,
  withUsers: boolean,
) {
  return {
    user: withUsers
      ? { ...user, type: 'user', name: user.id, role: 'read_only_user' }
      : { id: user.id, type: 'user_reference', summary: user.id },
    schedule: schedule === null ? null : { id: schedule, type: 'schedule_reference' },
    escalation_policy: { id: policy, type: 'escalation_policy_reference' },
    escalation_level: level,
    start,
    end,
  }
}
