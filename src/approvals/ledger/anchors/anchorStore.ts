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

/** The tree and its newest checkpoint. */
export interface KeptTree {
  readonly here: TreeHere
  readonly checkpoint: string
  /** Names among those of its keys that are none of this ledger's: somebody has put them there. */
  readonly strangers: readonly string[]
}

/** A checkpoint at an anchor that the ledger, under the name that it has, does not go on from. */
export interface FoundElsewhere {
  readonly anchor: string
  readonly checkpoint: string
}

/** What anchoring reads and writes. Every method rejects with `StoreUnavailable` when the database is the reason. */
export interface AnchorStore extends TreeProofs {
  /** Null before the first start. */
  tree(): Promise<KeptTree | null>
  /** The root that the tree had with so many entries, no more than it has. */
  rootAt(size: number): Promise<Buffer>
  /** Each sealed entry by which the ledger got its next name, in order. Looks through all entries: only for who needs it. */
  resumptions(): Promise<readonly Resumption[]>
  /** The newest that each anchor took, and how long ago, by its name. What says that it was later than now was endlessly long ago. */
  newest(): Promise<ReadonlyMap<string, RecordedAnchored & { readonly agoSeconds: number }>>
  /** Records that an anchor took one. */
  record(taken: AnchoredCheckpoint): Promise<void>
  /** What some replica has found elsewhere, and when: nothing may be written under this name. Null: nothing. */
  behind(): Promise<(FoundElsewhere & { readonly at: string }) | null>
  /** Records what was found: from then on nothing is written under the name that the ledger has, by any replica. */
  recordBehind(found: FoundElsewhere): Promise<void>
  /**
   * Whether this process may put something at the anchor now, for so long at most: one at a time may, across replicas. Resolves to the
   * turn, and to null when another has it.
   */
  takeTurn(anchor: string, seconds: number): Promise<string | null>
  /** A turn that was over, and that another has by now, stays theirs. */
  endTurn(anchor: string, turn: string): Promise<void>
}
