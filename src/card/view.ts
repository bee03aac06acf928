import type { AccountKey, CurrentPerson } from '../core/identity.ts'
import type { CurrentRequest } from '../core/request.ts'

/** A request with the names needed to show it to people. */
export interface RequestView {
  readonly request: CurrentRequest
  readonly people: People
  /** By leg name: who filled it, in the order of their decisions. Empty when nobody had to be asked. */
  readonly filled: ReadonlyMap<string, readonly CurrentPerson[]>
}

/** By person: an account to mention and a name to show. */
export type People = ReadonlyMap<CurrentPerson, { readonly account: AccountKey; readonly name: string }>
