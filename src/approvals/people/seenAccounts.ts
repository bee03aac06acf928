import type { AccountKey } from '../../core/identity.ts'
import type { LinkedAccount, SeenAccount } from '../records.ts'

/**
 * How accounts were when they were last looked at. It is no record: what is found by it stands in the ledger, and a row that is lost is
 * made anew by the next look.
 */
export interface SeenAccounts {
  seenAccount(key: AccountKey): Promise<SeenAccount | null>
  /** At most ten others with that address. */
  seenWith(address: string, but: AccountKey): Promise<readonly SeenAccount[]>
  /** Compare and swap: of any number with the same `expected` version at most one resolves to true. */
  noteSeen(put: { readonly expected: number | null; readonly next: SeenAccount }): Promise<boolean>
  /** At most so many accounts, in the order of their keys, after one. */
  accountsAfter(after: AccountKey | null, limit: number): Promise<readonly LinkedAccount[]>
}
