import type { Entry } from '../../ledger/entry.ts'
import type { ValueName } from '../../ledger/personValues.ts'

/** What is to be erased: all that one request asked, or what is known of one person and what they said. */
export type Erasable =
  | { readonly what: 'request'; readonly id: string }
  | { readonly what: 'person'; readonly id: string }

/** What is read to find what can be emptied. */
export interface ErasableReader {
  /** Which values beside these entries were not erased. */
  keptValues(entries: readonly string[]): Promise<readonly ValueName[]>
  /**
   * Among the `span` requests after an id, in their order: those that were asked before a moment (RFC 3339) and that have anything
   * left to empty that was recorded before then. `next`: the id after which to go on, or null when that was all.
   */
  agedRequests(from: {
    readonly after: string
    readonly before: string
    readonly span: number
  }): Promise<{ readonly ids: readonly string[]; readonly next: string | null }>
  /**
   * Entries with one of these words as a text of its own (an id), among the `span` positions of the ledger after a position, in order.
   * `next`: the position after which to go on, or null when that was all.
   */
  entriesNaming(
    words: readonly string[],
    from: { readonly position: number; readonly span: number },
  ): Promise<{ readonly entries: readonly Entry[]; readonly next: number | null }>
}
