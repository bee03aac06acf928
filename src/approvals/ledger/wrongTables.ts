import { hashesOf } from '../../ledger/tile.ts'
import type { Wrong } from '../../ledger/wrong.ts'

/** The leaves that there are: the least and the greatest of their indexes, null where there is none. */
export interface Leaves {
  readonly count: number
  readonly first: number | null
  readonly last: number | null
}

export interface Unplaced {
  readonly position: number
  /** Null: no entry has this position, and it waits. */
  readonly entry: string | null
  readonly waits: boolean
  readonly sealed: boolean
}

/** The hashes above the leaves are those that a tree of this size has. */
export function wrongCount(size: number, count: number | null): Wrong | null {
  const expected = [1, 2, 3, 4, 5, 6, 7].reduce((sum, level) => sum + hashesOf(level, size), 0)
  if (count === null || count === expected) return null
  return {
    index: null,
    entry: null,
    what: 'There are more hashes than a tree of this size has.',
    expected: String(expected),
    stands: String(count),
  }
}

/** Every leaf that there is was verified: none stands beside them, before the first or after the last. */
export function wrongLeaves(size: number, found: Leaves | null): Wrong | null {
  const text = ({ count, first, last }: Leaves) =>
    `${count} leaves${count === 0 ? '' : `, from index ${first} to ${last}`}`
  const expected = { count: size, first: size === 0 ? null : 0, last: size === 0 ? null : size - 1 }
  if (found === null || text(found) === text(expected)) return null
  return {
    index: null,
    entry: null,
    what: 'There is a leaf that has no place in the tree.',
    expected: text(expected),
    stands: text(found),
  }
}

/** Every entry has its place, or waits for it. */
export function wrongPlace(found: Unplaced | null): Wrong | null {
  if (found === null) return null
  const { position, entry, waits, sealed } = found
  const of = { index: null, entry }
  if (entry === null)
    return {
      ...of,
      what: 'Something waits for its place in the tree that is gone from the record, so nothing is sealed any more.',
      expected: `an entry at position ${position}`,
      stands: 'nothing',
    }
  const expected = 'an index, or a place among those that wait'
  if (waits && !sealed)
    return {
      ...of,
      what: 'What waits for its place in the tree has not the text of an entry, so nothing is sealed any more.',
      expected: 'the text of an entry',
      stands: `another, at position ${position}`,
    }
  if (waits)
    return {
      ...of,
      what: 'An entry that is in the tree waits for its place a second time, so nothing is sealed any more.',
      expected,
      stands: `both, at position ${position}`,
    }
  return {
    ...of,
    what: 'An entry stands in the record that is not in the tree and does not wait for its place.',
    expected,
    stands: 'neither',
  }
}
