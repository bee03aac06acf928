import type { NewEntry } from '../../../ledger/entry.ts'
import type { LedgerHead, LedgerKey, SealedBatch, Unsealed } from '../ledgerStore.ts'

/** What is written when a ledger goes on under its next name. */
export interface NextName {
  /** The head that was read; when it is another by now, nothing is written. */
  readonly from: LedgerHead
  readonly key: LedgerKey
  /** Signed under the next name, for exactly the entries that the head has. */
  readonly checkpoint: string
  /** The first entry under the name. */
  readonly entry: NewEntry
  /** Gives it its place. */
  readonly seal: (found: Unsealed) => SealedBatch
}

/** Where a ledger is given its next name. */
export interface LedgerResumption {
  /** The head and its key; null before the first start. */
  current(): Promise<{ readonly head: LedgerHead; readonly key: LedgerKey; readonly first: string } | null>
  /**
   * All of it, or nothing: the key, the head under its next name, the entry, and its place as the first under it. Resolves to whether
   * the head was still the one that was read.
   */
  goOn(next: NextName): Promise<boolean>
}
