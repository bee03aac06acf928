import type { Action, Digest } from './action.ts'
import type { AccountKey, PersonId } from './identity.ts'
import type { JsonObject } from './json.ts'
import type { State } from './lifecycle.ts'
import type { Agreement, Quorum } from './quorum.ts'
import { quorum } from './quorum.ts'
import type { Behind } from './separation.ts'

/** Where eligible people come from, already looked up in the bundle's directory, so that it holds for life. */
export interface Source {
  /** As policy wrote it: `group:security`, `user:lee`, `owner`. */
  readonly ref: string
  readonly kind: 'group' | 'account'
  /** For the directory of a channel: `slack:S0SEC`, `slack:U012AB3CD`. */
  readonly address: string
}

/** One line of a requirement: `count` people from one set. */
export interface Leg {
  readonly name: string
  readonly from: readonly Source[]
  readonly count: number
}

/** Who must agree, how many, by when; fixed when the request is made and never changed. */
export interface Requirement {
  readonly legs: readonly Leg[]
  readonly denyCount: number
  readonly expiresInSeconds: number
  readonly grant: { readonly ttlSeconds: number; readonly uses: number }
  readonly notify: {
    /** Address of the conversation, such as `slack:C0DATA`; several when several rules fired. */
    readonly channels: readonly string[]
    /** Seconds after submission, ascending, all before expiry. */
    readonly remindAfterSeconds: readonly number[]
  }
}

/** Why the verdict is what it is when no rule alone explains it. */
export type VerdictCode =
  | 'rules'
  | 'unmatched'
  | 'unknown_action'
  | 'invalid_request'
  | 'no_policy'
  | 'floor'
  | 'unsatisfiable'

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
}

export interface AgentRef {
  readonly id: string
  readonly name: string
  readonly owner: PersonId
  /** Id of the key that was used. */
  readonly key: string
}

/** How we know who the initiator is. */
export type Claim = 'agent_owner' | 'email' | 'slack_user_id'

/** What one person said. */
export interface Decision {
  readonly person: PersonId
  readonly account: AccountKey
  readonly kind: 'approve' | 'deny'
  /** Needed for a denial; the agent hears it. */
  readonly reason: string | null
  /** The legs the person belonged to at the moment they decided. */
  readonly legs: readonly string[]
  /** The channel it came through, such as `slack`. */
  readonly via: string
  /** Digest of the facts that were rendered for this person (threats: what-you-see). */
  readonly seen: Digest
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

/** One attempt to perform one action; the thing with a lifecycle. */
export interface ActionRequest {
  readonly id: string
  /** Grows by one with every change; every write names the version it was computed from. */
  readonly version: number
  readonly state: State
  readonly action: Action
  readonly digest: Digest
  /** The catalogue's effect class (`read`, `write`, `admin`), or null for an action it does not know. */
  readonly effect: string | null
  readonly agent: AgentRef
  readonly initiator: { readonly person: PersonId; readonly claim: Claim }
  readonly behind: readonly Behind[]
  /** The agent's own words: never checked, never trusted. */
  readonly reason: string | null
  readonly run: { readonly model?: string; readonly session?: string; readonly url?: string } | null
  readonly verdict: Verdict
  /** Present exactly when the verdict asked for people. */
  readonly requirement: Requirement | null
  readonly decisions: readonly Decision[]
  /** One sentence on how it ended, for the agent; null while pending. */
  readonly outcome: string | null
  readonly idempotencyKey: string
  /** Digest of the body as parsed, to tell a retry from a different request under the same key. */
  readonly bodyDigest: Digest
  /** RFC 3339, UTC, milliseconds; all of them. */
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly settledAt: string | null
}

/**
 * Who has agreed so far, matched to the legs. Null when nobody had to be asked. `today` says who a person is now, for
 * people who turned out to be one after they decided.
 */
export function standing(
  request: ActionRequest,
  today: (person: PersonId) => PersonId = (one) => one,
): Quorum | null {
  if (!request.requirement) return null
  const agreements: Agreement[] = request.decisions
    .filter((decision) => decision.kind === 'approve')
    .map((decision) => ({ person: today(decision.person), legs: decision.legs }))
  return quorum(request.requirement.legs, agreements)
}
