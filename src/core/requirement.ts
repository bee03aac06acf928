import type { Way } from './ways.ts'

/** How long the agent has for its grant, and what it gets (docs/grants.md#times). */
export interface GrantTerms {
  /** It may be asked for within so many seconds after the approval. */
  readonly withinSeconds: number
  /** The token lives so long; `longestGrantSeconds` at most, whatever stands here. */
  readonly ttlSeconds: number
  /** Always 1. */
  readonly uses: number
}

/** Where eligible people come from, already looked up in the bundle's directory, so that it holds for life. */
export type Source = NamedSource | OnCallSource

/** A group or a person of a channel's directory. */
export interface NamedSource {
  /** As policy wrote it: `group:security`, `user:lee`, `owner`, `owner(destination)`. */
  readonly ref: string
  readonly kind: 'group' | 'account'
  /** For the directory of a channel: `slack:S0SEC`, `slack:U012AB3CD`. */
  readonly address: string
  /** By which a message calls it, where another directory says who is in it. It says of nobody that they are. */
  readonly mention?: string
}

/** Whoever of a group is on call now. */
export interface OnCallSource {
  /** As policy wrote it: `oncall:platform`. */
  readonly ref: string
  readonly kind: 'oncall'
  /** List and group in one text, such as `pagerduty:schedule:PPLAT:1:slack:S0PLAT`: two of one address are the same people. */
  readonly address: string
  readonly list: OnCallList
  /** Nobody outside this group counts, whoever is on call. */
  readonly within: NamedSource
}

/** What a provider is asked for. */
export interface OnCallList {
  readonly provider: 'pagerduty'
  readonly of: 'schedule' | 'escalation_policy'
  /** The provider's own. */
  readonly id: string
  /** Of the escalation policy, from 1. */
  readonly level: number
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
  readonly grant: GrantTerms
  readonly notify: {
    /** Address of the conversation, such as `slack:C0DATA`; several when several rules fired. */
    readonly channels: readonly string[]
    /** Seconds after submission, ascending, all before expiry. */
    readonly remindAfterSeconds: readonly number[]
    /** One of those comes so long before expiry; left out where policy wants no such warning. */
    readonly warnBeforeSeconds?: number
  }
  /** What each approver has to write; null when nothing. */
  readonly reason: ReasonDemand | null
  /** Texts each approver has to type, letter by letter, one after another; empty when none. */
  readonly confirm: readonly string[]
  /** Ascending, all before expiry. */
  readonly escalate: readonly Escalation[]
  /** A proof of presence is needed besides the click. */
  readonly stepUp: boolean
  /** How a decision may come to count; left out: on the card and in its thread. */
  readonly via?: readonly Way[]
  /** The second path on the same request, where every decisive rule offers it. */
  readonly breakGlass: BreakGlass | null
}

/** Policy on a reason that a person gives: characters after trimming, and RE2 patterns that must all be found in it. */
export interface ReasonDemand {
  readonly minLength: number
  readonly patterns: readonly string[]
  /** What each pattern asks for, in words and in their order; null for one without. Left out when none has any. */
  readonly hints?: readonly (string | null)[]
}

/** What each pattern asks for, as people are told; the pattern itself where policy has no words for it. */
export function wordsOf({ patterns, hints }: ReasonDemand): readonly string[] {
  return patterns.map((pattern, nth) => hints?.[nth] ?? `It has to match ${pattern}`)
}

/** After so many seconds without a decision, more people are told and may help. It removes nobody. */
export interface Escalation {
  readonly afterSeconds: number
  readonly to: Source
  /**
   * Names of the legs that `to` may then fill. Legs that another rule asked for without this escalation are not among
   * them, so that one rule cannot widen what another one asks; it may be empty, and `to` is then only told.
   */
  readonly legs: readonly string[]
}

/** How named people may let the action through alone, in an emergency: at once, briefly, told to Security, reviewed. */
export interface BreakGlass {
  /** Any one of them, not behind the action. */
  readonly who: readonly Source[]
  readonly reason: ReasonDemand
  readonly stepUp: boolean
  readonly grant: GrantTerms
  /** Addresses that are told at once: conversations and groups. */
  readonly notify: readonly string[]
  /** Somebody else has to close the review within so many seconds. */
  readonly reviewWithinSeconds: number
}
