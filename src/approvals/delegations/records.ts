import type { AccountKey, PersonId } from '../../core/identity.ts'
import type { Versioned } from '../records.ts'

/**
 * Somebody is away until a moment, and somebody of the same groups, their delegate, is told in their place. It changes who is told, never
 * who may decide. The id is the account of whoever is away, which has one at a time; this is the newest.
 */
export interface Delegation extends Versioned {
  /** `dlg_…`, another with each start: what a button names. */
  readonly delegation: string
  /** Who they were when it began; who they are is looked up from the accounts. */
  readonly person: PersonId
  readonly delegate: AccountKey
  readonly delegatePerson: PersonId
  /** RFC 3339, UTC, milliseconds; all of them. */
  readonly startedAt: string
  /** From then on it is over, whatever else stands here. */
  readonly until: string
  /** Who ended it before that; null while nobody has. */
  readonly ended: { readonly by: 'person' | 'delegate'; readonly at: string } | null
}

/** Where delegations are looked up. */
export interface DelegationReader {
  /** The newest of an account; null when it never was away. */
  delegation(account: AccountKey): Promise<Delegation | null>
  /** Those that are in force at a moment, in the order of their accounts. */
  standingDelegations(at: Date): Promise<readonly Delegation[]>
}

export function isStanding({ until, ended }: Delegation, at: Date): boolean {
  return ended === null && at.toISOString() < until
}
