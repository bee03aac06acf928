import type { AccountKey, CurrentPerson } from '../core/identity.ts'
import type { AnyRequest, CurrentRequest } from '../core/request.ts'
import type { Held } from '../core/stop.ts'

/** A request with the names needed to show it to people. */
export interface RequestView {
  readonly request: CurrentRequest
  readonly people: People
  /** By leg name: who filled it, in the order of their decisions. Empty when nobody had to be asked. */
  readonly filled: ReadonlyMap<string, readonly CurrentPerson[]>
  /** What the agent can get at targets that cannot verify a grant; left out where there is nothing. */
  readonly credentials?: readonly PromisedCredential[]
  /** Of a change of the policy: what became of it, or that another policy became active since it was compared. */
  readonly change?: 'in_force' | 'refused' | 'outdated'
  /** What undoes it, in the order in which it was asked for; left out where nothing does. */
  readonly rollbacks?: readonly AnyRequest[]
  /** Of a rollback: what it undoes. */
  readonly undoes?: AnyRequest
  /** Of a revision: what it was asked instead of, with the people of today. */
  readonly revised?: CurrentRequest
  /** Of one that asks less than another: that other one, which an approver narrowed. */
  readonly narrows?: CurrentRequest
  /** Of one that an approver narrowed: what is asked instead. */
  readonly narrowedTo?: CurrentRequest
  /** While people are asked: what they approved last of the same kind, from the same agent. Left out where there is nothing. */
  readonly precedent?: CurrentRequest
  /** Of a card that asks about several requests together: each of them, this one too, in order. Left out where it asks about one. */
  readonly lines?: readonly RequestView[]
  /** Of a message that must not call everybody whom it names: whom it spares. Left out where it calls all. */
  readonly spared?: Spared
  /** The stop that holds it while people could decide; left out where none does. */
  readonly held?: Held<CurrentPerson>
  /** By address of the sets of people on call whom it asks while it can be decided; left out where there is none. */
  readonly onCall?: ReadonlyMap<string, OnCallNow>
  /** Who is mentioned in the place of people who are away; left out where nobody is. */
  readonly standIns?: readonly StandIn[]
}

/** For one leg, by the address of whoever would be mentioned. */
export interface StandIn {
  readonly leg: string
  readonly address: string
  readonly away: CurrentPerson
  readonly delegate: CurrentPerson
  /** RFC 3339. */
  readonly until: string
}

/** By address of a set that is named and not called: addresses of those of it who are called instead. */
export type Spared = Readonly<Record<string, readonly string[]>>

/** A credential that the agent can get for a request once it is approved: what approvers have to know before their yes. */
export interface PromisedCredential {
  /** As the operator named it. */
  readonly target: string
  readonly ends: 'at once' | 'at expiry'
  /** How long it lives, at most. */
  readonly seconds: number
  /** How long one can live that was made and never reached us. */
  readonly longestSeconds: number
  /** The operator's kind of target says it in words of ours: `which rows it touches, or where they go`. */
  readonly doesNotBind: string
}

/** Whoever of a group is on call, as it was when it was looked up for showing. */
export type OnCallNow =
  | { readonly is: 'people'; readonly accounts: readonly AccountKey[] }
  | { readonly is: 'nobody' }
  /** Why nobody could be looked up, as the rest of a sentence of ours. */
  | { readonly is: 'unavailable'; readonly why: string }

/** By person: an account to mention and a name to show. */
export type People = ReadonlyMap<CurrentPerson, ShownPerson>

export interface ShownPerson {
  readonly account: AccountKey
  /** With those that are theirs besides, so that each channel mentions by its own; left out where there is one. */
  readonly accounts?: readonly AccountKey[]
  readonly name: string
}

export function accountsIn({ account, accounts }: ShownPerson): readonly AccountKey[] {
  return accounts ?? [account]
}
