import { z } from 'zod'
import { TargetUnavailable } from '../approvals/leases/unavailable.ts'
import { Stopped } from '../approvals/stops/refuse.ts'
import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { type Problem, Refusal, type RefusalCode } from '../core/refusal.ts'
import { type RefusalKind, refusals } from '../core/refusals.ts'
import type { Answer } from './call.ts'
import { details } from './details.ts'
import { RateLimited } from './limits.ts'
import { presentHeld } from './presentRequest.ts'
import { RefusalWithHeaders } from './refusalWithHeaders.ts'
import { heldSchema } from './requestSchema.ts'

/** Typed by kind, so that a new kind does not compile until it has a status. */
const statusOfKind = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  gone: 410,
  unprocessable: 422,
  limited: 429,
  unavailable: 503,
} as const satisfies Record<RefusalKind, number>

/** Codes for which HTTP has a better word than their kind's. */
const statusOfCode: Partial<Record<RefusalCode, number>> = {
  method_not_allowed: 405,
  too_large: 413,
  unsupported_media_type: 415,
  // Repeating it does not help, as it does with what else is unavailable: somebody has to look at the log first.
  entry_unwritable: 500,
}

/** What Fastify refuses before a handler runs. */
const codeOfFramework: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_BAD_URL: 'unknown_route',
  FST_ERR_ROUTE_MISSING_HANDLER: 'unknown_route',
  FST_ERR_MAX_PARAM_LENGTH: 'unknown_route',
}

/** Seconds after which a call that was refused for now may be worth repeating. */
const retryAfterSeconds = 1

/** Codes of what takes longer to become better: somebody has to do something about it. */
const retryAfterOfCode: Partial<Record<ProblemCode, number>> = {
  nobody_reachable: 30,
  too_many_pending: 30,
  too_many_waiting: 5,
  id_token_unchecked: 5,
}

export type ProblemCode = RefusalCode | 'internal'

/** RFC 9457, with our code and the places in the body. */
interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  /** What to do about it; where places are named, what is wrong there. Never a value that was sent. */
  readonly detail: string
  /** `urn:uuid:` and the id under which our log knows this call. */
  readonly instance: string
  readonly code: ProblemCode
  readonly errors?: readonly Problem[]
  /** The stop that is the reason. */
  readonly held?: ReturnType<typeof presentHeld>
}

export function statusOf(code: ProblemCode): number {
  if (code === 'internal') return 500
  return statusOfCode[code] ?? statusOfKind[refusals[code].kind]
}

/** The sentence that stands for a code, for strangers. */
export function titleOf(code: ProblemCode): string {
  return code === 'internal' ? 'Something went wrong on our side; the log says what.' : refusals[code].says
}

/** Anything thrown, as a refusal, or null when it is a bug of ours. */
export function refusalIn(thrown: unknown): Refusal | null {
  if (thrown instanceof Refusal) return thrown
  if (thrown instanceof StoreUnavailable)
    return new Refusal(
      thrown.reason === 'behind' ? 'ledger_behind' : 'store_unavailable',
      `${thrown.reason}: ${thrown.message}`,
    )
  const code = thrown instanceof Error && 'code' in thrown ? codeOfFramework[String(thrown.code)] : undefined
  return code ? new Refusal(code, `refused by the server: ${code}`) : null
}

/**
 * The one way out for everything that is not an answer. A refusal says its code, its sentence and the places; the rest
 * is `internal` and says nothing. `call` is the id of this HTTP call.
 */
export function problemOf(thrown: unknown, { baseUrl, call }: { baseUrl: string; call: string }): Answer {
  const refusal = refusalIn(thrown)
  const code = refusal?.code ?? 'internal'
  const status = statusOf(code)
  const problems = refusal?.problems ?? []
  const body: ProblemBody = {
    type: `${baseUrl}/errors#${code}`,
    title: titleOf(code),
    status,
    detail: problems.length > 0 ? problems.map(inWords).join(' ') : details[code],
    instance: `urn:uuid:${call}`,
    code,
    ...(problems.length > 0 && { errors: problems }),
    ...(refusal instanceof Stopped && { held: presentHeld(refusal.held) }),
  }
  return { status, headers: headersOf(status, code, thrown), body }
}

function inWords({ pointer, detail }: Problem): string {
  return pointer === '' ? detail : `${pointer}: ${detail}`
}

function headersOf(status: number, code: ProblemCode, thrown: unknown): Record<string, string> {
  const known =
    thrown instanceof RateLimited || thrown instanceof StoreUnavailable || thrown instanceof TargetUnavailable
  const retryAfter = known ? thrown.retryAfterSeconds : (retryAfterOfCode[code] ?? retryAfterSeconds)
  return {
    'content-type': 'application/problem+json',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...((thrown instanceof RefusalWithHeaders || thrown instanceof RateLimited) && thrown.headers),
    ...((status === 429 || status === 503) && { 'retry-after': String(retryAfter) }),
  }
}

const codes = Object.keys(refusals) as RefusalCode[] // keys of a const table

/** For openapi.json, and for tests. */
export const problemSchema = z
  .object({
    type: z.string().describe('Where the code is explained'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What to do about it, or what is wrong and where'),
    instance: z.string().describe("`urn:uuid:` and the id of this call in the server's log"),
    code: z.enum([...codes, 'internal']),
    errors: z
      .array(z.object({ pointer: z.string().describe('RFC 6901, into the body'), detail: z.string() }))
      .optional(),
    held: heldSchema.optional().describe('With the code `stopped`: the stop that is the reason'),
  })
  .meta({ id: 'Problem' })
