import type { ActionRequest, Problem } from './wire.ts'

/** What this client says by itself. Every other code is the server's (docs/errors.md). */
export type ClientCode =
  /** People or policy said no, or it ended before anybody said yes; `request.outcome_code` says how. */
  | 'denied'
  | 'expired'
  | 'cancelled'
  | 'revoked'
  | 'lapsed'
  /** An approver let less through: `request.narrowed_to` says what, and the function has no `onNarrowed` that would run it. */
  | 'narrowed'
  /** The approval was used before, by this process or another: a replay, or a restart after the grant was redeemed. */
  | 'already_used'
  /** A state that this client does not know. */
  | 'not_approved'
  /** The grant is redeemed by its resource, and the function was not written for that; or the other way round. */
  | 'spent_by_other'
  /** The arguments are not plain JSON, so it cannot be said what would run. */
  | 'not_plain'
  /** The call has no name that tells it from an equal one. */
  | 'unnamed_call'
  /** The time limit passed. What was asked may still be decided, and what was sent may have had its effect. */
  | 'out_of_time'
  /** The caller's signal said so. */
  | 'aborted'
  /** What came back is no answer of Countersign's to this call. */
  | 'unexpected_answer'

/** Everything that this client throws on purpose. Branch on `code`; nothing in it holds a key or a token. */
export class CountersignError extends Error {
  override readonly name = 'CountersignError'
  readonly code: ClientCode | (string & {})
  /** Of the HTTP answer; null where there was none. */
  readonly status: number | null
  /** What the server refused with. */
  readonly problem: Problem | null
  /** The request it is about, as it was last seen. */
  readonly request: ActionRequest | null

  constructor(
    code: ClientCode | (string & {}),
    message: string,
    more: {
      readonly status?: number
      readonly problem?: Problem
      readonly request?: ActionRequest | null
      readonly cause?: unknown
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.status = more.status ?? null
    this.problem = more.problem ?? null
    this.request = more.request ?? null
  }

  /** The same, saying also which request it is about. */
  about(request: ActionRequest): CountersignError {
    if (this.request) return this
    const { code, message, status, problem, cause } = this
    return new CountersignError(code, message, {
      ...(status !== null && { status }),
      ...(problem && { problem }),
      request,
      cause,
    })
  }
}
