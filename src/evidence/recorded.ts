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
