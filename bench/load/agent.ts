import { setTimeout as delay } from 'node:timers/promises'
import type { Dispatcher, Pool } from 'undici'

/** Somebody who asks, over a connection that stays open. */
export interface Agent {
  /** `wait`: seconds for which the answer may be held until the request is settled. */
  ask(body: string, wait?: number): Promise<Answer & { readonly granted: boolean }>
  read(id: string, wait?: number): Promise<Answer>
  /** Asks for the grant of what was approved. */
  grant(id: string): Promise<Answer & { readonly token: string }>
  /** Spends it for exactly that action. */
  redeem(grant: { readonly token: string; readonly attempt: string; readonly action: Asked }): Promise<Answer>
  report(id: string, state: 'succeeded', action: Asked): Promise<Answer>
}

/** The four fields that people approve. */
type Asked = Pick<ReturnType<typeof release>, 'action' | 'resource' | 'params' | 'environment'>

interface Answer {
  readonly status: number
  readonly id: string
  readonly state: string
}

/** `pool` leads to the product. A pace that was exceeded is waited out, as an agent does. */
export function agentOver(pool: Pool, credential: string): Agent {
  const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' }
  const headersFor = (wait?: number) =>
    wait === undefined ? headers : { ...headers, prefer: `wait=${wait}` }
  const call = async <T>(
    options: Pick<Dispatcher.RequestOptions, 'method' | 'path' | 'headers' | 'body'>,
    read: (status: number, body: unknown) => T,
  ): Promise<T> => {
    for (;;) {
      const { statusCode, headers: answered, body } = await pool.request({ headers, ...options })
      const text = await body.text()
      if (statusCode !== 429) return read(statusCode, JSON.parse(text))
      await delay(Number(answered['retry-after'] ?? 1) * 1_000)
    }
  }
  const post = (path: string, body: unknown) =>
    call({ method: 'POST', path, body: JSON.stringify(body) }, answerIn)
  return {
    ask: (body, wait) =>
      call({ method: 'POST', path: '/v1/requests', headers: headersFor(wait), body }, (status, body) => ({
        ...answerIn(status, body),
        granted: textIn(valueIn(body, 'grant'), 'token') !== '',
      })),
    read: (id, wait) =>
      call({ method: 'GET', path: `/v1/requests/${id}`, headers: headersFor(wait) }, answerIn),
    grant: (id) =>
      call({ method: 'POST', path: `/v1/requests/${id}/grant`, body: '{}' }, (status, body) => ({
        ...answerIn(status, body),
        token: textIn(body, 'token'),
      })),
    redeem: (grant) => post('/v1/grants/redeem', grant),
    report: (id, state, action) => post(`/v1/requests/${id}/executions`, { state, action }),
  }
}

function answerIn(status: number, body: unknown): Answer {
  return { status, id: textIn(body, 'id'), state: textIn(body, 'state') || textIn(body, 'code') }
}

function textIn(body: unknown, name: string): string {
  const value = valueIn(body, name)
  return typeof value === 'string' ? value : ''
}

function valueIn(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
}

const read = {
  action: 'repo.read',
  resource: { type: 'repository', id: 'acme/site' },
  params: { repo: 'acme/site' },
  environment: 'prod',
  initiator: { email: 'alice@acme.test' },
}

/** What an agent asks for when nobody has to be asked. */
export const reading = JSON.stringify(read)

/** The same, with its grant in the answer. */
export const readingWithGrant = JSON.stringify({ ...read, grant: true })

/** A release, which somebody has to agree to in the `n`th conversation of the bench (world/policy.ts). */
export function release(n: number) {
  return {
    action: `bench.release-${n}`,
    resource: { type: 'service', id: 'checkout' },
    params: { service: 'checkout', version: '2026.11.4', strategy: 'rolling' },
    environment: 'prod',
    reason: 'The release of this week, with the new way to pay.',
    initiator: { email: 'alice@acme.test' },
  }
}

export const releasing = (n: number): string => JSON.stringify(release(n))
