import type { JsonObject } from '../../core/json.ts'
import type { IndexRange, Recorded } from '../../evidence/recorded.ts'

/** What a pack has beside the entries of its range. */
export interface BesideEntries {
  /** Every sealed entry by which the ledger went on from a restored backup, wherever it stands, in order. */
  resumptions(): Promise<readonly Recorded[]>
  /** What anchors took while the tree had at least `from` and at most `to` entries, by size. */
  anchored(range: IndexRange): AsyncIterable<AnchoredLine>
  /** The public parts (RFC 7517) of the keys that grants are and were signed with, in the order in which they were made. */
  grantKeys(): Promise<readonly JsonObject[]>
}

/** A checkpoint that an anchor took, as a pack has it. */
export interface AnchoredLine {
  readonly anchor: string
  readonly kind: string
  readonly origin: string
  readonly size: number
  /** RFC 3339: when it was recorded that the anchor had it. */
  readonly at: string
  readonly checkpoint: string
  /** What the anchor gave for it. */
  readonly evidence: JsonObject
}
