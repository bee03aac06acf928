import type { TreeHash } from '../../ledger/edge.ts'
import type { TreeHead } from '../../ledger/verifyProof.ts'

/** The head of the tree as it is kept. */
export interface LedgerHead extends TreeHead {
  readonly version: number
  readonly origin: string
  readonly checkpoint: string
  /** RFC 3339, UTC, milliseconds. */
  readonly signedAt: string
}

/** What checkpoints are signed with, its private part sealed. */
export interface LedgerKey {
  /** The key id of signed notes, 8 hexadecimal digits. */
  readonly id: string
  readonly origin: string
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer
  readonly sealed: string
}

/** How things stand when a batch is to be sealed. */
export interface Unsealed {
  readonly head: LedgerHead
  /** Of each level the hashes from its last full tile on, in order: also what stands beyond the head and must not. */
  readonly edge: readonly TreeHash[]
  /** What waits, in the order of commits. */
  readonly waiting: readonly { readonly position: number; readonly text: string }[]
}

/** What is written of a batch. */
export interface SealedBatch {
  /** Of the entries, in the order of their indexes. */
  readonly positions: readonly number[]
  /** Of their leaves. */
  readonly hashes: readonly Buffer[]
  /** Those of the levels above. */
  readonly nodes: readonly TreeHash[]
  readonly root: Buffer
  readonly checkpoint: string
}

/** What came of a batch: how many entries it sealed, or the version of the head that another has in hand. */
export type Extended = { readonly sealed: number } | { readonly elsewhere: number }

/** What a tree begins with. */
export interface FirstHead {
  readonly key: LedgerKey
  readonly head: Pick<LedgerHead, 'root' | 'checkpoint'>
}

/**
 * Where the tree is kept. Every method rejects with `StoreUnavailable` when the database is the reason. A batch is written whole or
 * not at all, and only over the head that it was made from: however many replicas seal at once, no index is given twice, none is left
 * out, and there is one tree. What was committed is found waiting until it is sealed, however late its commit was.
 */
export interface LedgerStore {
  /** The head and the key, made of `first` where there are none; of several replicas that begin at once, one makes them. */
  begin(first: () => FirstHead): Promise<{ readonly head: LedgerHead; readonly key: LedgerKey }>
  /** Whether an entry waits, or the head was signed longer ago than so many seconds, or is gone. */
  isDue(signedAgoSeconds: number): Promise<boolean>
  /**
   * Takes at most `limit` entries that wait and writes what `seal` makes of them, in one transaction. `elsewhere`: another has the head
   * in hand now, and this is its version; whether they get anywhere is seen by the next.
   *
   * @throws TreeFault as `seal` does, when there is no head, or when the database refuses what would give an index or an entry its place twice
   */
  extend(limit: number, seal: (found: Unsealed) => SealedBatch): Promise<Extended>
  /** Calls back after commits, of any replica. Returns how to stop. */
  watch(wake: () => void): () => void
}

/** The tree as it is kept is not one that can be gone on from. Nothing is written then: an operator has to look. */
export class TreeFault extends Error {
  override readonly name = 'TreeFault'
}
