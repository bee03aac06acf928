import { joined, nodeHash } from './hashes.ts'

/** A whole subtree: so many neighbouring leaves, a power of two, and the hash over them. */
export interface Subtree {
  readonly leaves: number
  /** 32 bytes. */
  readonly hash: Buffer
}

/** The whole subtrees that a tree is made of, the largest first, and how it grows by a leaf: all that is needed to name its root. */
export function growing(from: readonly Subtree[]) {
  const subtrees: Subtree[] = [...from]
  return {
    add(hash: Buffer): void {
      let added: Subtree = { leaves: 1, hash }
      for (let last = subtrees.at(-1); last?.leaves === added.leaves; last = subtrees.at(-1)) {
        added = { leaves: added.leaves * 2, hash: nodeHash(last.hash, added.hash) }
        subtrees.pop()
      }
      subtrees.push(added)
    },
    root: (): Buffer => joined(subtrees.map(({ hash }) => hash)),
  }
}
