import { Agent, fetch } from 'undici'
import type { AskRecord, Heard } from '../evidence.ts'
import type { Replica } from '../world/replica.ts'

/** One call of an agent to one replica. */
export interface AgentCall {
  readonly kind: Heard['call']
  readonly replica: Replica
  readonly credential: string
  readonly path: string
  readonly method?: 'GET' | 'POST'
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Ends the connection after so many milliseconds, whatever was said by then. */
  readonly hangUpAfterMs?: number
}

/** Idle connections go soon, so that what a server holds in the quiet is its own. Milliseconds. */
const connections = new Agent({ keepAliveTimeout: 3_000, keepAliveMaxTimeout: 3_000 })

/** Longer than any wait that is asked for. Milliseconds. */
const patienceMs = 40_000

/** Calls, and notes what was heard. Null when nothing was: the connection broke, or it was hung up. */
export async function call(ask: AskRecord, made: AgentCall): Promise<Heard | null> {
  try {
    const response = await fetch(`${made.replica.url}${made.path}`, {
      dispatcher: connections,
      method: made.method ?? 'GET',
      headers: {
        authorization: `Bearer ${made.credential}`,
        'content-type': 'application/json',
        ...made.headers,
      },
      ...(made.body === undefined ? {} : { body: made.body }),
      signal: AbortSignal.timeout(made.hangUpAfterMs ?? patienceMs),
    })
    const text = await response.text()
    const { id, state, code } = fieldsOf(text)
    const heard: Heard = {
      at: Date.now(),
      call: made.kind,
      replica: made.replica.name,
      status: response.status,
      id,
      state,
      code,
      retryAfter: response.headers.has('retry-after'),
      wantsChanges: /"kind":\s*"changes"/.test(text),
    }
    ask.heard.push(heard)
    return heard
  } catch {
    return null
  }
}

function fieldsOf(text: string): Record<'id' | 'state' | 'code', string | null> {
  let body: unknown = null
  try {
    body = JSON.parse(text)
  } catch {
    // no answer of the product's
  }
  const field = (name: string) => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : null
    return typeof value === 'string' ? value : null
  }
  return { id: field('id'), state: field('state'), code: field('code') }
}
