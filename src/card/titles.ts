import type { CurrentPerson } from '../core/identity.ts'
import type { State } from '../core/lifecycle.ts'
import type { AnyRequest } from '../core/request.ts'
import type { Facts } from './facts.ts'
import type { RequestView } from './view.ts'

/** `Approval needed: db.export`, in its two parts. */
export interface Title {
  /** Our words. */
  readonly says: string
  /** The action's name, revealed: from outside. */
  readonly action: string
}

export function titleOf(request: AnyRequest, facts: Facts): Title {
  return { says: titleOfState(request), action: facts.name }
}

/** What is said first of a request, by state. Our words, never the agent's. */
const titles = {
  pending: 'Approval needed',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Cancelled',
  executing: 'Running',
  lapsed: 'Approved, but not used in time',
  revoked: 'Revoked',
  succeeded: 'Done',
  failed: 'Failed',
  unreported: 'Run, but not reported',
} as const satisfies Record<State, string>

/** The state of a request as its card and its listings call it. */
export function titleOfState(request: AnyRequest): string {
  if (isLiftable(request)) return 'Denied by policy'
  if (isUnderReview(request)) return `Glass broken, review open (${titles[request.state].toLowerCase()})`
  return titles[request.state]
}

/** True for a denial by policy that somebody may still lift by breaking the glass; nobody is asked to approve it. */
export function isLiftable(request: AnyRequest): boolean {
  return request.state === 'pending' && request.verdict.kind === 'deny'
}

/** True from the moment that somebody broke the glass until somebody else has closed the review. */
export function isUnderReview(request: AnyRequest): boolean {
  return request.brokenGlass !== null && request.brokenGlass.review === null
}

/** Whoever's word ended the asking, each person once; nobody when it expired or was cancelled. */
export function decidersOf({ request }: RequestView): readonly CurrentPerson[] {
  if (request.brokenGlass) return [request.brokenGlass.person]
  if (request.state === 'expired' || request.state === 'cancelled') return []
  const kind = request.state === 'denied' ? 'deny' : 'approve'
  const people = request.decisions
    .filter((decision) => decision.kind === kind && !decision.ended)
    .map(({ person }) => person)
  return [...new Set(people)]
}
