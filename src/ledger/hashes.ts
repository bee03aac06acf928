import { hash } from 'node:crypto'

// RFC 6962, 2.1: a leaf and an inner node can never have the same hash, because each begins with a byte of its own.
const [leafMark, nodeMark] = [0, 1]

/** Bytes of every hash. */
export const hashBytes = 32

/** The hash of a leaf, 32 bytes. */
export function leafHash(leaf: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(1 + leaf.length)
  bytes[0] = leafMark
  bytes.set(leaf, 1)
  return hash('sha256', bytes, 'buffer')
}

/** The hash of a leaf that is a text, in 64 digits: of its UTF-8, without a copy of it. Digits cost two thirds of what bytes do. */
export function textHash(leaf: string): string {
  return hash('sha256', `\u0000${leaf}`, 'hex')
}

/** The hash over two neighbours, 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(1 + left.length + right.length)
  bytes[0] = nodeMark
  bytes.set(left, 1)
  bytes.set(right, 1 + left.length)
  return hash('sha256', bytes, 'buffer')
}

/** The root of a tree without a leaf. */
function emptyRoot(): Buffer {
  return hash('sha256', Buffer.alloc(0), 'buffer')
}

/**
 * The root over whole subtrees that stand side by side, the largest first, as every tree is made of: the smaller ones on the
 * right are joined first (RFC 6962, 2.1).
 */
export function joined(subtrees: readonly Buffer[]): Buffer {
  const last = subtrees.at(-1)
  if (last === undefined) return emptyRoot()
  return subtrees.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
}
