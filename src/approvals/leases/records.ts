import type { JsonObject } from '../../core/json.ts'
import type { Versioned } from '../records.ts'

/** A credential for a target that cannot verify a grant: made for one redeemed grant, and ended. */
export interface Lease extends Versioned {
  readonly request: string
  /** Which `CredentialIssuer`: `postgresql`, `aws`, `github`. */
  readonly issuer: string
  /** Which of the issuer's targets, as the operator named it. */
  readonly target: string
  /**
   * `issuing` is written before the target is asked, so that a kill in between leaves something to look after. `out` exists at the
   * target. `ended` certainly does not. `expires` cannot be ended, or could not be: it is out until `expiresAt`.
   */
  readonly state: 'issuing' | 'out' | 'ended' | 'expires'
  /** What it is and may do, for people and for ending it: never a secret. */
  readonly about: JsonObject
  /** What the issuer needs to end it and nobody may read, sealed (`Sealer`); null where the target knows it by name. */
  readonly sealed: string | null
  /** RFC 3339, UTC, milliseconds; all of them. */
  readonly createdAt: string
  readonly expiresAt: string
  readonly endedAt: string | null
  /** Why it ended, or why somebody wanted it to when it could not; null while it is out. */
  readonly ending: WhyEnded | null
}

/** Why a credential is ended before its time, as it stands in the record. */
export type WhyEnded =
  | 'reported'
  | 'unreported'
  | 'revoked'
  | 'stopped'
  | 'by_hand'
  /** The agent says that it never got the answer. */
  | 'answer_lost'
  /** Whoever asked the target for it never heard what came of it, so nobody was given it. */
  | 'no_answer'
  | 'expired'
