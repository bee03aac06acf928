import type { Action } from '../../core/action.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Counted } from '../../policyTools/simulation/beside.ts'
import type { PolicyVersion } from '../records.ts'

/** A request as it was judged, with the facts that were recorded. */
export interface JudgedRequest {
  readonly id: string
  readonly action: Action
  readonly agent: string
  readonly facts: JsonObject
}

/** What a candidate makes of some requests. */
export interface Compared {
  readonly found: readonly Counted[]
  /** How many could not be judged by it, and why the first of them. */
  readonly failed: number
  readonly why: string | null
}

/**
 * Two bundles that judge the same, in a place of their own: whatever one of them does there, throwing, never ending or taking all memory,
 * stays there.
 */
export interface ShadowJudge {
  /** @throws when the place has ended, or did not answer in time; then it is of no use any more */
  compare(requests: readonly JudgedRequest[]): Promise<Compared>
  end(): Promise<void>
}

/**
 * `signal` says that nobody wants it any more.
 *
 * @throws CannotJudge when this version cannot load one of the two; anything else may pass
 */
export type StartShadowJudge = (
  pair: { readonly base: PolicyVersion; readonly head: PolicyVersion },
  signal: AbortSignal,
) => Promise<ShadowJudge>

/** It would be the same the next time. The message is for the operator. */
export class CannotJudge extends Error {
  override readonly name = 'CannotJudge'
}
