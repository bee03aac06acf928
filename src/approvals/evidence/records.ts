import type { IndexRange, Recorded } from '../../evidence/recorded.ts'

/** Whose entries: those of one request; or those that name an agent or a person, and all of the requests that have one which does. */
export interface About {
  readonly kind: 'request' | 'agent' | 'person'
  readonly id: string
}

/** RFC 3339 moments: from `since` up to before `until`. */
export interface Period {
  readonly since: string
  readonly until: string
}

/**
 * What is sealed, to be read: always in the order of the indexes, page by page, so that never more than a page of it is held (a page has at
 * most 500 entries, and 8 MiB of values unless one entry has more). Every method rejects with `TreeFault` when an entry or a value that
 * the tree names is gone: evidence is not made of a ledger with holes.
 */
export interface LedgerRecords {
  /** Everything of these indexes, or only what is about somebody. */
  pages(range: IndexRange, about?: About): AsyncIterable<readonly Recorded[]>
  /**
   * What lies before the range: how the stories began of the requests that have an entry in it, and, where it is not about somebody, what
   * stands for longer (agents, keys, policies: `standingTypes`).
   */
  earlier(range: IndexRange, about?: About): AsyncIterable<readonly Recorded[]>
  /** All of one request that is sealed, below an index. */
  ofRequest(request: string, below: number): Promise<readonly Recorded[]>
  /** The same for each request that has an entry in the range (that is about somebody), one request at a time, in the order in which they appear there. */
  ofEach(range: IndexRange, about?: About): AsyncIterable<readonly Recorded[]>
  /**
   * The smallest range that has every entry of the period. Entries stand in the order of their commits, and their times are those of
   * the processes that wrote them, so a neighbour from a moment before or after can be in it, too.
   */
  rangeOf(period: Period): Promise<IndexRange>
}
