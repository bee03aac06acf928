import { ownAttempts } from './ownAttempts.ts'
import type { Query } from './query.ts'

/** A number of the period: how many entries are meant. */
export interface Measure {
  readonly id: string
  readonly says: string
  readonly count: Query
}

const decided = (kind: string): Query => ({
  types: ['decision.made'],
  where: [{ path: 'data.kind', is: [kind] }],
})
const of = (...types: Query['types'][number][]): Query => ({ types })

/** What is counted in a period. A control names those that show it. */
export const measures = [
  { id: 'asked', says: 'requests that were made', count: of('request.submitted') },
  {
    id: 'allowed',
    says: 'requests that policy allowed by itself',
    count: { types: ['request.submitted'], where: [{ path: 'data.verdict.kind', is: ['allow'] }] },
  },
  {
    id: 'denied_by_policy',
    says: 'requests that policy denied',
    count: { types: ['request.denied'], where: [{ path: 'actor.kind', is: ['policy'] }] },
  },
  {
    id: 'approved_by_people',
    says: 'requests that people approved',
    count: { types: ['request.approved'], where: [{ path: 'actor.kind', is: ['person'] }] },
  },
  {
    id: 'denied_by_people',
    says: 'requests that people denied',
    count: { types: ['request.denied'], where: [{ path: 'actor.kind', is: ['person'] }] },
  },
  {
    id: 'narrowed',
    says: 'requests that an approver narrowed: another asked for less',
    count: of('request.narrowed'),
  },
  { id: 'expired', says: 'requests that expired: nobody decided in time', count: of('request.expired') },
  { id: 'approvals', says: 'approvals by people', count: decided('approve') },
  { id: 'denials', says: 'denials by people', count: decided('deny') },
  {
    id: 'ended_approvals',
    says: 'approvals that ended before they counted',
    count: of('decision.lapsed', 'decision.withdrawn'),
  },
  { id: 'refused_attempts', says: 'attempts of people that were refused', count: of('decision.refused') },
  {
    id: 'own_attempts',
    says: 'attempts of people to let through what they are behind, all refused',
    count: ownAttempts,
  },
  { id: 'glasses', says: 'broken glasses', count: of('glass.broken') },
  { id: 'reviews', says: 'reviews of broken glasses that were closed', count: of('review.closed') },
  { id: 'overdue', says: 'reviews of broken glasses that were overdue', count: of('review.overdue') },
  { id: 'granted', says: 'grants that were issued', count: of('grant.issued') },
  { id: 'redeemed', says: 'grants that were redeemed', count: of('grant.redeemed') },
  {
    id: 'grants_refused',
    says: 'uses of grants that were refused',
    count: of('grant.refused', 'grant.replayed', 'grant.mismatched', 'token.refused'),
  },
  { id: 'lapsed', says: 'approvals that nobody used in time', count: of('request.lapsed') },
  { id: 'revoked', says: 'approvals that were taken back', count: of('request.revoked') },
  { id: 'reported', says: 'reports of what was done', count: of('execution.reported') },
  { id: 'unreported', says: 'executions that nobody reported the end of', count: of('request.unreported') },
  { id: 'deviated', says: 'reports of what was not done as approved', count: of('execution.deviated') },
  {
    id: 'unapproved',
    says: 'reports of what was done without an approval, or without its grant',
    count: {
      types: ['execution.deviated'],
      where: [{ path: 'data.kinds', is: ['not_approved', 'not_redeemed'] }],
    },
  },
  {
    id: 'rollbacks',
    says: 'requests that undo what an earlier one did',
    count: { types: ['request.submitted'], where: [{ path: 'data.rolls_back' }] },
  },
  { id: 'credentials', says: 'credentials that were issued at targets', count: of('lease.issued') },
  { id: 'credentials_ended', says: 'credentials that were ended', count: of('lease.ended') },
  { id: 'credentials_out', says: 'credentials that could not be taken back', count: of('lease.expires') },
  { id: 'policies', says: 'policies that were activated', count: of('policy.activated') },
  { id: 'policies_refused', says: 'approved policies that were not activated', count: of('policy.refused') },
  { id: 'agents_added', says: 'agents that were added', count: of('agent.added') },
  {
    id: 'agents_changed',
    says: 'agents that got a new key, owner, limit or tags',
    count: of('agent.rotated', 'agent.transferred', 'agent.paced', 'agent.tagged'),
  },
  { id: 'agents_revoked', says: 'agents that were revoked', count: of('agent.revoked') },
  {
    id: 'operators',
    says: 'keys of operators that were granted, used or revoked',
    count: of('operator.granted', 'operator.acted', 'operator.revoked'),
  },
  {
    id: 'auditor_keys',
    says: 'keys of auditors that were granted or revoked',
    count: of('auditor.granted', 'auditor.revoked'),
  },
  {
    id: 'auditors_read',
    says: 'times that an auditor began to read the ledger; what one key asks for within an hour is one of them',
    count: of('auditor.read'),
  },
  { id: 'erased', says: 'erasures from the record', count: of('record.erased') },
  {
    id: 'erasures_refused',
    says: 'erasures that were asked for and not carried out',
    count: of('erasure.refused'),
  },
  {
    id: 'retained',
    says: 'times that values older than the retention were emptied',
    count: of('retention.applied'),
  },
  {
    id: 'anchors_disputed',
    says: 'times that an anchor held something that does not fit the ledger',
    count: of('anchor.disputed'),
  },
  {
    id: 'claims_disowned',
    says: 'claims that people said were not theirs',
    count: of('confirmation.disowned'),
  },
  {
    id: 'people_changed',
    says: 'changes of who is who',
    count: of('person.added', 'person.linked', 'person.unlinked'),
  },
  {
    id: 'signing_keys',
    says: 'changes of signing keys',
    count: of('key.created', 'key.activated', 'key.retired', 'key.erased', 'secret.rotated'),
  },
  {
    id: 'ledger_gaps',
    says: 'times that the ledger went on from a restored backup, so that something is lost',
    count: of('ledger.resumed'),
  },
  { id: 'stops', says: 'stops that were made', count: of('stop.made') },
  { id: 'stopped', says: 'what agents were refused because of a stop', count: of('stop.refused') },
  { id: 'resumed', says: 'stops that others agreed to resume', count: of('stop.resumed') },
  {
    id: 'alarms',
    says: 'alarms that were sent',
    count: of('alarm.sent', 'attempts.alarmed', 'claims.alarmed'),
  },
  {
    id: 'webhooks',
    says: 'changes of who is told what happens',
    count: of('webhook.added', 'webhook.rotated', 'webhook.removed'),
  },
  {
    id: 'webhooks_dead',
    says: 'messages to webhooks that were given up',
    count: of('webhook.dead'),
  },
  {
    id: 'resources_changed',
    says: 'resources that were registered, got a new key or were revoked',
    count: of('resource.added', 'resource.rotated', 'resource.revoked'),
  },
] as const satisfies readonly Measure[]

export type MeasureId = (typeof measures)[number]['id']
