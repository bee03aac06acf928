import type { IndexRange, Recorded } from '../../evidence/recorded.ts'

/** How far a stream is, and how far the ledger. */
export interface Standing {
  /** The index of the first entry that was not taken. */
  readonly next: number
  /** How many are sealed. */
  readonly size: number
}

/**
 * What is sealed, for whoever sends it on, and how far each stream is. Every method rejects with `StoreUnavailable` when the database is
 * the reason. A cursor only ever goes forward, and only by the hand of whoever has the turn: of any number of replicas one has it, and what
 * one that died had is free half a minute later.
 */
export interface StreamFeed {
  /** Makes the cursor of a stream that is new: before everything, or behind what is sealed by now. */
  begin(stream: string, at: 'first' | 'now'): Promise<void>
  /** @throws when the stream was never begun */
  standing(stream: string): Promise<Standing>
  /** How many entries the one of these streams that is furthest behind has still to send. */
  lag(streams: readonly string[]): Promise<number>
  /** Takes the turn, or keeps it; null: somebody else has it. */
  take(stream: string, holder: string): Promise<Standing | null>
  /** Makes the turn longer; false: somebody else has it by now, or nobody. */
  keep(stream: string, holder: string): Promise<boolean>
  /** What was taken is never sent again. False, and nothing is changed, when the turn or the cursor is another's by now. */
  advance(
    stream: string,
    by: { readonly holder: string; readonly from: number; readonly to: number },
  ): Promise<boolean>
  /** Gives the turn back. */
  release(stream: string, holder: string): Promise<void>
  /** What is sealed in a range, a page at a time. @throws TreeFault when something that the tree names is gone */
  pages(range: IndexRange): AsyncIterable<readonly Recorded[]>
  /** The id of the entry at an index; null when none is sealed there. */
  entryAt(index: number): Promise<string | null>
}
