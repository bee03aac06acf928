import type { JsonObject } from '../../../core/json.ts'
import type { TreeHere } from '../../../ledger/anchored.ts'
import type { Resumption } from '../../../ledger/resumption.ts'
import type { TreeProofs } from './anchor.ts'

/** A checkpoint that an anchor took. */
export interface AnchoredCheckpoint {
  readonly anchor: string
  readonly kind: string
  readonly origin: string
  readonly size: number
  readonly checkpoint: string
  readonly evidence: JsonObject
}

export interface RecordedAnchored extends AnchoredCheckpoint {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

/** What anchoring reads and writes. Every method rejects with `StoreUnavailable` when the database is the reason. */
export interface AnchorStore extends TreeProofs {
  /** The tree and its newest checkpoint; null before the first start. */
  tree(): Promise<{ readonly here: TreeHere; readonly checkpoint: string } | null>
  /** The root that the tree had with so many entries, no more than it has. */
  rootAt(size: number): Promise<Buffer>
  /** Each sealed entry by which the ledger got its next name, in order. Looks through all entries: only for who needs it. */
  resumptions(): Promise<readonly Resumption[]>
  /** The newest that each anchor took, and how long ago, by its name. */
  newest(): Promise<ReadonlyMap<string, RecordedAnchored & { readonly agoSeconds: number }>>
  /** Records that an anchor took one. */
  record(taken: AnchoredCheckpoint): Promise<void>
  /** Whether this process may put something at the anchor now, for so long at most: one at a time may, across replicas. */
  takeTurn(anchor: string, seconds: number): Promise<boolean>
  endTurn(anchor: string): Promise<void>
}
