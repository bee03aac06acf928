import type { NewEntry } from '../ledger/entry.ts'

/** What a channel lets us in with, where it changes. */
export interface TokenPair {
  /** Expires. */
  readonly access: string
  /** Gets the next pair, once. */
  readonly refresh: string
}

/** A pair as it is kept. Times are the database's. */
export interface KeptTokens extends TokenPair {
  /** Whose they are, such as `slack:T024BE7LD`. */
  readonly place: string
  /** Grows with each new pair. */
  readonly version: number
  /** RFC 3339, UTC. */
  readonly expiresAt: string
  /** Seconds until `access` expires; below zero when it has. */
  readonly leftSeconds: number
  /** Seconds that it had when it was new. */
  readonly lifeSeconds: number
  /** Why the last try to get the next pair came to nothing, in the channel's word; null when none failed. */
  readonly failed: string | null
  /** Seconds since that try; null when none failed. */
  readonly triedSecondsAgo: number | null
}

/** The pair that comes after one. */
export interface NextTokens extends TokenPair {
  readonly lifeSeconds: number
}

/**
 * Where tokens that rotate are kept, sealed. What gets the next pair works once, so one process at a time tries: it takes the turn, asks the
 * channel, and writes what it got. A process that dies between the two has lost the pair: the access token of before then works until it
 * expires, and somebody has to put a new pair in. Every method rejects with `StoreUnavailable` when the database is the reason.
 */
export interface ChannelTokens {
  /** The pair of now; null while nobody has put one in. @throws SealFault when it was sealed under another secret */
  read(): Promise<KeptTokens | null>
  /** Puts a pair in, due to be renewed at once, with the entry that says so. Resolves to the other place whose pair is there, and changes nothing then. */
  set(place: string, pair: TokenPair, entry: NewEntry): Promise<'set' | { readonly other: string }>
  /** Removes the pair, with the entry that says so. False when there is none. */
  remove(place: string, entry: NewEntry): Promise<boolean>
  /** Whether this process may get the next pair now, for half a minute at most. */
  takeTurn(kept: Pick<KeptTokens, 'place' | 'version'>, holder: string): Promise<boolean>
  /** Writes the next pair. False when another one is there by now: that one is used. */
  replace(kept: Pick<KeptTokens, 'place' | 'version'>, next: NextTokens): Promise<boolean>
  /** Ends a turn that came to nothing, with the channel's word for why. */
  fail(kept: Pick<KeptTokens, 'place' | 'version'>, holder: string, code: string): Promise<void>
}
