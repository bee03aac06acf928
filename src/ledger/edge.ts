import { joined, nodeHash } from './hashes.ts'
import { tileWidth } from './tile.ts'

/** A hash that the tree keeps for good: that of 256^level leaves. */
export interface TreeHash {
  readonly level: number
  /** Counted within its level, from the left. */
  readonly index: number
  readonly hash: Buffer
}

/**
 * The right edge of a tree: the hashes of the last tile of each level, while it is not full. It is all that is needed to add
 * leaves and to name the root, however large the tree is: at most 255 hashes for each of a few levels.
 */
export interface Edge {
  readonly size: number
  /** By level, the leaves first. */
  readonly levels: readonly (readonly Buffer[])[]
}

export const emptyEdge: Edge = { size: 0, levels: [] }

/** The tree with these leaves added on the right, and the hashes that it keeps of them: the leaves' own, and those of whole tiles. */
export function grown(
  edge: Edge,
  leaves: readonly Buffer[],
): { readonly edge: Edge; readonly hashes: readonly TreeHash[] } {
  const levels = edge.levels.map((hashes) => [...hashes])
  const hashes: TreeHash[] = []
  const add = (level: number, index: number, hash: Buffer): void => {
    hashes.push({ level, index, hash })
    const tile = levels[level] ?? []
    levels[level] = tile
    tile.push(hash)
    if (tile.length < tileWidth) return
    levels[level] = []
    add(level + 1, Math.floor(index / tileWidth), whole(tile))
  }
  for (const [nth, hash] of leaves.entries()) add(0, edge.size + nth, hash)
  return { edge: { size: edge.size + leaves.length, levels }, hashes }
}

/** The root of the tree (RFC 6962, 2.1). */
export function rootOf({ levels }: Edge): Buffer {
  return joined([...levels].reverse().flatMap(wholeSubtrees))
}

/** The hash over 2^k neighbours. */
export function whole(hashes: readonly Buffer[]): Buffer {
  let row = hashes
  while (row.length > 1) {
    const above: Buffer[] = []
    for (let at = 0; at + 1 < row.length; at += 2) above.push(nodeHash(hashAt(row, at), hashAt(row, at + 1)))
    row = above
  }
  return hashAt(row, 0)
}

/** Neighbours as whole subtrees, the largest first: as the digits of their number in base two say. */
function wholeSubtrees(hashes: readonly Buffer[]): readonly Buffer[] {
  const subtrees: Buffer[] = []
  let from = 0
  for (let width = tileWidth; width >= 1; width /= 2) {
    if ((hashes.length & width) === 0) continue
    subtrees.push(whole(hashes.slice(from, from + width)))
    from += width
  }
  return subtrees
}

function hashAt(hashes: readonly Buffer[], at: number): Buffer {
  const hash = hashes[at]
  if (hash === undefined) throw new RangeError('a hash of the tree is missing')
  return hash
}
