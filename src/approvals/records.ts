import type { Spared } from '../card/view.ts'
import type { AgentLimits } from '../core/agentLimits.ts'
import type { Digest } from '../core/digest.ts'
import type { AccountKey, PersonId } from '../core/identity.ts'

/** A record with a version: every write names the version it was computed from. */
export interface Versioned {
  readonly id: string
  /** 1 when inserted; one more with each change. */
  readonly version: number
}

/** A registered machine identity. Names are unique and never reused. */
export interface Agent extends Versioned {
  readonly name: string
  readonly owner: PersonId
  /** `unconfirmed`: claimed in people's names, who have not all confirmed it; it can do nothing yet. */
  readonly status: 'unconfirmed' | 'active' | 'revoked'
  /** How much it may do; null: what every agent may. */
  readonly limits: AgentLimits | null
  /** What the operator has called it beside its name, for rules to go by; sorted. */
  readonly tags: readonly string[]
  readonly createdAt: string
}

/** One credential of an agent. `secretHash` is SHA-256 of a 256-bit secret, hex: there is nothing to guess. */
export interface AgentKey extends Versioned {
  readonly agent: string
  readonly secretHash: string
  /** Whoever created the key is behind every action asked for with it. */
  readonly createdBy: PersonId
  readonly status: 'unconfirmed' | 'active' | 'revoked'
  readonly createdAt: string
  /** RFC 3339: from then on it does nothing; null when it has no end. Never changed. */
  readonly expiresAt: string | null
}

/** Which person an account belongs to. The id is the account's key. */
export interface LinkedAccount extends Versioned {
  readonly person: PersonId
  /** The name when last seen, for showing only. */
  readonly name: string
  /**
   * Whose this was before a link that not everybody has confirmed; null when nothing of it is only claimed. For separation
   * and quorum `person` counts, for anything else this does.
   */
  readonly claimedFrom: PersonId | null
  /** Whose this was before each link that moved it, the last one last: what parting undoes. */
  readonly joined: readonly PersonId[]
  /** Only on the row of a person's own id: from whom they were parted, and when, each time, the last one last. */
  readonly parted: readonly Parted[]
}

/** Requests from before `at` (RFC 3339) keep the two as one person. */
interface Parted {
  readonly from: PersonId
  readonly at: string
}

/** Who a user of an on-call service is here. The id is provider and user, such as `pagerduty:PABC123`. */
export interface OnCallLink extends Versioned {
  /** Null once an operator has taken it back. */
  readonly account: AccountKey | null
  /** SHA-256 (hex) of the address by which the account was found. */
  readonly email: string
  /** The same of the address that the service has for the user since; null while it has that one. */
  readonly otherEmail: string | null
  readonly linkedAt: string
}

/** How an account was when it was last looked at. */
export interface SeenAccount extends Versioned {
  /** SHA-256 (hex) of its confirmed e-mail address, as addresses are compared; null when it has none. */
  readonly address: string | null
  readonly active: boolean
  /** The account that the directory gave in its place; null where it gave this one. */
  readonly other: AccountKey | null
  /** It seemed to have no confirmed address any more, and is looked at once more before that is told. */
  readonly doubted: boolean
  /** RFC 3339: when it is to be looked at next. */
  readonly dueAt: string
}

/** A key by which scripts act as its person, for that person's own agents. `secretHash` as of an agent's key. */
export interface OperatorKey extends Versioned {
  readonly person: PersonId
  /** The account that confirmed it: nothing that is only claimed to be the same person's is in its reach. */
  readonly account: AccountKey
  readonly secretHash: string
  readonly status: 'unconfirmed' | 'active' | 'revoked'
  readonly createdAt: string
  readonly endsAt: string
  readonly usedAt: string | null
}

/** A key by which an auditor reads the ledger, and does nothing else. `secretHash` as of an agent's key. */
export interface AuditorKey extends Versioned {
  readonly person: PersonId
  /** The account that confirmed it: this one has to be an auditor. */
  readonly account: AccountKey
  readonly secretHash: string
  readonly status: 'unconfirmed' | 'active' | 'revoked'
  /** The key that ends when this one is confirmed. */
  readonly follows: string | null
  readonly createdAt: string
  readonly endsAt: string
  /** When its last session of reading began. */
  readonly usedAt: string | null
}

/** A token by which a person decides over HTTP, and reads what they may read. `secretHash` as of an agent's key. */
export interface PersonalToken extends Versioned {
  /** Whose it was when it was issued, for the record; who they are today is looked up from the account. */
  readonly person: PersonId
  /** The account that asked for it: the token can do what this account can. */
  readonly account: AccountKey
  readonly secretHash: string
  readonly status: 'active' | 'revoked'
  readonly createdAt: string
  readonly endsAt: string
  /** When the last hour in which it decided began. */
  readonly usedAt: string | null
}

/** One copy of a request's card in one conversation. The id is chosen before posting and travels in its buttons. */
export interface Card extends Versioned {
  readonly request: string
  /** Address of the conversation: `slack:C0DATA`; or the key of an account, which means writing to that person directly. */
  readonly conversation: string
  /** `posting` until the answer of the post is known; `replaced` when it stayed unknown, or the message is gone. */
  readonly status: 'posting' | 'posted' | 'replaced'
  /** The message's id in that conversation, in the channel's own words, once posted. */
  readonly message: string | null
  /** The version of the request that the card shows, to skip an update that changes nothing. */
  readonly shown: number | null
  /** How many ledger entries of the request the card or its thread has told: it begins with those it was posted after. */
  readonly told: number
  /** Whom it names without calling them; left out where it calls all that it asks. */
  readonly spared?: Spared
}

/** One account that a message is about to call, on behalf of an agent. */
export interface Mention {
  /** Its address, such as `slack:U012AB3CD`. */
  readonly account: string
  /** Names the message: the same one, tried again, calls nobody a second time. */
  readonly name: string
  readonly agent: string
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
  /** How often all agents together may call it in 24 hours, and how often this one; left out where any number may. */
  readonly atMost?: number
  readonly ofAgentAtMost?: number
}

/**
 * A person denied an action of an agent: for a while the same is not asked again. One for each agent and action, by its
 * digest; the newest stands. How long it counts is what the active policy says when the same is asked.
 */
export interface CoolDown {
  readonly agent: string
  readonly digest: Digest
  /** The request that was denied. */
  readonly request: string
  readonly person: PersonId
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

/**
 * A bundle as it was loaded; never changed. `digest` names what it judges by, `filesDigest` all its files, tests included:
 * several versions may have the same digest, and what people agree to is one of them. `files` is path to text.
 */
export interface PolicyVersion {
  readonly digest: Digest
  readonly filesDigest: Digest
  readonly name: string
  readonly files: Readonly<Record<string, string>>
}
