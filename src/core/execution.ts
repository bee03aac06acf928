import type { Action } from './action.ts'
import type { Digest } from './digest.ts'
import type { Spender } from './grant.ts'
import type { Json } from './json.ts'

/** How far an execution has come, as somebody reported it. */
export const executionStates = ['started', 'succeeded', 'failed'] as const
export type ExecutionState = (typeof executionStates)[number]

/** One report of what was done for a request. Reports are only added: the last one does not replace what was said before. */
export interface Execution {
  readonly state: ExecutionState
  /** Who says so. What a resource says outranks what the agent says. */
  readonly by: Spender
  /** What was really run; null where the report does not say. */
  readonly action: Action | null
  readonly digest: Digest | null
  /** Digest of what came out of it, as its reporter made it. */
  readonly result: Digest | null
  /** Where it can be looked at; https, as the reporter gave them. */
  readonly links: readonly string[]
  /** In the reporter's own words: never checked, never trusted. */
  readonly note: string | null
  readonly deviations: readonly Deviation[]
  /** Present on a report that came after the request had been given up as unreported, or had ended. */
  readonly late?: true
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

/** One way in which what was done is not what was approved. */
export type Deviation =
  /** A field of the action is another. `pointer` is a JSON Pointer into the action; a side that is left out has no such field. */
  | {
      readonly kind: 'field'
      readonly pointer: string
      readonly approved?: Json
      readonly actual?: Json
    }
  /** It was done without a grant that was redeemed for it. */
  | { readonly kind: 'not_redeemed' }
  /** It was done although nobody had approved it. */
  | { readonly kind: 'not_approved' }
  /** Somebody else had reported that it went otherwise. */
  | { readonly kind: 'contradiction'; readonly with: Spender; readonly said: ExecutionState }

/**
 * Seconds that a spender has, from its redemption or its last report, to say how it ended. An hour: nearly everything that somebody
 * waits for is over by then, and what takes longer says once an hour that it is still going on. It is no setting, because nothing
 * depends on it but when people are told; a report that comes later is taken all the same.
 */
export const reportWithinSeconds = 3_600

/**
 * Seconds for which what was let through stays whole after the last that is known of it, so that a report that is late is compared with it
 * all the same. A day: as long as our own messages are sent again, which is what a careful reporter does, too.
 */
export const comparedForSeconds = 86_400
