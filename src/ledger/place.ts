/** Where what is recorded about one request stands in the ledger. */
export interface Place {
  /** The ledger's name, as its checkpoints have it. */
  readonly origin: string
  /** The index of the entry that made the request; null while it waits for it, which takes a second. */
  readonly first: number | null
  /** The index of the latest entry about it, likewise. */
  readonly latest: number | null
}

/** @param indexes of the entries about one request, in the order in which they were recorded; null for one that waits for its index */
export function placeIn(origin: string, indexes: readonly (number | null)[]): Place {
  return { origin, first: indexes[0] ?? null, latest: indexes.at(-1) ?? null }
}

/** The command by which whoever has the right to read the ledger looks at the entries of a request, and goes on to prove one. */
export function commandToVerify(request: string): string {
  return `countersign audit request ${request}`
}

/** The place in words, whoever reads them: `in the ledger acme/ledger from 12 to 40`. */
export function placeText({ origin, first, latest }: Place): string {
  if (first === null) return `not in the ledger ${origin} yet: that takes a second`
  if (latest === null)
    return `in the ledger ${origin} from ${first}; its latest entry gets its place within a second`
  return first === latest
    ? `in the ledger ${origin} at ${first}`
    : `in the ledger ${origin} from ${first} to ${latest}`
}
