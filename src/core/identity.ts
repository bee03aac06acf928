/** One human, however many accounts they have: `per_…`. */
export type PersonId = string

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
  /** As the directory gave it, or null when it did not. Evidence, never a key. */
  readonly email: string | null
  readonly human: boolean
  readonly active: boolean
  readonly guest: boolean
  /** Belongs to another organisation's tenant. */
  readonly external: boolean
}
