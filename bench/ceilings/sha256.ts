import { createHash, randomBytes } from 'node:crypto'

/** Of a piece, in bytes. */
const piece = 1 << 20

/** Milliseconds that SHA-256 takes over so many bytes, in one thread and in one go. */
export function sha256Time(bytes: number): number {
  const some = randomBytes(piece)
  const hash = createHash('sha256')
  const began = performance.now()
  for (let left = bytes; left > 0; left -= piece) hash.update(some.subarray(0, Math.min(left, piece)))
  hash.digest()
  return performance.now() - began
}
