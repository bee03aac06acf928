/** The agent's side of the real API, exactly as an agent outside would call it. */

/** A request as the API shows it. Only what the panel reads is named; the rest is in the raw JSON. */
export interface AgentRequest {
  readonly id: string
  readonly state: string
  readonly [property: string]: unknown
}

/** RFC 9457, as docs/errors.md lists them. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[]
}

export type Answer =
  | { readonly is: 'request'; readonly request: AgentRequest }
  | { readonly is: 'problem'; readonly problem: Problem }

interface Asking {
  readonly key: string
  readonly body: string
  readonly idempotencyKey: string
}

/** `POST /v1/requests`: asks, and does not wait for people. */
export function ask({ key, body, idempotencyKey }: Asking): Promise<Answer> {
  return call('/v1/requests', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
      prefer: 'wait=0',
    },
    body,
  })
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

/** Whether the body is a request or a problem is decided by its shape: a proxy's error page is neither. */
export function readAnswer(status: number, body: unknown): Answer {
  if (isObject(body)) {
    if (status < 400 && typeof body.id === 'string' && typeof body.state === 'string') {
      return { is: 'request', request: { ...body, id: body.id, state: body.state } }
    }
    if (typeof body.title === 'string') return { is: 'problem', problem: readProblem(status, body) }
  }
  return problem(status, 'unreadable', 'The server sent something that is neither a request nor a problem.')
}

function readProblem(status: number, body: Readonly<Record<string, unknown>>): Problem {
  const errors = Array.isArray(body.errors) ? body.errors.filter(isObject) : []
  return {
    status,
    code: text(body.code),
    title: text(body.title),
    detail: text(body.detail),
    errors: errors.map((error) => ({
      pointer: text(error.pointer),
      detail: text(error.detail ?? error.message),
    })),
  }
}

async function call(path: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(path, init)
    return readAnswer(response.status, await response.json().catch(() => null))
  } catch {
    return problem(0, 'unreachable', 'The server does not answer. Is it still running?')
  }
}

function problem(status: number, code: string, title: string): Answer {
  return { is: 'problem', problem: { status, code, title, detail: '', errors: [] } }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
