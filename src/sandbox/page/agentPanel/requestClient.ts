/** The agent's side of the real API, exactly as an agent outside would call it. */
import { exchange, isObject, type Refused, readReply, text, unreadable } from './exchange.ts'

/** A request as the API shows it. Only what the panel reads is named; the rest is in the raw JSON. */
export interface AgentRequest {
  readonly id: string
  readonly state: string
  readonly [property: string]: unknown
}

export type Answer = { readonly is: 'request'; readonly request: AgentRequest } | Refused

interface Asking {
  readonly key: string
  readonly body: string
  readonly idempotencyKey: string
}

/** Several requests that were made together, in order. */
interface Several {
  readonly is: 'requests'
  readonly ids: readonly string[]
}

/** `POST /v1/requests`, or `/v1/sets` for a body that asks for several: asks, and does not wait for people. */
export async function ask({ key, body, idempotencyKey }: Asking): Promise<Answer | Several> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
    prefer: 'wait=0',
  }
  const path = pathFor(body)
  const reply = await exchange(path, { method: 'POST', headers, body })
  if (reply.is === 'problem') return reply
  if (path === '/v1/requests') return readAnswer(200, reply.body)
  const { requests } = reply.body
  if (!Array.isArray(requests)) return unreadable(200)
  return { is: 'requests', ids: requests.filter(isObject).map(({ id }) => text(id)) }
}

/** Where a body is sent, by what it asks for. What is no JSON is sent as one request, to see how it is refused. */
export function pathFor(body: string): '/v1/sets' | '/v1/requests' {
  try {
    const sent: unknown = JSON.parse(body)
    return isObject(sent) && 'requests' in sent ? '/v1/sets' : '/v1/requests'
  } catch {
    return '/v1/requests'
  }
}

interface Looking {
  readonly key: string
  readonly id: string
  /** How long to wait for the end; 0 answers at once. */
  readonly waitSeconds: number
  readonly signal: AbortSignal
}

/** `GET /v1/requests/{id}`: answers as soon as it is settled, or after `waitSeconds`. */
export function look({ key, id, waitSeconds, signal }: Looking): Promise<Answer> {
  return call(`/v1/requests/${encodeURIComponent(id)}`, {
    headers: { authorization: `Bearer ${key}`, prefer: `wait=${waitSeconds}` },
    // Else the browser's cache holds a look back as long as a wait for the same address is under way.
    cache: 'no-store',
    signal,
  })
}

export function cancel(key: string, id: string): Promise<Answer> {
  return call(`/v1/requests/${encodeURIComponent(id)}/cancel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  })
}

/** What the server sent, as a request: anything else is no answer here. */
export function readAnswer(status: number, body: unknown): Answer {
  const reply = readReply(status, body)
  if (reply.is === 'problem') return reply
  const { id, state } = reply.body
  if (typeof id !== 'string' || typeof state !== 'string') return unreadable(status)
  return { is: 'request', request: { ...reply.body, id, state } }
}

async function call(path: string, init: RequestInit): Promise<Answer> {
  const reply = await exchange(path, init)
  return reply.is === 'problem' ? reply : readAnswer(200, reply.body)
}
