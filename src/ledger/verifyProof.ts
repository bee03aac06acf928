import { nodeHash } from './hashes.ts'
import type { Subtree } from './subtrees.ts'

/** A tree as a checkpoint names it. */
export interface TreeHead {
  readonly size: number
  /** 32 bytes. */
  readonly root: Buffer
}

/** Whether the path leads from the leaf's hash to the root (RFC 9162, 2.1.3.2, for the same trees as RFC 6962). */
export function isIncluded(
  { size, root }: TreeHead,
  leaf: { readonly index: number; readonly hash: Buffer },
  path: readonly Buffer[],
): boolean {
  if (!Number.isSafeInteger(leaf.index) || leaf.index < 0 || leaf.index >= size) return false
  let [node, last, hash] = [leaf.index, size - 1, leaf.hash]
  for (const beside of path) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(beside, hash)
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)]
    } else hash = nodeHash(hash, beside)
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && hash.equals(root)
}

/**
 * The whole subtrees of the leaves before one, the largest first. They are part of the path by which that leaf is included in a tree of this size: its
 * hashes on the left are theirs. So whoever has a proof has the root of the tree at its index, too.
 */
export function subtreesBefore(size: number, index: number, path: readonly Buffer[]): readonly Subtree[] {
  let [node, last, leaves] = [index, size - 1, 1]
  const subtrees: Subtree[] = []
  for (const hash of path) {
    if (node % 2 === 1 || node === last) {
      for (; node % 2 === 0 && node > 0; leaves *= 2) [node, last] = [half(node), half(last)]
      subtrees.unshift({ leaves, hash })
    }
    ;[node, last, leaves] = [half(node), half(last), leaves * 2]
  }
  return subtrees
}

/** Whether the path shows that the newer tree begins with the older one (RFC 9162, 2.1.4.2). */
export function isConsistent(older: TreeHead, newer: TreeHead, path: readonly Buffer[]): boolean {
  if (older.size > newer.size) return false
  if (older.size === newer.size) return path.length === 0 && older.root.equals(newer.root)
  if (older.size === 0) return path.length === 0
  let [node, last] = [older.size - 1, newer.size - 1]
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  // An older tree that is one whole subtree is where the way begins; otherwise the path says where.
  const [first, ...rest] = node === 0 ? [older.root, ...path] : path
  if (first === undefined) return false
  let [ofOlder, ofNewer] = [first, first]
  for (const beside of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      ofOlder = nodeHash(beside, ofOlder)
      ofNewer = nodeHash(beside, ofNewer)
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)]
    } else ofNewer = nodeHash(ofNewer, beside)
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && ofOlder.equals(older.root) && ofNewer.equals(newer.root)
}

const half = (n: number) => Math.floor(n / 2)
