import type { AccountKey, PersonId } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'

/** A request with the names needed to show it to people. */
export interface RequestView {
  readonly request: ActionRequest
  readonly people: People
  /** By leg name: who filled it, in the order of their decisions. Empty when nobody had to be asked. */
  readonly filled: ReadonlyMap<string, readonly PersonId[]>
}

/** By person id: an account to mention and a name to show. */
export type People = ReadonlyMap<PersonId, { readonly account: AccountKey; readonly name: string }>
