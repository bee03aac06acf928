import { hashBytes } from '../../ledger/hashes.ts'

/** Indexes and hashes of leaves, in 40 bytes each: there may be a million. */
export interface LeafList {
  add(index: number, hash: Buffer): void
  all(): Iterable<{ readonly index: number; readonly hash: Buffer }>
}

const inChunk = 4_096

export function leafList(): LeafList {
  const indexes: Float64Array[] = []
  const hashes: Buffer[] = []
  let count = 0
  return {
    add(index, hash) {
      const at = count % inChunk
      if (at === 0) {
        indexes.push(new Float64Array(inChunk))
        hashes.push(Buffer.alloc(inChunk * hashBytes))
      }
      indexes.at(-1)?.set([index], at)
      hash.copy(hashes.at(-1) ?? Buffer.alloc(hashBytes), at * hashBytes)
      count += 1
    },
    *all() {
      for (let nth = 0; nth < count; nth += 1) {
        const [chunk, at] = [Math.floor(nth / inChunk), nth % inChunk]
        const hash = hashes[chunk]?.subarray(at * hashBytes, (at + 1) * hashBytes)
        const index = indexes[chunk]?.[at]
        if (hash && index !== undefined) yield { index, hash }
      }
    },
  }
}
