import type { NoteKey } from '../../ledger/note.ts'
import type { LedgerHead } from './ledgerStore.ts'
import type { ProvableLedger } from './proveEntry.ts'

/** What stands beside an entry. Both `salt` and `text` are null when it was erased. */
export interface ReadValue {
  readonly name: string
  readonly sha256_salted: string
  readonly bytes: number
  /** Base64. */
  readonly salt: string | null
  readonly text: string | null
}

/** A sealed entry as it is read. `text` is null when the entry is gone. */
export interface ReadEntry {
  readonly index: number
  readonly entry: string
  readonly text: string | null
  readonly values: readonly ReadValue[]
}

/**
 * The ledger of a server that serves, for those who read it while it grows. Whatever stands below a head stays as it is: so who has read a
 * head needs no transaction. Every method rejects with `StoreUnavailable` when the database is the reason.
 */
export interface LedgerReader extends Pick<ProvableLedger, 'leaf' | 'run'> {
  /** The newest head and the public key; null before the first start. */
  head(): Promise<{ readonly head: LedgerHead; readonly key: NoteKey } | null>
  /**
   * Entries with an index from `from` on and below `before`, in order: as many as fit into `bytes` with what stands beside them, and one
   * in any case; a missing index is left out.
   */
  entries(page: {
    readonly from: number
    readonly before: number
    readonly bytes: number
  }): Promise<readonly ReadEntry[]>
}
