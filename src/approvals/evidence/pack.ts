import type { IndexRange } from '../../evidence/recorded.ts'
import type { NoteKey } from '../../ledger/note.ts'
import type { Subtree } from '../../ledger/subtrees.ts'
import type { TreeHead } from '../../ledger/verifyProof.ts'
import type { PolicyVersion } from '../records.ts'
import type { BesideEntries } from './besideEntries.ts'
import type { About, LedgerRecords, Period } from './records.ts'

/** A leaf beside the range. */
export interface Neighbour {
  readonly index: number
  readonly leaf: string
  /** RFC 3339. */
  readonly ts: string
}

/** What a pack is made of: a database, or a pack that is made again to be compared. */
export interface PackSource {
  readonly head: TreeHead & { readonly checkpoint: string }
  readonly key: NoteKey
  readonly records: Omit<LedgerRecords, 'rangeOf' | 'ofRequest'>
  readonly beside: BesideEntries
  /** The whole subtrees of the first so many leaves. */
  subtrees(size: number): Promise<readonly Subtree[]>
  /** The root of the tree of the first so many leaves, as it is kept. */
  root(size: number): Promise<Buffer>
  /** That the tree of the head begins with the one of this size. */
  consistency(older: number): Promise<readonly Buffer[]>
  /** The leaf of this index, which lies beside the range; null when there is none. */
  neighbour(index: number): Promise<Neighbour | null>
  /** The report as it is given, where not every entry from 0 can be read to make it again; null: it is made. */
  readonly report: string | null
  /** By the digest of the bundle or of its files. */
  policy(digest: string): Promise<PolicyVersion | null>
}

/** What is written while it is not known yet how long it gets; it becomes a file when it is added. */
export interface Spool {
  write(text: string): Promise<void>
}

/** Where a pack goes, file by file, in one order. */
export interface PackSink {
  spool(path: string): Promise<Spool>
  /** The spooled file of this path is done. */
  add(path: string): Promise<void>
  file(path: string, text: string): Promise<void>
  /** The proof that this leaf stands at this index of the tree of the head. */
  proof(path: string, leaf: { readonly index: number; readonly hash: Buffer }): Promise<void>
  /** Every file so far with its SHA-256, as `sha256sum` writes it, is the next file. Resolves to how many there are and the hash of the list. */
  sums(path: string): Promise<{ readonly files: number; readonly sha256: string }>
  /** The last file, which names the list and so is not in it. */
  last(path: string, text: string): Promise<void>
}

/** What is asked for, as it stands in the manifest. */
export interface PackAsk {
  readonly period: Period | null
  readonly range: IndexRange
  readonly about: About | null
  /** Of the program. */
  readonly version: string
  /** The text of the program that verifies a pack. */
  readonly verifier: string
  readonly progress: (done: number, of: number) => void
}

/** What came of it. */
export interface Packed {
  readonly entries: number
  readonly requests: number
  readonly files: number
}
