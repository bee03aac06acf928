import type { State } from '../core/lifecycle.ts'
import type { Entry, EntryType } from '../ledger/entry.ts'

/** What is told outside of an entry. `state` is the one that its request is in from then on; null where it stays as it was. */
interface Event {
  readonly type: string
  readonly state: State | null
}

/** Where it hangs on what the entry says: every type that it may be, and which it is. */
interface Depends {
  readonly types: readonly string[]
  readonly of: (entry: Entry) => Event | null
}

type Teller = Event | Depends | null

const becomes = (state: State, type: string): Event => ({ type, state })
const tells = (type: string): Event => ({ type, state: null })

/** The state that a report brought, as its entry says. */
const endIn = (moved: unknown): State | null => (moved === 'succeeded' || moved === 'failed' ? moved : null)

/**
 * Which kind of entry is which event, for whoever follows a request and for webhooks (docs/webhooks.md#events). A name is never
 * changed. What is null is nobody's outside: how people are reached and who may do what.
 */
const tellers = {
  // What policy settled at once was asked of nobody: only how it ended is told.
  'request.submitted': {
    types: ['approval.requested'],
    of: ({ data }) => (data.expires_at === null ? null : becomes('pending', 'approval.requested')),
  },
  'request.approved': becomes('approved', 'approval.approved'),
  'request.denied': becomes('denied', 'approval.denied'),
  'request.narrowed': becomes('denied', 'approval.narrowed'),
  'request.expired': becomes('expired', 'approval.expired'),
  'request.cancelled': becomes('cancelled', 'approval.cancelled'),
  'request.revoked': becomes('revoked', 'approval.revoked'),
  'request.lapsed': becomes('lapsed', 'approval.lapsed'),
  'request.unreported': becomes('unreported', 'execution.unreported'),
  'request.escalated': tells('approval.escalated'),
  'note.written': tells('note.written'),
  'decision.made': null,
  'decision.refused': null,
  'decision.lapsed': null,
  'decision.withdrawn': null,
  'glass.broken': tells('glass.broken'),
  'attempts.alarmed': null,
  'claims.alarmed': null,
  'alarm.sent': null,
  'review.overdue': tells('review.overdue'),
  'review.closed': tells('review.closed'),
  'grant.issued': tells('grant.issued'),
  'grant.repeated': null,
  'grant.refused': null,
  'grant.redeemed': becomes('executing', 'grant.redeemed'),
  'grant.replayed': tells('grant.replay_detected'),
  'grant.mismatched': tells('grant.mismatch_detected'),
  'token.refused': null,
  'redemption.repeated': null,
  'execution.reported': {
    types: ['execution.reported'],
    of: ({ data }) => ({ type: 'execution.reported', state: endIn(data.moved_to) }),
  },
  'execution.deviated': tells('execution.deviation_detected'),
  'record.erased': null,
  'erasure.refused': null,
  'retention.applied': null,
  'card.posted': null,
  'card.listed': null,
  // For people: the agent asks, and is not to learn how large what it may not see is.
  'preview.made': null,
  'preview.missed': null,
  'channel.failed': null,
  'reminder.sent': null,
  'agent.added': null,
  'agent.rotated': null,
  'agent.transferred': null,
  'agent.revoked': null,
  'agent.limited': null,
  'agent.paced': null,
  'agent.tagged': null,
  'person.added': null,
  'person.linked': null,
  'person.unlinked': null,
  'parting.refused': null,
  'oncall.linked': null,
  'oncall.differs': null,
  'oncall.unlinked': null,
  'account.changed': null,
  'delegation.started': null,
  'delegation.ended': null,
  'confirmation.asked': null,
  'confirmation.given': null,
  'confirmation.refused': null,
  'confirmation.disowned': null,
  'confirmation.lapsed': null,
  'lease.issued': null,
  'lease.ended': null,
  'lease.expires': null,
  'operator.granted': null,
  'operator.acted': null,
  'operator.revoked': null,
  'auditor.granted': null,
  'auditor.read': null,
  'auditor.revoked': null,
  'approver.granted': null,
  'approver.revoked': null,
  'resource.added': null,
  'resource.rotated': null,
  'resource.revoked': null,
  'stop.made': null,
  'stop.resumed': null,
  'stop.refused': null,
  'resume.refused': null,
  'policy.activated': null,
  'policy.refused': null,
  'shadow.started': null,
  'shadow.ended': null,
  'key.created': null,
  'key.activated': null,
  'key.retired': null,
  'key.erased': null,
  'secret.rotated': null,
  'channel.connected': null,
  'channel.disconnected': null,
  'ledger.resumed': null,
  'anchor.disputed': null,
  'webhook.added': null,
  'webhook.rotated': null,
  'webhook.removed': null,
  'webhook.dead': null,
  'webhook.replayed': null,
} as const satisfies Record<EntryType, Teller>

/** The event that an entry is, or null when it is none: also when it is about no request. */
export function eventOf(entry: Entry): Event | null {
  const teller: Teller = tellers[entry.type]
  if (entry.request === null) return null
  return teller !== null && 'of' in teller ? teller.of(entry) : teller
}

/** Every type that there is. */
export const eventTypes: readonly string[] = Object.values<Teller>(tellers).flatMap((teller) =>
  teller === null ? [] : 'types' in teller ? teller.types : [teller.type],
)
