import { whole } from './edge.ts'
import { joined } from './hashes.ts'
import { tileWidth } from './tile.ts'

/** Neighbouring leaves, from `from` up to before `to`: a subtree that a proof names by its hash. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Neighbouring hashes of one level, `count` of them, a power of two: one whole subtree. */
export interface Run {
  readonly level: number
  readonly index: number
  readonly count: number
}

/**
 * What proves that a leaf stands in a tree of this size: the subtrees beside its way to the root, the nearest first
 * (RFC 6962, 2.1.1).
 *
 * @throws RangeError when the tree has no such leaf
 */
export function inclusionSpans(index: number, size: number): readonly Span[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new RangeError(`a tree of ${size} has no leaf ${index}`)
  const beside: Span[] = []
  let [from, to] = [0, size]
  while (to - from > 1) {
    const middle = from + largestBelow(to - from)
    const isLeft = index < middle
    beside.push(isLeft ? { from: middle, to } : { from, to: middle })
    ;[from, to] = isLeft ? [from, middle] : [middle, to]
  }
  return beside.reverse()
}

/**
 * What proves that a tree begins with an older one: RFC 6962, 2.1.2. Nothing has to be shown of an empty one, or the same.
 *
 * @throws RangeError when the older one is larger
 */
export function consistencySpans(older: number, size: number): readonly Span[] {
  if (!Number.isSafeInteger(older) || older < 0 || older > size)
    throw new RangeError(`a tree of ${size} does not begin with one of ${older}`)
  if (older === 0 || older === size) return []
  const shown: Span[] = []
  let [from, to] = [0, size]
  let isWhole = true
  while (older !== to) {
    const middle = from + largestBelow(to - from)
    const isLeft = older <= middle
    shown.push(isLeft ? { from: middle, to } : { from, to: middle })
    if (!isLeft) isWhole = false
    ;[from, to] = isLeft ? [from, middle] : [middle, to]
  }
  // What is left is the last subtree of the older tree; where that is all of it, the verifier has its hash.
  return [...(isWhole ? [] : [{ from, to }]), ...shown.reverse()]
}

/** The whole subtrees that a span is made of, the largest first, each as hashes that the tree keeps. */
export function runsOf({ from, to }: Span): readonly Run[] {
  const runs: Run[] = []
  for (let at = from; at < to; ) {
    let leaves = 1
    while (at % (leaves * 2) === 0 && at + leaves * 2 <= to) leaves *= 2
    let [level, count] = [0, leaves]
    for (; count >= tileWidth; count /= tileWidth) level += 1
    runs.push({ level, index: at / tileWidth ** level, count })
    at += leaves
  }
  return runs
}

/** The hash of the span that these runs make, of their hashes. */
export function spanHash(runs: readonly Run[], hashes: (run: Run) => readonly Buffer[]): Buffer {
  return joined(runs.map((run) => whole(hashes(run))))
}

/** The largest power of two below a number of at least two. */
function largestBelow(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}
