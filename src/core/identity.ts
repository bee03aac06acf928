/**
 * One human, however many accounts they have: `per_…`. In a record it is who they were when it was written: two people of
 * then may turn out to be one, so these are shown and written, never compared.
 */
export type PersonId = string

declare const today: unique symbol

/**
 * One human as we know them now. Only `approvals/people/currentPeople.ts` says who that is; whatever compares or counts
 * people takes these.
 */
export type CurrentPerson = PersonId & { readonly [today]: true }

declare const madeUp: unique symbol

/** A name that stands for a person where there are no records, as in a policy's own tests: nobody turns out to be another. */
export type StandIn = string & { readonly [madeUp]: true }

/** Who may be compared and counted: people of today with one another, and stand-ins with one another. */
export type Comparable = CurrentPerson | StandIn

/** The one comparison of people: an id of a record is no argument of it. */
export function samePerson<P extends Comparable>(one: P, other: NoInfer<P>): boolean {
  return one === other
}

/**
 * One account in a directory, named so that it can never be confused with another: channel, tenant, account id, such
 * as `slack:T024BE7LD:U012AB3CD`. Opaque to the core.
 */
export type AccountKey = string

/** What a directory says about one account at one moment. Facts only; `staff.ts` judges them. */
export interface Account {
  readonly key: AccountKey
  /** Keys that named this same account before, such as before its workspace joined an organisation. */
  readonly formerKeys?: readonly AccountKey[]
  /** For showing. Never compared: names are not unique and people edit them. */
  readonly name: string
  /**
   * As the directory gave it and says that its owner confirmed it; null otherwise, because an address that anybody can
   * write into a profile names nobody. Evidence, never a key.
   */
  readonly email: string | null
  readonly human: boolean
  readonly active: boolean
  readonly guest: boolean
  /** Belongs to another organisation's tenant. */
  readonly external: boolean
  /** Of another directory than the first, and linked to nobody who is on the staff there. */
  readonly unlinked?: true
}
