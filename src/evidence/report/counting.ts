import type { EntryType } from '../../ledger/entry.ts'
import type { Recorded } from '../recorded.ts'

/** Where a figure stands in the record. */
export interface Ref {
  readonly index: number
  /** The entry's id. */
  readonly id: string
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
  readonly type: EntryType
  readonly request: string | null
}

/** A figure: how many entries there are, and the first of them. */
export interface Listed {
  readonly count: number
  readonly first: readonly Ref[]
}

/** How many names (actions, people, agents, codes) are told apart. What comes later is counted together. */
const mostNames = 300

/** How many entries a figure keeps; one that is only a cell of a table keeps fewer. */
export const mostListed = 20
export const mostInCell = 8

export const none: Listed = { count: 0, first: [] }

export interface Counter {
  add(one: Recorded | Ref): void
  listed(): Listed
}

export function counter(most = mostListed): Counter {
  let count = 0
  const first: Ref[] = []
  return {
    add(one) {
      count += 1
      if (first.length < most) first.push('entry' in one ? refOf(one) : one)
    },
    listed: () => ({ count, first: [...first] }),
  }
}

/** A counter for each of the kinds. */
export function countersOf<K extends string>(kinds: readonly K[], most = mostInCell) {
  const counters = Object.fromEntries(kinds.map((kind) => [kind, counter(most)])) as Record<K, Counter>
  return {
    add: (kind: K, one: Recorded): void => counters[kind].add(one),
    listed: () =>
      Object.fromEntries(kinds.map((kind) => [kind, counters[kind].listed()])) as Readonly<Record<K, Listed>>,
  }
}

/**
 * What is kept for each name, for the first `most` names that come. `of` gives null for one more: names come from outside, and
 * whoever makes up a new one for each request must not fill the memory.
 */
export function byName<V>(make: (name: string) => V, most = mostNames) {
  const kept = new Map<string, V>()
  return {
    of(name: string): V | null {
      const found = kept.get(name)
      if (found !== undefined || kept.size >= most) return found ?? null
      const made = make(name)
      kept.set(name, made)
      return made
    },
    all: (): readonly (readonly [string, V])[] => [...kept],
  }
}

export function refOf({ index, entry }: Recorded): Ref {
  return { index, id: entry.id, at: entry.ts, type: entry.type, request: entry.request }
}

/** The larger first; equal ones in the order of their names, so that the same record gives the same report. */
export function byCount<T extends { readonly name: string }>(of: (one: T) => number) {
  return (a: T, b: T): number => of(b) - of(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
}
