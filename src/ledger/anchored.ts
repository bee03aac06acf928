import { type Checkpoint, readCheckpoint } from './checkpoint.ts'
import { isSignedBy } from './note.ts'
import { generationOf, type LedgerNames } from './origins.ts'
import type { TreeHead } from './verifyProof.ts'

/** The tree that is here, for whoever compares it with what was kept elsewhere. */
export interface TreeHere extends LedgerNames, TreeHead {
  /** The name that it has now. */
  readonly origin: string
  /** Ed25519, 32 bytes: one for all names of a ledger. */
  readonly publicKey: Buffer
}

/** A checkpoint of this ledger that is kept elsewhere. */
export interface Anchored {
  readonly checkpoint: Checkpoint
  readonly text: string
  readonly generation: number
}

/** What a text says, when it is a checkpoint that this ledger signed under one of its names; nobody else's is believed. */
export function anchoredIn(
  text: string,
  { first, publicKey }: Pick<TreeHere, 'first' | 'publicKey'>,
): Anchored | null {
  const checkpoint = readCheckpoint(text)
  const generation = checkpoint && generationOf({ first }, checkpoint.origin)
  if (!checkpoint || generation === null) return null
  const isOurs = isSignedBy(checkpoint.note, { name: checkpoint.origin, publicKey })
  return isOurs ? { checkpoint, text, generation } : null
}

/** How the tree that is here stands to a checkpoint of it that was kept elsewhere. */
export type Standing =
  /** It goes on from it. */
  | 'goes on'
  /** It has fewer entries, or an earlier name: it is an older state of the ledger. */
  | 'older'
  /** As many entries or more, and they are not those. */
  | 'another'

/** @param root of the tree that is here, when it had as many entries; null when it has fewer */
export function standingTo(here: TreeHere, anchored: Anchored, root: Buffer | null): Standing {
  const generation = generationOf(here, here.origin) ?? 0
  if (anchored.generation > generation) return 'older'
  // An earlier name ended when the ledger went on under the next; what was lost then, its entry says.
  if (anchored.generation < generation) return 'goes on'
  if (anchored.checkpoint.size > here.size || root === null) return 'older'
  return root.equals(anchored.checkpoint.root) ? 'goes on' : 'another'
}
