import type { AnyRequest } from './request.ts'

/**
 * How the asking ended, for machines: what a state alone does not tell. A code is never renamed or given another meaning.
 * docs/api.md has a line for each (a test compares them).
 */
export const outcomeCodes = [
  /** Policy allowed it; nobody was asked. */
  'allowed',
  /** Everybody who was needed agreed. */
  'approved',
  /** One person let it through in an emergency. */
  'glass_broken',
  /** A person said no, with a reason. */
  'denied',
  /** An approver asked for less instead: another request, which `narrowed_to` names. */
  'narrowed',
  /** A person denied exactly the same a short while ago; nobody was asked again. */
  'cooling_down',
  /** Policy denied it: at once, and nobody was asked; or when people would have released it, by what it says since. */
  'denied_by_policy',
  /** Policy asks people, and nobody who is not behind the action could agree. */
  'nobody_can',
  /** People were asked, and not enough of them agreed before the deadline. */
  'timed_out',
  /** People were to be asked, and no channel is known to have reached anybody before the deadline. */
  'nobody_reachable',
  /** Policy denied it, and nobody lifted that in time. */
  'denial_stands',
  /** The agent cancelled it. */
  'cancelled',
  /** The agent asked another instead, because people had asked for changes. */
  'revised',
  /** Its agent was revoked while it waited, so it was cancelled. */
  'agent_revoked',
  /** It was to undo what ended without being done, so nobody needed it any more. */
  'nothing_to_undo',
] as const

export type OutcomeCode = (typeof outcomeCodes)[number]

/** Null while it is not over. What follows an approval changes nothing of how the asking ended. */
export function outcomeOf(
  request: Pick<
    AnyRequest,
    | 'state'
    | 'verdict'
    | 'brokenGlass'
    | 'unreached'
    | 'overruled'
    | 'agentRevoked'
    | 'withFirst'
    | 'revisedBy'
    | 'narrowed'
  >,
): OutcomeCode | null {
  const { state, verdict, brokenGlass, unreached, overruled } = request
  const byPolicy = verdict.kind === 'deny'
  if (state === 'pending') return null
  if (state === 'cancelled' && request.withFirst) return 'nothing_to_undo'
  if (state === 'cancelled' && request.revisedBy !== undefined) return 'revised'
  if (state === 'cancelled') return request.agentRevoked ? 'agent_revoked' : 'cancelled'
  if (state === 'expired') return byPolicy ? 'denial_stands' : unreached ? 'nobody_reachable' : 'timed_out'
  if (state === 'denied' && request.narrowed) return 'narrowed'
  if (state === 'denied' && overruled) return 'denied_by_policy'
  if (state === 'denied') {
    if (!byPolicy) return 'denied'
    if (verdict.code === 'cooling_down') return 'cooling_down'
    return verdict.code === 'unsatisfiable' ? 'nobody_can' : 'denied_by_policy'
  }
  if (brokenGlass) return 'glass_broken'
  return verdict.kind === 'allow' ? 'allowed' : 'approved'
}
