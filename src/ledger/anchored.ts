import { type Checkpoint, readCheckpoint } from './checkpoint.ts'
import { isSignedBy } from './note.ts'
import { generationOf, type LedgerNames } from './origins.ts'
import { isLost, type Resumption, wrongNames } from './resumption.ts'
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

/**
 * @param by.root of the tree that is here, when it had as many entries; null when it has fewer
 * @param by.resumptions each entry that gave the ledger its next name; not needed for a checkpoint of the name that it has
 */
export function standingTo(
  here: TreeHere,
  anchored: Anchored,
  { root, resumptions }: { readonly root: Buffer | null; readonly resumptions: readonly Resumption[] },
): Standing {
  if (isOfLaterName(here, anchored)) return 'older'
  if (isOfEarlierName(here, anchored)) {
    if (root?.equals(anchored.checkpoint.root)) return 'goes on'
    // What was lost when its name ended, the entry of then says; nothing else explains it.
    const key = { name: here.origin, publicKey: here.publicKey }
    const kept = { from: 'an anchor', checkpoint: anchored.checkpoint }
    const isExplained =
      wrongNames(resumptions, key) === null && isLost(kept, { resumptions, key, root: root ?? undefined })
    return isExplained ? 'goes on' : 'another'
  }
  if (anchored.checkpoint.size > here.size || root === null) return 'older'
  return root.equals(anchored.checkpoint.root) ? 'goes on' : 'another'
}

function isOfLaterName(here: TreeHere, { generation }: Anchored): boolean {
  return generation > (generationOf(here, here.origin) ?? 0)
}

export function isOfEarlierName(here: TreeHere, { generation }: Anchored): boolean {
  return generation < (generationOf(here, here.origin) ?? 0)
}
