import type { Action } from './action.ts'
import type { Run } from './chain.ts'
import type { Digest } from './digest.ts'
import type { Execution } from './execution.ts'
import type { Grant } from './grant.ts'
import type { AccountKey, CurrentPerson, PersonId } from './identity.ts'
import type { JsonObject } from './json.ts'
import type { State } from './lifecycle.ts'
import type { Note } from './note.ts'
import type { Preview } from './preview.ts'
import type { BreakGlass, Escalation, Leg, Requirement, Source } from './requirement.ts'
import type { RevokedBy } from './revocation.ts'
import type { Behind, Role } from './separation.ts'
import type { StaffFault } from './staff.ts'

/** Why the verdict is what it is when no rule alone explains it. */
export type VerdictCode =
  | 'rules'
  | 'unmatched'
  | 'unknown_action'
  | 'invalid_request'
  | 'no_policy'
  | 'floor'
  | 'owner_left'
  | 'unsatisfiable'
  /** A person has denied the same action of the same agent a short while ago. */
  | 'cooling_down'
  /** Policy allows it, and asks people all the same: it is less than what they were asked about. */
  | 'narrowed'

/** One request under one budget of the policy (docs/policy.md#budgets). */
export interface Counted {
  /** Budget and agent, or budget and entry of the inventory. */
  readonly key: string
  /** In the smallest unit of the currency; null where requests are only counted. */
  readonly amount: number | null
  /** Whether it counts only when policy allows it, or also when people do. */
  readonly of: 'allowed' | 'all'
}

/** What policy said, once, when the request was made. */
export interface Verdict {
  readonly kind: 'allow' | 'deny' | 'require_approval'
  readonly code: VerdictCode
  /** Ids of the rules that decided; empty when no rule matched. */
  readonly rules: readonly string[]
  /** One sentence for each decisive rule, for people: the rule's description. */
  readonly why: readonly { readonly rule: string; readonly says: string }[]
  /** Shown to the agent and to people. */
  readonly message: string | null
  /** Digest of the bundle, or null when none was active. */
  readonly policy: Digest | null
  /** The facts the verdict saw beyond the action itself, so that it can be reproduced. */
  readonly facts: JsonObject
  /** One sentence for each condition that could not be evaluated, and how it was taken (always the stricter way). */
  readonly errors: readonly string[]
  /** Ids of the rules in `mode: observe` that would have applied; they had no effect. */
  readonly observed: readonly string[]
  /** What the request is counted under when it is let through; absent where no budget counts it. */
  readonly counts?: readonly Counted[]
  /** What may lift a denial: present only on `deny`, when every decisive rule says `override: break_glass`. */
  readonly breakGlass: BreakGlass | null
}

interface AgentRef<P> {
  readonly id: string
  readonly name: string
  readonly owner: P
  /** Id of the key that was used. */
  readonly key: string
}

/** A set, and the member of it on whose card a request is decided: another one, or itself. */
interface SetOf {
  readonly id: string
  readonly card: string
}

/** The card of another request that asked the same and waited when this one was asked, and the line on it, from 2 on. */
interface AlikeTo {
  readonly card: string
  readonly line: number
}

/** How we know who the initiator is: by `id_token` an identity provider proves it; the others are the agent's word, or its registration's. */
export type Claim = 'agent_owner' | 'email' | 'slack_user_id' | 'entra_user_id' | 'id_token'

export interface Initiator<P extends PersonId = PersonId> {
  readonly person: P
  readonly claim: Claim
  /** Present where an identity provider said who it is: which one, and when they signed in there (RFC 3339). */
  readonly signedIn?: { readonly issuer: string; readonly at: string }
}

/** What one person said. */
export interface Decision<P extends PersonId = PersonId> {
  readonly person: P
  readonly account: AccountKey
  readonly kind: 'approve' | 'deny'
  /** Needed for a denial; the agent hears it. */
  readonly reason: string | null
  /** The legs the person belonged to at the moment they decided. */
  readonly legs: readonly string[]
  /** The channel it came through, such as `slack`. */
  readonly via: string
  /** What the person typed where the requirement wants texts typed, in its order; empty when it wants none. */
  readonly typed: readonly string[]
  /** Digest of the facts that were rendered for this person (threats: what-you-see). */
  readonly seen: Digest
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
  /** Present once it does not count any more; it stays on record. */
  readonly ended?: Ended
  /** Present on a denial that came after the request had expired: it is kept, and changes nothing of how it ended. */
  readonly late?: true
  /** Who was away, and in whose place they were told of it. For the record: it is one decision, and their own. */
  readonly inPlaceOf?: readonly P[]
}

/**
 * Why an approval does not count any more: its person took it back, or at the moment of release they could not have given
 * it (threats: vote-outlived).
 */
export type Ended =
  | { readonly how: 'withdrawn'; readonly reason: string | null; readonly at: string }
  | { readonly how: 'lapsed'; readonly why: Lapse; readonly at: string }

/** What a directory or our own record definitely says against an approval that was given. */
export type Lapse =
  | { readonly cause: 'not_staff'; readonly fault: StaffFault | 'unknown' }
  | { readonly cause: 'behind'; readonly role: Role }
  /** In none of the sets any more that a leg of theirs may be filled from. */
  | { readonly cause: 'left' }
  /** Another approval that stands is by the same human. */
  | { readonly cause: 'same_person' }

/** An escalation of the requirement that took place: its people have been told, and may now fill `legs`. */
export interface Escalated<P extends PersonId = PersonId> {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
  /** Whoever could not wait, or the time that the policy set. */
  readonly by: P | 'deadline'
  /** Why that person escalated; null for the deadline. */
  readonly reason: string | null
  readonly to: Source
  readonly legs: readonly string[]
  /** Which of the requirement's it is, where somebody chose it before others: left out where that is its place among those that took place. */
  readonly nth?: number
}

/** One person let the action through alone, in an emergency. Open until somebody else has closed the review. */
export interface BrokenGlass<P extends PersonId = PersonId> {
  readonly person: P
  readonly account: AccountKey
  readonly reason: string
  /** RFC 3339, UTC, milliseconds; all of them. */
  readonly at: string
  /** The channel it came through, such as `slack`. */
  readonly via: string
  readonly reviewBy: string
  readonly review: Review<P> | null
}

/** What somebody else found when they looked at a broken glass. */
export interface Review<P extends PersonId = PersonId> {
  readonly person: P
  readonly account: AccountKey
  readonly note: string
  readonly at: string
}

/** An approver lowered what a request asked, which ended it. */
export interface Narrowed<P extends PersonId = PersonId> {
  readonly person: P
  readonly account: AccountKey
  /** The request that asks for less. */
  readonly to: string
  /** Why; null when they did not say. */
  readonly reason: string | null
}

/** That a request was erased: when, and by which entry of the ledger. */
export interface Erased {
  readonly at: string
  readonly entry: string
  /** What `digest` is now: `salted`, as in its entries; or `plain`, of one whose entries have the digest itself. */
  readonly digest: 'salted' | 'plain'
}

/** One attempt to perform one action; the thing with a lifecycle. It names people as they were when each thing was written. */
export interface ActionRequest extends RequestOf<PersonId> {
  /** So that a request with people of today is no record, and cannot be written. */
  readonly renamed?: never
}

/** A request with its people as we know them now: for judging and showing, never for writing. */
export interface CurrentRequest extends RequestOf<CurrentPerson> {
  /** By the id in the record that was given up since: who that is now. Empty for nearly every request. */
  readonly renamed: ReadonlyMap<PersonId, CurrentPerson>
}

/** Either of them, for whoever looks at no people. */
export type AnyRequest = ActionRequest | CurrentRequest

interface RequestOf<P extends PersonId> {
  readonly id: string
  /** Grows by one with every change; every write names the version it was computed from. */
  readonly version: number
  readonly state: State
  readonly action: Action
  readonly digest: Digest
  /** The catalogue's effect class (`read`, `write`, `admin`), or null for an action it does not know. */
  readonly effect: string | null
  readonly agent: AgentRef<P>
  readonly initiator: Initiator<P>
  readonly behind: readonly Behind<P>[]
  /** The agent's own words: never checked, never trusted. */
  readonly reason: string | null
  readonly run: Run | null
  readonly verdict: Verdict
  /**
   * Present exactly when people can do something: the verdict asked for them, or it is a denial that break-glass may
   * lift. The latter has no legs, so that it can never be approved; only its glass can be broken.
   */
  readonly requirement: Requirement | null
  readonly decisions: readonly Decision<P>[]
  /** As they took place. */
  readonly escalations: readonly Escalated<P>[]
  /** What was said about it while it was pending, in order; left out where nothing was. */
  readonly notes?: readonly Note<P>[]
  readonly brokenGlass: BrokenGlass<P> | null
  /** One sentence on how it ended, for the agent; null while pending. `outcomeOf` has it for machines. */
  readonly outcome: string | null
  /** Present on one that expired before any channel is known to have reached anybody. */
  readonly unreached?: true
  /** Present on one that policy denied at the moment of release; `verdict` is still the one of the asking. */
  readonly overruled?: true
  /** Present on one that was cancelled because its agent, or one that it was asked through, was revoked, and not by the agent. */
  readonly agentRevoked?: true
  /** Present on one that was approved and then taken back: by whom, or by what. */
  readonly revokedBy?: RevokedBy
  /** Present on one that was given up as unreported: when that was, which may be long after somebody should have said how it ended. */
  readonly unreportedAt?: string
  /** Present once its grant has been minted. */
  readonly grant?: Grant
  /** What was reported of its execution, in order; left out while nothing was. */
  readonly executions?: readonly Execution[]
  /** Present on one that was asked instead of another, for which people had asked for changes: that one. */
  readonly revises?: string
  /** Present on one that was cancelled because its agent asked another instead: that one. */
  readonly revisedBy?: string
  /** Present on one that an approver made by lowering what another asked: that other one. */
  readonly narrows?: string
  /** Present on one that was denied because an approver lowered what it asked: by whom, and what is asked instead. */
  readonly narrowed?: Narrowed<P>
  /** Present on a rollback: the request whose execution it undoes. */
  readonly rollsBack?: string
  /** What people were told that it would touch; left out where nobody was asked for it. For people: its agent never sees it. */
  readonly preview?: Preview
  /** Present on what was asked together with others, by one commit. */
  readonly set?: SetOf
  /** Present on one that shares the card of another, because its agent asked the same again while that waited; the commit says so. */
  readonly alike?: AlikeTo
  /** Present on one that was cancelled because what it would undo ended without being done. */
  readonly withFirst?: true
  /** Where the agent wants to hear of it (docs/webhooks.md). */
  readonly callbackUrl?: string
  /** 16 random bytes in base64, by which its digest stands in the ledger; left out of one from before salts, and once it was erased. */
  readonly salt?: string
  /** Present once what it asked and what was said about it were erased; it never changes any more. */
  readonly erased?: Erased
  readonly idempotencyKey: string
  /** Digest of the body as parsed, to tell a retry from a different request under the same key. */
  readonly bodyDigest: Digest
  /** RFC 3339, UTC, milliseconds; all of them. */
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly settledAt: string | null
}

/**
 * The legs as they stand now: what was asked for, with the people of every escalation that took place added to the
 * legs it opens. Who is asked for grows; how many are needed never shrinks.
 */
export function effectiveLegs(request: Pick<ActionRequest, 'requirement' | 'escalations'>): readonly Leg[] {
  return widened(request.requirement?.legs ?? [], request.escalations)
}

/** Legs with the people of these escalations added to those they open, each address once. */
export function widened(
  legs: readonly Leg[],
  escalations: readonly Pick<Escalation, 'to' | 'legs'>[],
): readonly Leg[] {
  return legs.map((leg) => {
    const more = escalations.filter((one) => one.legs.includes(leg.name)).map((one) => one.to)
    const all = [...leg.from, ...more]
    const from = all.filter(({ address }, at) => all.findIndex((one) => one.address === address) === at)
    return { ...leg, from }
  })
}
