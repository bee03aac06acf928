import type { AccountKey } from '../../core/identity.ts'
import type { SeenAccount } from '../records.ts'

/**
 * How accounts were when they were last looked at. It is no record: what is found by it stands in the ledger, and a row that is lost is
 * made anew by the next look.
 */
export interface SeenAccounts {
  seenAccount(key: AccountKey): Promise<SeenAccount | null>
  /** At most ten others with that address that were active. */
  seenWith(address: string, but: AccountKey): Promise<readonly SeenAccount[]>
  /** Compare and swap: with an `expected` version that is not the row's any more it resolves to false, and nothing was written. */
  noteSeen(put: { readonly expected: number | null; readonly next: SeenAccount }): Promise<boolean>
  /** At most so many accounts of people: those that nobody has looked at yet, then those whose turn has been for longest. */
  accountsToLookAt(now: Date, limit: number): Promise<readonly AccountKey[]>
}
