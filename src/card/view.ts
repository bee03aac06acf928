import type { AccountKey, CurrentPerson } from '../core/identity.ts'
import type { CurrentRequest } from '../core/request.ts'
import type { Held } from '../core/stop.ts'

/** A request with the names needed to show it to people. */
export interface RequestView {
  readonly request: CurrentRequest
  readonly people: People
  /** By leg name: who filled it, in the order of their decisions. Empty when nobody had to be asked. */
  readonly filled: ReadonlyMap<string, readonly CurrentPerson[]>
  /** Of a change of the policy: what became of it, or that another policy became active since it was compared. */
  readonly change?: 'in_force' | 'refused' | 'outdated'
  /** The stop that holds it while people could decide; left out where none does. */
  readonly held?: Held<CurrentPerson>
}

/** By person: an account to mention and a name to show. */
export type People = ReadonlyMap<CurrentPerson, { readonly account: AccountKey; readonly name: string }>
