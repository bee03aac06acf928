import type { Deviation } from '../core/execution.ts'
import type { CurrentPerson } from '../core/identity.ts'
import type { State } from '../core/lifecycle.ts'
import { type OutcomeCode, outcomeOf } from '../core/outcome.ts'
import { deviationOf, isPastApproval } from '../core/progress.ts'
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

export function titleOf(request: AnyRequest, facts: Facts, held?: RequestView['held']): Title {
  return { says: titleOfState(request, held), action: facts.name }
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

/** Ends that their state alone would mix up with another one. */
const titlesOfEnds: Readonly<Partial<Record<OutcomeCode, string>>> = {
  narrowed: 'Denied, because it was narrowed',
  cooling_down: 'Denied again, without asking',
  denied_by_policy: 'Denied by policy',
  nobody_can: 'Denied, because nobody could agree',
  nobody_reachable: 'Expired, because nobody was reached',
  revised: 'Cancelled, because it was revised',
  agent_revoked: 'Cancelled, because its agent was revoked',
  nothing_to_undo: 'Cancelled, because what it would undo was not done',
  denial_stands: 'Expired, still denied by policy',
}

/** The state of a request as its card and its listings call it; of one that a stop holds, that. */
export function titleOfState(request: AnyRequest, held?: RequestView['held']): string {
  if (held) return 'On hold, stopped'
  if (isLiftable(request)) return `Denied by policy${otherwise(request)}`
  if (isUnderReview(request))
    return `Glass broken, review open (${titles[request.state].toLowerCase()}${otherwise(request)})`
  return `${titleOfEnd(request)}${otherwise(request)}`
}

/** How the asking ended, whatever has become of the approval since. */
export function titleOfAsking(request: AnyRequest): string {
  return isPastApproval(request.state) ? titles.approved : titleOfEnd(request)
}

function titleOfEnd(request: AnyRequest): string {
  const outcome = outcomeOf(request)
  return (outcome && titlesOfEnds[outcome]) ?? titles[request.state]
}

/** That it was not done as approved, or that it was done at all: whoever reads no more than a title sees it. */
function otherwise({ executions }: AnyRequest): string {
  const deviation = deviationOf(executions)
  return deviation ? deviates[deviation.kind] : ''
}

const deviates = {
  not_approved: '; reported as run',
  not_redeemed: '; reported as run',
  field: ', not as approved',
  contradiction: '; reports contradict',
} as const satisfies Record<Deviation['kind'], string>

/** True for a denial by policy that somebody may still lift by breaking the glass; nobody is asked to approve it. */
export function isLiftable(request: AnyRequest): boolean {
  return request.state === 'pending' && request.verdict.kind === 'deny'
}

/** True from the moment that somebody broke the glass until somebody else has closed the review. */
export function isUnderReview(request: AnyRequest): boolean {
  return request.brokenGlass !== null && request.brokenGlass.review === null
}

/** Denials that came after the request had expired. */
export function lateDenials({ request }: RequestView): RequestView['request']['decisions'] {
  return request.decisions.filter(({ late }) => late)
}

/** Everybody whose approval stands, or who let it through alone. */
export function approversOf({ request }: RequestView): readonly CurrentPerson[] {
  const voted = request.decisions.filter(({ kind, ended }) => kind === 'approve' && !ended)
  const glass = request.brokenGlass ? [request.brokenGlass.person] : []
  return [...new Set([...glass, ...voted.map(({ person }) => person)])]
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
