import type { Action } from '../../core/action.ts'
import type { JsonObject } from '../../core/json.ts'

/** Which lease a credential is made for, and what it is to be. Neither has a secret in it. */
export interface LeaseAtTarget {
  /** `lse_…`: whatever exists at the target is named after it. */
  readonly id: string
  /** What `plan` said. */
  readonly about: JsonObject
}

/** A credential as the target gave it. */
export interface IssuedCredential {
  /** For the agent, in one answer, and for nobody else: never stored, logged or recorded. */
  readonly credential: JsonObject
  /** What is needed to end it and nobody may read; null where the target knows it by name. It is stored sealed. */
  readonly toEnd: string | null
  /** RFC 3339, UTC. When the target lets it end by itself; never later than was asked for. */
  readonly expiresAt: string
}

/** Something that `check` has looked at. */
export interface TargetFinding {
  readonly ok: boolean
  /** It works, and somebody should look at it. */
  readonly look?: true
  /** Only that nothing answered: it may be well in a moment. */
  readonly passes?: true
  readonly detail: string
  readonly fix: string | null
}

/** A target as those see it who only look. */
export interface DescribedTarget {
  /** The target's name, as the operator gave it; unique. */
  readonly target: string
  /** Whether a credential can be taken back, or only runs out. */
  readonly ends: 'at once' | 'at expiry'
  /** After how many seconds a credential of this target is ended at the latest, or ends by itself. */
  readonly seconds: number
  /** How many seconds one can live that never reached us, where nothing else could end it: never below `seconds`. */
  readonly longestSeconds: number
  /** What a credential does not hold its holder to, in words for approvers: `which rows it touches, or where they go`. */
  readonly doesNotBind: string
  /** Whether the operator lets this action have a credential here. Pure. */
  serves(action: Action): boolean
}

/**
 * One target that cannot verify a grant, and how a credential for it is made and ended. What it may give is the operator's
 * configuration; an agent only chooses values that were approved with its action.
 *
 * Every method that asks the target takes at most ten seconds, and rejects with
 * - `TargetFault` when it is not known what the target did: whoever called has to assume either, unless it says `made: 'nothing'`,
 * - Refusal `target_refused` when the target, or we, certainly made nothing.
 */
export interface CredentialIssuer extends DescribedTarget {
  /** What kind of target it is: `postgresql`, `aws`, `github`. */
  readonly issuer: string
  /** Only grants for this audience are exchanged for a credential. */
  readonly audience: string
  /**
   * What exactly the credential of this lease will be and may do, names included: written down before the target is asked, so
   * that a kill leaves something to look for. Pure, and never a secret.
   *
   * @throws Refusal `target_refused` when it cannot be made of this action
   */
  plan(lease: string, action: Action): JsonObject
  /** Makes it, all or nothing. `until`: RFC 3339, UTC, `longestSeconds` from now at most. Called once for a lease. */
  issue(lease: LeaseAtTarget, until: string): Promise<IssuedCredential>
  /**
   * `gone`: the credential of this lease certainly does not exist. It never did, it was ended before, or it and everything that was
   * begun with it has ended now. `runs out`: what would end it (`toEnd`) is lost with whoever asked for it, so what may exist is out until
   * `longestSeconds` are over. Any number of times. Never called where `ends` is `at expiry`.
   */
  end(lease: LeaseAtTarget, toEnd: string | null): Promise<'gone' | 'runs out'>
  /** Every credential of this installation that exists at the target, whoever remembers it; null where the target has no list. */
  list(): Promise<readonly LeaseAtTarget[] | null>
  /** For `countersign doctor`: version, rights, clock. Rejects with nothing: what is wrong is a finding. */
  check(): Promise<readonly TargetFinding[]>
}

/** It is not known what the target did, or it did nothing for now. The message is for our log: it has no secret in it. */
export class TargetFault extends Error {
  override readonly name = 'TargetFault'
  /** `nothing`: the call certainly had no effect. */
  readonly made: 'nothing' | 'perhaps'
  /** After how many seconds the target wants to be asked again; null where it does not say. */
  readonly retryAfterSeconds: number | null

  constructor(
    message: string,
    by: { readonly made?: 'nothing'; readonly retryAfterSeconds?: number | null } = {},
  ) {
    super(message)
    this.made = by.made ?? 'perhaps'
    this.retryAfterSeconds = by.retryAfterSeconds ?? null
  }
}

/** Milliseconds that a target may take for one call. A job that calls it has twelve seconds. */
export const targetPatienceMs = 9_000
