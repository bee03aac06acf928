import type { Checkpoint } from './checkpoint.ts'
import { isSignedBy, type NoteKey } from './note.ts'
import { couldBeOneLedger } from './origins.ts'
import type { TreeHead } from './verifyProof.ts'
import type { Wrong } from './wrong.ts'

/** A checkpoint that was kept elsewhere, and where. */
export interface KeptCheckpoint {
  readonly from: string
  readonly checkpoint: Checkpoint
}

/** A checkpoint that was kept elsewhere has to be this ledger's. */
export function wrongKeeper({ from, checkpoint }: KeptCheckpoint, key: NoteKey): Wrong | null {
  const wrong = { index: null, entry: null }
  if (!couldBeOneLedger(checkpoint.origin, key.name))
    return { ...wrong, what: `${from} is of another ledger.`, expected: checkpoint.origin, stands: key.name }
  if (isSignedBy(checkpoint.note, { name: checkpoint.origin, publicKey: key.publicKey })) return null
  return {
    ...wrong,
    what: `${from} was not signed with the key that this ledger has.`,
    expected: 'the key that signed it',
    stands: 'another: the ledger was begun anew, or its key was replaced',
  }
}

/**
 * The first of the checkpoints that the tree does not lead through. `heads` has the root for each of their sizes, as far as the
 * tree has so many entries.
 */
export function wrongPast(
  kept: readonly KeptCheckpoint[],
  heads: ReadonlyMap<number, Buffer>,
  now: TreeHead,
): Wrong | null {
  let sound = 0
  for (const { from, checkpoint } of kept) {
    const { size, root } = checkpoint
    const found = heads.get(size)
    if (!found)
      return {
        index: now.size,
        entry: null,
        what: `The ledger is shorter than it was when ${from} was signed: its end was cut off.`,
        expected: `${size} entries`,
        stands: `${now.size} entries`,
      }
    if (!found.equals(root))
      return {
        index: null,
        entry: null,
        what: `The ledger was rewritten: its first ${size} entries are not those for which ${from} was signed. The first that is another is one of the indexes ${sound} to ${size - 1}.`,
        expected: `the root ${root.toString('hex')}`,
        stands: `the root ${found.toString('hex')}`,
      }
    sound = size
  }
  return null
}
