import { plainCopy } from './canonical.ts'
import { CountersignError } from './countersignError.ts'
import type { Limit, Surroundings } from './limit.ts'
import type { Problem } from './wire.ts'

/** One call of the API. Each may arrive twice: what it says makes that harmless. */
export interface Call {
  readonly method: 'GET' | 'POST'
  /** From `/v1` on. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Seconds for which the server may hold it before it answers. */
  readonly hold?: number
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

export interface Access extends Surroundings {
  readonly url: string
  readonly key: string
}

/** Milliseconds after which a call that the server does not hold has been lost. */
const patience = 15_000
/** The first pause, and the longest: between them each is twice the one before. */
const pauses = { first: 250, longest: 30_000 } as const
/** What passes by itself. `Retry-After` says when, if the server knows. */
const passing: ReadonlySet<number> = new Set([408, 429, 502, 503, 504])

/**
 * The answer to a call, which is repeated as it stands while no answer comes or trouble passes by itself.
 *
 * @throws CountersignError with the server's code for what it refuses; `not_plain`, `unexpected_answer`, `aborted`, `out_of_time`
 */
export async function send(access: Access, call: Call, limit: Limit): Promise<Reply> {
  const text = call.body === undefined ? null : JSON.stringify(plainCopy(call.body))
  let bugs = 0
  for (let tries = 0; ; tries++) {
    limit.check()
    const heard = await once(access, { ...call, text }, limit).catch((lost: unknown) => ({ lost }))
    if ('lost' in heard) {
      await pause(access, limit, { tries, retryAfter: null, cause: heard.lost })
      continue
    }
    if (heard.status === 304 || (heard.status >= 200 && heard.status < 300)) return heard
    const refused = refusalIn(heard)
    // A bug of the server's may be one of that moment; the second time it is not.
    const again = passing.has(heard.status) || (heard.status === 500 && bugs++ === 0)
    if (!again) throw refused
    await pause(access, limit, { tries, retryAfter: retryAfterOf(heard.headers), cause: refused })
  }
}

/** @throws whatever `fetch` throws when no whole answer came */
async function once(
  access: Access,
  call: Call & { readonly text: string | null },
  limit: Limit,
): Promise<Reply> {
  return limit.during(patience + (call.hold ?? 0) * 1_000, async (signal) => {
    const response = await access.fetch(access.url + call.path, {
      method: call.method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${access.key}`,
        ...(call.text !== null && { 'content-type': 'application/json' }),
        ...(call.hold !== undefined && { prefer: `wait=${call.hold}` }),
        ...call.headers,
      },
      ...(call.text !== null && { body: call.text }),
      // Nobody else is shown what was meant for one server.
      redirect: 'manual',
      signal,
    })
    return { status: response.status, headers: response.headers, body: objectIn(await response.text()) }
  })
}

/** What is no object is left to whoever looks for a property: it is not there. */
function objectIn(text: string): Reply['body'] {
  try {
    const body: unknown = JSON.parse(text)
    return body !== null && typeof body === 'object' ? { ...body } : {}
  } catch {
    return {}
  }
}

/** Waits as long as the server says, or ever longer; never as long as everybody else who was turned away. */
export async function pause(
  access: Surroundings,
  limit: Limit,
  { tries, retryAfter, cause }: { tries: number; retryAfter: number | null; cause?: unknown },
): Promise<void> {
  limit.check()
  const backoff = Math.min(pauses.longest, pauses.first * 2 ** Math.min(tries, 20))
  const jitter = access.random() * (retryAfter === null ? backoff / 2 : pauses.first * 4)
  const milliseconds = (retryAfter ?? backoff / 2) + jitter
  if (milliseconds >= limit.left()) throw limit.outOfTime(cause)
  await limit
    .during(milliseconds * 2, (signal) => access.sleep(milliseconds, signal))
    .catch(() => limit.check())
}

/** Milliseconds that `Retry-After` (RFC 9110 10.2.3) asks for, or null when it says nothing that can be understood. */
export function retryAfterOf(headers: Headers): number | null {
  const said = headers.get('retry-after')
  if (said === null) return null
  if (/^\d{1,9}$/.test(said)) return Number(said) * 1_000
  const sent = Date.parse(headers.get('date') ?? '')
  const at = Date.parse(said)
  return Number.isNaN(at) || Number.isNaN(sent) ? null : Math.max(0, at - sent)
}

function refusalIn({ status, body }: Reply): CountersignError {
  const { code, title, detail } = body
  if (typeof code !== 'string' || typeof title !== 'string')
    return new CountersignError('unexpected_answer', `The server answered ${status} without a problem.`, {
      status,
    })
  const problem = body as unknown as Problem // parsed edge: the server's problems have this shape
  return new CountersignError(code, typeof detail === 'string' ? `${title} ${detail}` : title, {
    status,
    problem,
  })
}
