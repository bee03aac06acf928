/** The first thing in a ledger that is not as it has to be. */
export interface Wrong {
  /** Of the entry; null when it is not about one. */
  readonly index: number | null
  readonly entry: string | null
  /** A sentence. */
  readonly what: string
  readonly expected: string
  readonly stands: string
}
