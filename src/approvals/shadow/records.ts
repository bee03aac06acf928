import type { Digest } from '../../core/digest.ts'
import type { Counted } from '../../policyTools/simulation/beside.ts'
import type { Versioned } from '../records.ts'

/** Why a shadow judges no more: somebody stopped it, its time was over, or its bundle judges for real now. */
export type ShadowEnding = 'stopped' | 'over' | 'activated'

/** A candidate bundle that judges what is asked beside the active one, and only reports. At most one runs. */
export interface Shadow extends Versioned {
  /** Which of the kept versions it is; the digest names what it judges by. */
  readonly filesDigest: Digest
  readonly digest: Digest
  readonly name: string
  /** RFC 3339, UTC, milliseconds. */
  readonly startedAt: string
  readonly endsAt: string
  readonly ended: { readonly at: string; readonly why: ShadowEnding } | null
}

/** Requests by what came of them beside the active bundle. */
export interface ShadowTotals {
  readonly unchanged: number
  readonly tightened: number
  readonly loosened: number
  /** The candidate threw, took too long, or the facts have a form that it does not know. */
  readonly failed: number
  /** Not looked at: more came than could be judged beside, or the replica could not judge by the candidate. */
  readonly dropped: number
}

/** What one replica says of a shadow. */
export interface ShadowReplica extends ShadowTotals {
  readonly id: string
  /** For people: host and process id. */
  readonly name: string
  readonly judges: boolean
  /** Why it does not, or what was wrong last; null where nothing is. */
  readonly problem: string | null
  /** RFC 3339. */
  readonly seenAt: string
}

/** A kind of difference with what it was compared with: the digest of the bundle that judged. */
export interface ShadowDifference extends Counted {
  readonly base: string
}

/** All that is known of a shadow; counts of replicas that have ended are among it. */
export interface ShadowRecord {
  readonly replicas: readonly ShadowReplica[]
  /** Loosened first, then most first; of very many kinds the rest is only among the totals. */
  readonly differences: readonly ShadowDifference[]
}

/** What one replica found since it last said so. Written once, however often it is sent: `nth` grows with each that was written. */
export interface ShadowBatch extends Omit<ShadowReplica, 'seenAt'> {
  readonly shadow: string
  readonly nth: number
  readonly base: string
  readonly found: readonly Counted[]
}
