import type { Confirmation } from '../core/confirmation.ts'
import type { Digest } from '../core/digest.ts'
import type { PersonId } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Untouched } from '../core/rollback.ts'
import type { NewEntry } from '../ledger/entry.ts'
import type { ValueName } from '../ledger/personValues.ts'
import type { Delegation } from './delegations/records.ts'
import type { Resource, SigningKey } from './grants/records.ts'
import type { Job } from './job.ts'
import type { Lease } from './leases/records.ts'
import type {
  Agent,
  AgentKey,
  AuditorKey,
  Card,
  CoolDown,
  LinkedAccount,
  Mention,
  OnCallLink,
  OperatorKey,
  PersonalToken,
  PolicyVersion,
  Versioned,
} from './records.ts'
import type { Shadow } from './shadow/records.ts'
import type { Stop } from './stops/records.ts'
import type { Webhook, WebhookDelivery } from './webhooks/records.ts'

/** Insert when `expected` is null, otherwise replace the record whose version is `expected`. */
export interface Put<T extends Versioned> {
  readonly expected: number | null
  readonly next: T
}

/**
 * Everything that one verb writes. All of it is committed, or none.
 */
export interface Change {
  readonly request?: Put<ActionRequest>
  /** Others of its set that are made or moved with it. */
  readonly members?: readonly Put<ActionRequest>[]
  readonly cards?: readonly Put<Card>[]
  readonly agents?: readonly Put<Agent>[]
  readonly keys?: readonly Put<AgentKey>[]
  readonly accounts?: readonly Put<LinkedAccount>[]
  readonly confirmations?: readonly Put<Confirmation>[]
  readonly operatorKeys?: readonly Put<OperatorKey>[]
  readonly auditorKeys?: readonly Put<AuditorKey>[]
  readonly personalTokens?: readonly Put<PersonalToken>[]
  readonly signingKeys?: readonly Put<SigningKey>[]
  readonly resources?: readonly Put<Resource>[]
  readonly stops?: readonly Put<Stop>[]
  /** A new one is a conflict while another runs. */
  readonly shadows?: readonly Put<Shadow>[]
  readonly webhooks?: readonly Put<Webhook>[]
  readonly webhookDeliveries?: readonly Put<WebhookDelivery>[]
  readonly leases?: readonly Put<Lease>[]
  readonly onCallLinks?: readonly Put<OnCallLink>[]
  readonly delegations?: readonly Put<Delegation>[]
  /**
   * A bundle, stored if it is new. `activation` names the activation that makes it the active one; null only keeps it,
   * for people to decide about. `expected` is the files digest of the version that was active when this was computed, or
   * null: when another is active now, the change is a conflict, so that nobody replaces a policy they have not seen.
   */
  readonly policy?: {
    readonly version: PolicyVersion
    readonly activation: string | null
    readonly expected: Digest | null
    readonly at: string
  }
  /**
   * The digest of the policy by which something in this change was judged, or null when it was judged without one. When
   * another policy is active now, nothing is written and the change is `outdated`. A new request has to name it. What is
   * judged cannot activate a policy in the same change.
   */
  readonly judgedBy?: Digest | null
  /**
   * What was read of who is who, where something in this change was judged by it. When a row has another version now, the
   * change is a conflict: people who were linked meanwhile are judged as who they are (threats: vote-outlived).
   */
  readonly links?: readonly LinkRead[]
  /**
   * Everything that was read of the rows that a person has. When they have others now, the change is a conflict; each of the rows
   * stands in `links` besides.
   */
  readonly holdings?: readonly Holding[]
  /**
   * Who asks, as this was judged by it. When the agent or its key has another version now (revoked, handed over, rotated), the
   * change is a conflict: nobody is trusted for what they were (threats: stale-replica). Where a resource comes with what an agent was
   * given, it stands beside that agent and the key that it was given to.
   */
  readonly caller?: {
    readonly agent: VersionRead
    /** Left out where people decide about what the agent asked, by whatever key. */
    readonly key?: VersionRead
    readonly resource?: VersionRead
  }
  /**
   * Agents that the chain of what was asked names, as this was judged by them. When one has another version now (revoked, handed over, given a
   * key), the change is a conflict: whose people are behind it, and whether anything is asked through it, is judged anew.
   */
  readonly agentsRead?: readonly VersionRead[]
  /** The personal token by which a person did this, as it was read. When it has another version now (revoked), the change is a conflict. */
  readonly tokenRead?: VersionRead
  /**
   * Other requests that this was judged by. When one has another version now, the change is a conflict. Where it makes a rollback it
   * is one, too, when another of the same request waits, may run or has run (`isLive`), whoever asked for that.
   */
  readonly requestsRead?: readonly VersionRead[]
  /** When something that changes the resource has begun on it since the first did, other than what undoes the same, the change is a conflict. */
  readonly untouched?: Untouched
  /**
   * How many stops there had ever been when this was judged (`StandingStops.read`). When there are more now, the change is a
   * conflict: a stop holds from its own commit on, whoever has heard of it. What submits, releases, mints or redeems names it.
   */
  readonly stopsRead?: number
  /**
   * The key that signed the token by which this was judged, or that signs the one that this gives, as it was read. When it has another
   * version now, the change is a conflict: a key that was withdrawn is believed nowhere from its commit on (threats: stale-replica).
   */
  readonly signedBy?: VersionRead
  /**
   * How many requests of its agent may be pending, the new one included. When that is more, the change is `full`: counted in
   * the commit, so that fifty at once at two replicas are never more (threats: varied-flood).
   */
  readonly atMostPending?: number
  /**
   * Digest of all that people would see of the new request (`askOf`), where it may share a card. Where one of the same agent waits that
   * was asked with the same digest, the commit puts this one on its card: so two at once never both have one.
   */
  readonly ask?: Digest
  /**
   * What was read of the budgets by which something in this change was allowed. When more has been counted since than the verdict holds
   * for, the change is `counted`: fifty at once at two replicas never pass a limit of twenty (threats: counter-race). What is let
   * through is counted in the same commit, and what ends unused is counted no more (`budgetRows`).
   */
  readonly budgetReads?: readonly BudgetRead[]
  /**
   * Whom a message calls that is sent after this. When somebody of them was called as often as they may be, and not by the same message,
   * the change is a conflict: counted in the commit, so that two replicas never call anybody once too often.
   */
  readonly mentions?: readonly Mention[]
  /** A person's denials, from each of which the same action of the same agent cools down. */
  readonly coolDowns?: readonly CoolDown[]
  /**
   * What was read of the cool-downs of what people are asked about. When another denial stands now, the change is a
   * conflict: what was asked while somebody denied it is judged by that (threats: varied-flood).
   */
  readonly coolDownReads?: readonly CoolDownRead[]
  /** What this erases, and by which of its entries. A request that is at another version now makes it a conflict. */
  readonly erasure?: Erasure
  readonly entries: readonly NewEntry[]
  readonly jobs?: readonly Job[]
  /** Keys of jobs that are no longer wanted. */
  readonly dropJobs?: readonly string[]
  /** Names the delivery this answers (a click, a signed webhook); the same name never takes effect twice. */
  readonly delivery?: string
  /** Names a proof of possession that somebody came with (RFC 9449): it counts once, for as long as one is believed. */
  readonly proof?: string
}

/** What one commit erases. Its entry says so; the values are named one by one, so that it can say how many. */
export interface Erasure {
  /** Id of the entry, which stands in the same change. */
  readonly entry: string
  readonly requests: readonly Put<ActionRequest>[]
  readonly values: readonly ValueName[]
}

/** A row of the links between people as it was read; null when there was none. */
export interface LinkRead {
  readonly id: LinkedAccount['id']
  readonly version: number | null
}

/** How many rows of the links between people were a person's when they were read. */
export interface Holding {
  readonly person: PersonId
  readonly rows: number
}

/** A record as it was read. */
export type VersionRead = Pick<Versioned, 'id' | 'version'>

/** Up to which numbers a verdict by a budget holds, of all that was ever counted under its key; null where any number is judged alike. */
export interface BudgetRead {
  readonly key: string
  readonly addedAtMost: number | null
  /** A decimal number: what was ever added up can be more than a number holds. */
  readonly amountAtMost: string | null
}

/** Which denial stood for an action of an agent when it was read: the request that it ended, or null. */
export interface CoolDownRead extends Pick<CoolDown, 'agent' | 'digest'> {
  readonly request: string | null
}

/**
 * `applied`: durable, all of it. `conflict`: some record, link, caller, token, signing key, stop or cool-down was not at the expected version, or an insert met
 * an existing id or unique name; nothing was written: read again. `duplicate`: the delivery was answered before; nothing was written.
 * `shown`: the proof was shown before; nothing was written.
 * `repeated`: the agent has made a request with the idempotency key of the new one already; nothing was written: that one answers.
 * `outdated`: only that it was judged by another policy than the active one; nothing was written: judge again.
 * `full`: only that too many requests of the agent are pending already; nothing was written.
 * `counted`: only that a budget has counted more since than what it was judged by; nothing was written: judge again.
 */
export type Committed =
  | 'applied'
  | 'conflict'
  | 'duplicate'
  | 'shown'
  | 'repeated'
  | 'outdated'
  | 'full'
  | 'counted'

/**
 * The topic of a new request that nobody has to decide: nobody knows its id yet and nothing will happen to it, so that who watches
 * everything hears once of a whole batch of them.
 */
export const settledAtOnce = 'settled-at-once'
