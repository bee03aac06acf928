import { createHash } from 'node:crypto'

// RFC 6962, 2.1, word for word and without any thought for speed: what the tests hold ours against.

type Hash = Buffer

const sha256 = (...parts: readonly Uint8Array[]): Hash =>
  createHash('sha256').update(Buffer.concat(parts)).digest()

export const naiveLeaf = (leaf: Uint8Array): Hash => sha256(Uint8Array.of(0), leaf)

/** MTH(D[n]), of leaf hashes. */
export function naiveRoot(hashes: readonly Hash[]): Hash {
  const [first] = hashes
  if (!first) return sha256()
  if (hashes.length === 1) return first
  const k = split(hashes.length)
  return sha256(Uint8Array.of(1), naiveRoot(hashes.slice(0, k)), naiveRoot(hashes.slice(k)))
}

/** PATH(m, D[n]). */
export function naivePath(m: number, hashes: readonly Hash[]): readonly Hash[] {
  if (hashes.length === 1) return []
  const k = split(hashes.length)
  return m < k
    ? [...naivePath(m, hashes.slice(0, k)), naiveRoot(hashes.slice(k))]
    : [...naivePath(m - k, hashes.slice(k)), naiveRoot(hashes.slice(0, k))]
}

/** PROOF(m, D[n]) for 0 < m < n; nothing to show otherwise. */
export function naiveConsistency(m: number, hashes: readonly Hash[]): readonly Hash[] {
  return m === 0 || m === hashes.length ? [] : subproof(m, hashes, true)
}

function subproof(m: number, hashes: readonly Hash[], isWhole: boolean): readonly Hash[] {
  if (m === hashes.length) return isWhole ? [] : [naiveRoot(hashes)]
  const k = split(hashes.length)
  return m <= k
    ? [...subproof(m, hashes.slice(0, k), isWhole), naiveRoot(hashes.slice(k))]
    : [...subproof(m - k, hashes.slice(k), false), naiveRoot(hashes.slice(0, k))]
}

function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
