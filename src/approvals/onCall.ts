import type { OnCallNow } from '../card/view.ts'
import type { AccountKey } from '../core/identity.ts'
import type { OnCallList, OnCallSource } from '../core/requirement.ts'
import type { OnCallLink } from './records.ts'

/** One person's turn, as the provider says it. */
export interface Shift {
  /** The provider's id of its user. */
  readonly user: string
  /** As the provider has it; null where it does not say. */
  readonly email: string | null
  /** Id of the schedule; null where an escalation policy names the person itself. */
  readonly schedule: string | null
  /** RFC 3339; null: for good. */
  readonly start: string | null
  /** RFC 3339; null: no end is known. */
  readonly end: string | null
}

/**
 * Who is on call. `unavailable` is not `nobody`: where nobody can be asked, requests wait; where nobody is on call, nobody
 * waits for them.
 */
export type OnCallAnswer =
  | { readonly is: 'people'; readonly shifts: readonly Shift[] }
  | { readonly is: 'nobody' }
  /** In words for people, as the rest of a sentence: `PagerDuty did not answer within 3 seconds`. */
  | { readonly is: 'unavailable'; readonly why: string }

/** A service that knows who is on call. */
export interface OnCall {
  /**
   * Everybody of the list at that moment (RFC 3339), each once. It never rejects, answers within 3.5 seconds, and says
   * `unavailable` of whatever it does not know for certain, above all of half an answer.
   */
  people(list: OnCallList, asOf: string): Promise<OnCallAnswer>
}

/** Somebody's turn, as it was seen when they were judged by it: for the record. */
export interface Duty {
  readonly provider: OnCallList['provider']
  /** Schedule and escalation policy as far as they are named, and the provider's id of its user. */
  readonly schedule: string | null
  readonly escalationPolicy: string | null
  readonly level: number
  readonly user: string
  /** RFC 3339; null: for good, or no end known. */
  readonly start: string | null
  readonly end: string | null
  /** When the provider was asked. */
  readonly asked: string
}

/** Whoever of a group is on call, and is somebody whom we know for certain. */
export interface KnownOnCall {
  /** For showing: at most a minute old. */
  now(source: OnCallSource): Promise<OnCallNow>
  /**
   * The turn by which an account counts now, or null when it does not: at most ten seconds old.
   *
   * @throws DirectoryFault when that cannot be known; an `OnCallFault` when it is the service that does not say
   */
  duty(source: OnCallSource, account: AccountKey): Promise<Duty | null>
}

/** Who the users of such services are here. */
export interface OnCallLinkReader {
  /** By provider and the id of its user (`pagerduty:PABC123`). */
  onCallLink(id: string): Promise<OnCallLink | null>
  /** All of them, in the order of their ids. */
  onCallLinks(): Promise<readonly OnCallLink[]>
}

/** Where no service is configured. */
export const noOnCall: OnCall = {
  people: async () => ({
    is: 'unavailable',
    why: 'nothing is configured that knows who is on call (PAGERDUTY_TOKEN)',
  }),
}
