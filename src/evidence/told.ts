import type { Json, JsonObject } from '../core/json.ts'
import type { Actor, EntryType } from '../ledger/entry.ts'

/** Where something of a story stands: the entry that shows it. */
export interface Shown {
  readonly index: number
  readonly entry: string
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
  readonly actor: Actor
}

/** A person decided. */
export interface ToldDecision extends Shown {
  readonly kind: 'approve' | 'deny'
  /** When they did; the entry is from a moment later. */
  readonly decidedAt: string
  /** Id, as the record named the person then. */
  readonly person: string
  readonly account: string | null
  readonly legs: readonly string[]
  /** Digest of what was shown to them, and its text: null when it is not in the record, or was erased. */
  readonly seen: { readonly digest: string | null; readonly text: string | null }
  /** What the directory said of them at that moment. */
  readonly identity: Json | null
  /** Their reason. */
  readonly grounds: string | null
  readonly typed: readonly string[]
  /** After the request had expired: kept, and changed nothing. */
  readonly late: boolean
  /** Ids of people who were away, and in whose place they were told of it; left out where there are none. */
  readonly inPlaceOf?: readonly string[]
  /** An approval that ended before the release: by its person, or because they could no longer give it. */
  readonly ended: (Shown & { readonly how: 'withdrawn' | 'lapsed'; readonly why: Json | null }) | null
}

/** Somebody tried to do something with the request and was refused. */
export interface ToldRefusal extends Shown {
  /** `approve`, `deny`, `break_glass`, …, `grant`, `replay`, `mismatch`. */
  readonly kind: string
  readonly code: string
  readonly person: string | null
}

/** The request moved to another state. */
interface ToldMove extends Shown {
  readonly type: EntryType
  readonly state: string
  readonly outcome: string | null
}

/** Somebody said what was done. */
export interface ToldReport extends Shown {
  readonly nth: number
  readonly state: string
  readonly deviations: number
  readonly late: boolean
  readonly said: Readonly<Record<string, Json | null>>
}

/** What was done is not what was approved. */
export interface ToldDeviation extends Shown {
  readonly nth: number
  readonly kinds: readonly string[]
  readonly pointers: readonly string[]
  /** Both sides of each, or null when erased. */
  readonly all: Json | null
}

/** One person let it through alone, and what somebody else found. */
export interface ToldGlass extends Shown {
  readonly person: string
  readonly account: string | null
  readonly grounds: string | null
  readonly identity: Json | null
  readonly seen: ToldDecision['seen']
  readonly reviewBy: string | null
  readonly overdue: Shown | null
  readonly review:
    | (Shown & { readonly person: string; readonly note: string | null; readonly late: boolean })
    | null
}

/** One of the chain through which it was asked, as the agent said it. */
export interface ToldHop {
  readonly kind: string
  /** Null once it was erased. */
  readonly name: string | null
  /** Id of the registered agent that it named; null where there was none. */
  readonly agent: string | null
}

/** Somebody said something about it while people decided: no decision. */
export interface ToldNote extends Shown {
  readonly note: string
  /** `changes`, `question` or `answer`. */
  readonly kind: string
  /** Of an answer: the note that it answers. */
  readonly to: string | null
  /** Null once it was erased. */
  readonly text: string | null
}

/** A leg that people filled: its name, and who. */
interface ToldLeg {
  readonly leg: string
  readonly people: readonly string[]
}

/** What the record says of one request, put together from its entries. */
export interface Story {
  readonly request: string
  /** Null where it is not in the record, or something is hidden: then the salted one stands for it. */
  readonly digest: string | null
  /** Under the salt of the parameters. */
  readonly saltedDigest: string | null
  readonly policy: string | null
  readonly asked: Shown
  readonly action: string
  readonly environment: string | null
  readonly resource: { readonly type: string; readonly id: string }
  /** Null: erased. A value that the card hid has the card's mask in its place. */
  readonly params: Json | null
  /** The names of the parameters that are hidden from people. */
  readonly hidden: readonly string[]
  readonly reason: string | null
  readonly agent: { readonly id: string; readonly key: string | null; readonly model: string | null }
  readonly initiator: { readonly person: string; readonly claim: string } | null
  readonly behind: readonly { readonly person: string; readonly role: string }[]
  /** From the person on, as the agent said it. */
  readonly through: readonly ToldHop[]
  readonly identities: Json | null
  readonly verdict: {
    readonly kind: string
    readonly code: string | null
    readonly rules: readonly string[]
    readonly observed: readonly string[]
  }
  readonly expiresAt: string | null
  readonly legs: readonly ToldLeg[]
  readonly decisions: readonly ToldDecision[]
  readonly notes: readonly ToldNote[]
  readonly escalations: readonly (Shown & { readonly to: string | null; readonly legs: readonly string[] })[]
  readonly refused: readonly ToldRefusal[]
  readonly moves: readonly ToldMove[]
  /** The state by the entries that were given. */
  readonly state: string
  readonly outcome: string | null
  readonly grant: (Shown & { readonly facts: JsonObject }) | null
  readonly redemption: (Shown & { readonly facts: JsonObject }) | null
  readonly reports: readonly ToldReport[]
  readonly deviations: readonly ToldDeviation[]
  readonly glass: ToldGlass | null
  /** The set that it was asked in, with others. */
  readonly set: string | null
  /** The request that this one undoes. */
  readonly undoes: string | null
  /** The requests that undo this one. */
  readonly undoneBy: readonly string[]
  /** Everything else that was recorded, in order: cards, reminders, alarms, credentials. */
  readonly other: readonly (Shown & { readonly type: EntryType; readonly facts: JsonObject })[]
  /** Whether any value of it was erased. */
  readonly erased: boolean
  readonly entries: number
}
