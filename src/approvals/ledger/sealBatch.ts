import { readCheckpoint, signedCheckpoint } from '../../ledger/checkpoint.ts'
import { type Edge, grown, rootOf } from '../../ledger/edge.ts'
import { textHash } from '../../ledger/hashes.ts'
import { leafText } from '../../ledger/leaf.ts'
import { isSignedBy, type NoteSigner } from '../../ledger/note.ts'
import { edgeOf, tileWidth } from '../../ledger/tile.ts'
import { type LedgerHead, type SealedBatch, TreeFault, type Unsealed } from './ledgerStore.ts'

/**
 * The next indexes for what waits, in the order of commits, and the head that comes of it.
 *
 * @throws TreeFault when what is kept of the tree does not give the head that was signed
 */
export function sealBatch({ head, edge, waiting }: Unsealed, signer: NoteSigner): SealedBatch {
  refuseForeign(head, signer)
  const tree = edgeKept(head, edge)
  const hashes = waiting.map(({ position, text }, nth) => hashOf(position, text, head.size + nth))
  const { edge: next, hashes: added } = grown(tree, hashes)
  const root = rootOf(next)
  return {
    positions: waiting.map(({ position }) => position),
    hashes,
    nodes: added.filter(({ level }) => level > 0),
    root,
    checkpoint: signedCheckpoint({ size: next.size, root }, signer),
  }
}

/** The head has to be what we signed: somebody who changes the row has not changed the signature. */
function refuseForeign(head: LedgerHead, signer: NoteSigner): void {
  const signed = readCheckpoint(head.checkpoint)
  if (head.origin !== signer.name || signed?.origin !== signer.name)
    throw new TreeFault(`the head of the tree is that of ${head.origin}, and we sign for ${signer.name}`)
  if (!isSignedBy(signed.note, signer))
    throw new TreeFault('the newest checkpoint was not signed with our key')
  if (signed.size !== head.size || !signed.root.equals(head.root))
    throw new TreeFault(
      `the head of the tree says ${head.size} entries, and the checkpoint that was signed ${signed.size}, or another root`,
    )
}

/** The edge, of the hashes that are kept: none missing, none beyond the head, and together they give its root. */
function edgeKept(head: LedgerHead, kept: Unsealed['edge']): Edge {
  const levels = edgeOf(head.size).map(({ level, n, width }) => {
    const hashes = kept.filter((one) => one.level === level)
    for (let at = 0; at < width; at += 1)
      if (hashes[at]?.index !== n * tileWidth + at)
        throw new TreeFault(`the hash ${n * tileWidth + at} of level ${level} is missing from the tree`)
    refuseBeyond(head, hashes.slice(width))
    return hashes.map(({ hash }) => hash)
  })
  refuseBeyond(
    head,
    kept.filter(({ level }) => level >= levels.length),
  )
  const edge = { size: head.size, levels }
  if (!rootOf(edge).equals(head.root))
    throw new TreeFault(
      `the hashes of the tree do not give the root that was signed for ${head.size} entries`,
    )
  return edge
}

function refuseBeyond({ size }: LedgerHead, [first]: Unsealed['edge']): void {
  if (first)
    throw new TreeFault(
      `the hash ${first.index} of level ${first.level} stands beyond the ${size} entries that were signed`,
    )
}

function hashOf(position: number, text: string, index: number): Buffer {
  try {
    return Buffer.from(textHash(leafText(text, index)), 'hex')
  } catch (cause) {
    throw new TreeFault(`the entry at position ${position} cannot become a leaf`, { cause })
  }
}
