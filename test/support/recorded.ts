import type { Store } from '../../src/approvals/ports.ts'
import type { EntryType } from '../../src/ledger/entry.ts'

/** The kinds of the entries about a request, in order. */
export async function typesOf(store: Store, request: string) {
  return (await store.entries(request)).map(({ type }) => type)
}

/** The entries of one kind about a request, in order. */
export async function entriesOf(store: Store, request: string, type: EntryType) {
  return (await store.entries(request)).filter((entry) => entry.type === type)
}

/** The codes of the attempts that were refused, in order. */
export async function refusalsOf(store: Store, request: string) {
  return (await entriesOf(store, request, 'decision.refused')).map(({ data }) => data.code)
}
