/** One call to the real API, and what it answered: the body, or the problem. */

export type JsonObject = Readonly<Record<string, unknown>>

/** RFC 9457, as docs/errors.md lists them. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[]
}

export interface Refused {
  readonly is: 'problem'
  readonly problem: Problem
}

export type Reply = { readonly is: 'body'; readonly body: JsonObject } | Refused

/** Calls this server. Never rejects: a server that is gone is a problem too. */
export async function exchange(path: string, init: RequestInit): Promise<Reply> {
  try {
    const response = await fetch(path, init)
    return readReply(response.status, await response.json().catch(() => null))
  } catch {
    return problem(0, 'unreachable', 'The server does not answer. Is it still running?')
  }
}

/** Whether the body is an answer or a problem is decided by its shape: a proxy's error page is neither. */
export function readReply(status: number, body: unknown): Reply {
  if (isObject(body)) {
    if (status < 400) return { is: 'body', body }
    if (typeof body.title === 'string') return { is: 'problem', problem: readProblem(status, body) }
  }
  return unreadable(status)
}

export function unreadable(status: number): Refused {
  return problem(status, 'unreadable', 'The server sent something that is neither an answer nor a problem.')
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text, or an empty one where there is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function readProblem(status: number, body: JsonObject): Problem {
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

function problem(status: number, code: string, title: string): Refused {
  return { is: 'problem', problem: { status, code, title, detail: '', errors: [] } }
}
