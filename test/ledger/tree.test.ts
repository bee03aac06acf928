import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Edge, emptyEdge, grown, rootOf, type TreeHash } from '../../src/ledger/edge.ts'
import { leafHash } from '../../src/ledger/hashes.ts'
import { consistencySpans, inclusionSpans, runsOf, type Span, spanHash } from '../../src/ledger/proofs.ts'
import { edgeOf, hashesOf } from '../../src/ledger/tile.ts'
import { isConsistent, isIncluded } from '../../src/ledger/verifyProof.ts'
import { cases } from '../support/cases.ts'
import { naiveConsistency, naiveLeaf, naivePath, naiveRoot } from './naiveTree.ts'

interface Vectors {
  readonly leaves: readonly string[]
  /** By size. */
  readonly roots: readonly string[]
  readonly inclusion: readonly { readonly index: number; readonly size: number; readonly path: string[] }[]
  readonly consistency: readonly { readonly older: number; readonly size: number; readonly path: string[] }[]
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../vectors/certificateTransparency.json', import.meta.url), 'utf8'),
)
const bytes = (hex = '') => Buffer.from(hex, 'hex')

/** A tree as it is kept: what growing gave of it, in any portions. */
function treeOf(portions: readonly (readonly Buffer[])[]) {
  let edge: Edge = emptyEdge
  const kept: TreeHash[] = []
  for (const portion of portions) {
    const next = grown(edge, portion)
    edge = next.edge
    kept.push(...next.hashes)
  }
  const byPlace = new Map(kept.map(({ level, index, hash }) => [`${level} ${index}`, hash]))
  const hashAt = (level: number, index: number) => byPlace.get(`${level} ${index}`) ?? Buffer.alloc(0)
  const hashOf = (span: Span) =>
    spanHash(runsOf(span), ({ level, index, count }) =>
      Array.from({ length: count }, (_, i) => hashAt(level, index + i)),
    )
  return { edge, kept, hashAt, hashOf }
}

const manyLeaves = (count: number) =>
  Array.from({ length: count }, (_, i) => naiveLeaf(Buffer.from(`leaf ${i}`)))

/** Sizes around those where a level of tiles begins or a subtree is whole, as well as any other. */
const size = fc.oneof(
  fc.integer({ min: 0, max: 70 }),
  fc.constantFrom(127, 128, 255, 256, 257, 511, 512, 513, 767, 768, 1_023, 1_024, 1_025, 1_300),
)

describe('the vectors that all implementations share', () => {
  const hashes = vectors.leaves.map((leaf) => leafHash(bytes(leaf)))

  test.each(vectors.roots.map((root, n) => [n, root] as const))('the root of %i leaves', (n, root) => {
    expect(rootOf(treeOf([hashes.slice(0, n)]).edge).toString('hex')).toBe(root)
  })

  test.each(vectors.inclusion)('that leaf $index is in a tree of $size', ({ index, size, path }) => {
    const { hashOf } = treeOf([hashes])
    const ours = inclusionSpans(index, size).map(hashOf)
    const leaf = { index, hash: hashes[index] as Buffer }

    expect(ours.map((hash) => hash.toString('hex'))).toEqual(path)
    expect(isIncluded({ size, root: bytes(vectors.roots[size]) }, leaf, path.map(bytes))).toBe(true)
  })

  test.each(vectors.consistency)(
    'that a tree of $size begins with one of $older',
    ({ older, size, path }) => {
      const { hashOf } = treeOf([hashes])
      const [before, after] = [older, size].map((n) => ({ size: n, root: bytes(vectors.roots[n]) }))
      if (!before || !after) throw new Error('two trees')

      expect(consistencySpans(older, size).map((span) => hashOf(span).toString('hex'))).toEqual(path)
      expect(isConsistent(before, after, path.map(bytes))).toBe(true)
    },
  )
})

test('a tree that grows in whatever portions has the root of RFC 6962, and keeps each hash once', () => {
  fc.assert(
    fc.property(size, fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 4 }), (count, cuts) => {
      const leaves = manyLeaves(count)
      const at = [0, ...cuts.map((cut) => Math.min(cut, count)).sort((a, b) => a - b), count]
      const { edge, kept } = treeOf(at.slice(1).map((to, i) => leaves.slice(at[i], to)))

      expect(rootOf(edge)).toEqual(naiveRoot(leaves))
      expect(edge.size).toBe(count)
      for (const level of [0, 1, 2])
        expect(kept.filter((one) => one.level === level).map(({ index }) => index)).toEqual(
          Array.from({ length: hashesOf(level, count) }, (_, i) => i),
        )
    }),
    { numRuns: cases(200) },
  )
})

test('the edge of a tree can be read again from what it keeps', () => {
  fc.assert(
    fc.property(size, (count) => {
      const { edge, hashAt } = treeOf([manyLeaves(count)])
      const levels = edgeOf(count).map(({ level, n, width }) =>
        Array.from({ length: width }, (_, i) => hashAt(level, n * 256 + i)),
      )

      expect(rootOf({ size: count, levels })).toEqual(rootOf(edge))
    }),
    { numRuns: cases(100) },
  )
})

test('proofs are those of RFC 6962, are believed, and not believed when anything in them is another', () => {
  fc.assert(
    fc.property(
      size.filter((n) => n > 0),
      fc.nat(),
      fc.nat(),
      (count, a, b) => {
        const leaves = manyLeaves(count)
        const { edge, hashOf } = treeOf([leaves])
        const head = { size: count, root: rootOf(edge) }
        const index = a % count
        const leaf = { index, hash: leaves[index] as Buffer }
        const path = inclusionSpans(index, count).map(hashOf)
        const older = b % (count + 1)
        const before = { size: older, root: naiveRoot(leaves.slice(0, older)) }
        const shown = consistencySpans(older, count).map(hashOf)

        expect(path).toEqual(naivePath(index, leaves))
        expect(isIncluded(head, leaf, path)).toBe(true)
        expect(isIncluded(head, { ...leaf, hash: naiveLeaf(Buffer.from('another')) }, path)).toBe(false)
        expect(isIncluded(head, { ...leaf, index: index + count }, path)).toBe(false)
        expect(isIncluded(head, leaf, [...path, leaf.hash])).toBe(false)
        if (path.length > 0) expect(isIncluded(head, leaf, path.slice(1))).toBe(false)
        if (count > 1) expect(isIncluded(head, { ...leaf, index: (index + 1) % count }, path)).toBe(false)

        expect(shown).toEqual(naiveConsistency(older, leaves))
        expect(isConsistent(before, head, shown)).toBe(true)
        expect(isConsistent(before, head, [...shown, leaf.hash])).toBe(false)
        const forked = { ...before, root: naiveLeaf(before.root) }
        if (older > 0) expect(isConsistent(forked, head, shown)).toBe(false)
        if (older > 0 && older < count) {
          expect(isConsistent(before, { ...head, root: naiveLeaf(head.root) }, shown)).toBe(false)
          expect(isConsistent(head, before, shown)).toBe(false)
          expect(isConsistent(before, head, shown.slice(1))).toBe(false)
        }
      },
    ),
    { numRuns: cases(400) },
  )
})

test.each([
  ['a leaf after the last', () => inclusionSpans(8, 8)],
  ['a leaf before the first', () => inclusionSpans(-1, 8)],
  ['half a leaf', () => inclusionSpans(0.5, 8)],
  ['a tree that is larger than the newer one', () => consistencySpans(9, 8)],
])('nothing proves %s', (_, asked) => {
  expect(asked).toThrow(RangeError)
})
