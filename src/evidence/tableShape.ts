import type { EntryType } from '../ledger/entry.ts'
import type { Query } from './query.ts'

/** One cell of a row: of the entry that makes the row, or of the other entries of the same request (or subject). */
export type Column =
  | { readonly name: string; readonly path: string }
  /** Of the first, or the last, of the others that has one of these types. */
  | {
      readonly name: string
      readonly of: 'first' | 'last'
      readonly types: readonly EntryType[]
      readonly path: string
    }
  /** The salted hash by which the leaf of the entry names a value beside it, or what stands at a path where it names none. */
  | { readonly name: string; readonly blob: string; readonly path: string }
  /** How many of the others are meant. */
  | { readonly name: string; readonly count: Query }
  /** How many different values stand at a path of the entry itself. */
  | { readonly name: string; readonly distinct: string }
  /** `yes` when whoever acted is one of the people behind the request; `unknown` when its asking is not there. */
  | { readonly name: string; readonly isBehind: true }
  /** How many entries of the period have the row's subject as their actor. */
  | { readonly name: string; readonly acts: Query }

/** A report as a table. What stands in the period makes the rows; what came before it is looked up. */
export interface Table {
  readonly file: string
  readonly says: string
  /** With others of its request; or one row for each subject, with all that is recorded of it. */
  readonly by: 'request' | 'subject'
  readonly rows: Query
  readonly columns: readonly Column[]
}
