import type { Entry } from '../ledger/entry.ts'

/** A sealed entry with what is kept beside it: what evidence is made of. */
export interface Recorded {
  /** Its place in the tree. */
  readonly index: number
  /** The text that the tree's hash is made of: the entry with `seq`. */
  readonly leaf: string
  readonly entry: Entry
  /** The values kept outside, by name. Null: erased. */
  readonly blobs: Readonly<Record<string, string | null>>
  /** The salt of each, base64: with it, whoever has the value can compute the hash in the leaf. Null: erased. */
  readonly salts: Readonly<Record<string, string | null>>
}

/** Entries from index `from` up to before index `to`. */
export interface IndexRange {
  readonly from: number
  readonly to: number
}

/** RFC 3339 moments in UTC with milliseconds, so that they sort as texts: from `since` up to before `until`. Null: without an end. */
export interface Span {
  readonly since: string | null
  readonly until: string | null
}

/** Entries stand in the order of their commits, so a range by index can have one from a moment before or after the period. */
export function isIn({ since, until }: Span, { ts }: Pick<Entry, 'ts'>): boolean {
  return (since === null || ts >= since) && (until === null || ts < until)
}
