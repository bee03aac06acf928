import { request } from 'undici'
import { ConnectorFault } from './fault.ts'
import { retryAfterIn } from './retryAfter.ts'

/** One call to a service of Teams, and what it answered. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds for all of it. */
  readonly limit: number
}

export interface Answered {
  readonly status: number
  readonly text: string
  readonly retryAfterSeconds: number | null
}

/** Bytes of an answer: no service has that much to say. */
const mostRead = 512 * 1024

/** Nothing was sent: the connection was never made. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/**
 * Asks once. No redirect is followed: what is sent bears a secret or a token, which goes to the address that was configured
 * and nowhere else.
 *
 * @throws ConnectorFault when no whole answer came in time
 */
export async function call({ method, url, headers = {}, body, limit }: Call): Promise<Answered> {
  try {
    const answer = await request(url, {
      method,
      headers,
      body: body ?? null,
      signal: AbortSignal.timeout(limit),
      headersTimeout: limit,
      bodyTimeout: limit,
    })
    const text = await wholeOf(answer.body)
    return { status: answer.statusCode, text, retryAfterSeconds: retryAfterIn(answer.headers['retry-after']) }
  } catch (cause) {
    throw faultOf(cause)
  }
}

/** The answer of a service that takes no JSON of the wrong form for one. @throws ConnectorFault `unexpected` */
export function jsonIn({ text, status }: Answered): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ConnectorFault({ code: 'unexpected', status, unknown: true })
  }
}

async function wholeOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > mostRead) throw new ConnectorFault({ code: 'unexpected', status: null, unknown: true })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function faultOf(cause: unknown): ConnectorFault {
  if (cause instanceof ConnectorFault) return cause
  const name = cause instanceof Error ? cause.name : ''
  const code = codeIn(cause)
  const isLate =
    name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT'
  return new ConnectorFault({
    code: isLate ? 'timeout' : 'unreachable',
    status: null,
    unknown: !neverSent.has(code),
    cause,
  })
}

function codeIn(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return ''
}
