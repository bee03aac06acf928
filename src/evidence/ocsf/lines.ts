import type { Entry, EntryType } from '../../ledger/entry.ts'
import { isOwnAttempt } from '../ownAttempts.ts'
import type { ClassName, Disposition, Severity, Status } from './words.ts'

/** How an entry is told in OCSF. */
export interface OcsfLine {
  readonly class: ClassName
  /** A number of the class; or our own word for it, which is told as 99, Other. */
  readonly activity: number | string
  readonly severity: Severity
  readonly status?: Status
  readonly control?: Disposition
  /** Where the version has a class for people and agents (1.9.0), it is that one, with this activity. */
  readonly user?: number
}

/** It hangs on what the entry says; `lines` are all that it may be. */
interface Depends {
  readonly of: (data: Entry['data']) => OcsfLine
  readonly lines: readonly { readonly when: string; readonly line: OcsfLine }[]
}

type Told = OcsfLine | Depends

type More = Partial<Omit<OcsfLine, 'class' | 'activity'>>

const made =
  (of: ClassName) =>
  (activity: number | string, more: More = {}): OcsfLine => ({
    class: of,
    activity,
    severity: 'informational',
    ...more,
  })

/** What becomes of a request: an API call that this control judges. The verb of the action is nothing that an entry establishes, so it is 99. */
const api = made('api')
/** A right to act once, or a credential. */
const session = made('session')
const entity = made('entity')
const authentication = made('authentication')
/** What somebody should look at. */
const finding = (severity: Severity, control: Disposition = 'detected'): OcsfLine =>
  made('finding')(1, { severity, control })
/** A change of a person or an agent: `entity` is the activity of 3004, `user` that of 3007. */
const person = (activity: number, user: number, more: More = {}): OcsfLine =>
  entity(activity, { user, ...more })

const logged = { control: 'logged' } as const
const worked = { status: 'success' } as const
const failed = { status: 'failure' } as const

const asked = {
  allow: api('Ask', { control: 'allowed', ...worked }),
  deny: api('Ask', { control: 'blocked', ...worked }),
  require_approval: api('Ask', { control: 'delayed', ...worked }),
} as const

const reported = {
  succeeded: api('Report', { ...logged, ...worked }),
  failed: api('Report', { severity: 'low', ...logged, ...failed }),
  other: api('Report', logged),
} as const

const refused = {
  own: finding('high', 'unauthorized'),
  other: api('Decide', { severity: 'low', control: 'unauthorized', ...failed }),
} as const

/**
 * Each kind of entry in OCSF (docs/formats.md#ocsf). A class that is chosen once stays: whoever has rules about it would lose them
 * silently. One vote is no approval: only what releases or ends a request has the disposition of it.
 */
export const ocsfLines: Readonly<Record<EntryType, Told>> = {
  'request.submitted': {
    of: ({ verdict }) => asked[verdictIn(verdict)],
    lines: [
      { when: 'policy allows it', line: asked.allow },
      { when: 'policy denies it', line: asked.deny },
      { when: 'people are asked', line: asked.require_approval },
    ],
  },
  'request.approved': api('Approve', { control: 'approved', ...worked }),
  'request.denied': api('Deny', { severity: 'low', control: 'rejected', ...worked }),
  'request.narrowed': api('Narrow', { severity: 'low', control: 'rejected', ...worked }),
  'request.expired': api('Expire', { severity: 'low', control: 'blocked', ...worked }),
  'request.cancelled': api('Cancel', { control: 'unused', ...worked }),
  'request.revoked': api('Revoke', { severity: 'medium', control: 'revoked', ...worked }),
  'request.lapsed': api('Lapse', { control: 'unused', ...worked }),
  'request.unreported': api('Lose', { severity: 'medium', ...logged }),
  'request.escalated': api('Escalate', logged),
  'note.written': api('Note', logged),
  'execution.reported': {
    of: ({ state }) => (state === 'succeeded' || state === 'failed' ? reported[state] : reported.other),
    lines: [
      { when: 'it succeeded', line: reported.succeeded },
      { when: 'it failed', line: reported.failed },
      { when: 'it runs', line: reported.other },
    ],
  },
  'execution.deviated': finding('high'),
  'decision.made': api('Decide', { ...logged, ...worked }),
  'decision.refused': {
    of: (facts) => (isOwnAttempt(facts) ? refused.own : refused.other),
    lines: [
      { when: 'the person is behind what they would let through', line: refused.own },
      { when: 'anything else', line: refused.other },
    ],
  },
  'decision.lapsed': api('Lapse vote', { severity: 'low', ...logged }),
  'decision.withdrawn': api('Withdraw vote', logged),
  'glass.broken': finding('high', 'approved'),
  'attempts.alarmed': finding('high', 'unauthorized'),
  'claims.alarmed': finding('medium'),
  'alarm.sent': api('Send alarm', { severity: 'medium', ...logged, ...worked }),
  'review.overdue': finding('medium'),
  'review.closed': api('Close review', { ...logged, ...worked }),
  'grant.issued': session(1, worked),
  'grant.repeated': session('Repeat', worked),
  'grant.refused': session('Issue', { severity: 'low', control: 'unauthorized', ...failed }),
  'grant.redeemed': session('Redeem', { control: 'allowed', ...worked }),
  'grant.replayed': finding('high', 'blocked'),
  'grant.mismatched': finding('high', 'blocked'),
  'token.refused': session('Redeem', { severity: 'low', control: 'unauthorized', ...failed }),
  'redemption.repeated': session('Repeat redemption', worked),
  'card.listed': api('List on card', { ...logged, ...worked }),
  'card.posted': api('Post card', { ...logged, ...worked }),
  'preview.made': api('Preview', { ...logged, ...worked }),
  'preview.missed': api('Preview', { severity: 'low', ...logged, ...failed }),
  'channel.failed': api('Post card', { severity: 'medium', ...logged, ...failed }),
  'reminder.sent': api('Remind', { ...logged, ...worked }),
  'agent.added': person(1, 1, worked),
  'agent.rotated': person(3, 18, worked),
  'agent.transferred': person(3, 2, worked),
  'agent.revoked': person(9, 5, worked),
  'agent.limited': api('Ask', { severity: 'low', control: 'blocked', ...failed }),
  'agent.paced': person(3, 2, worked),
  'agent.tagged': person(3, 2, worked),
  'person.added': person(1, 1, worked),
  'person.linked': person(3, 2, worked),
  'person.unlinked': person(3, 2, worked),
  'parting.refused': person(3, 2, failed),
  'oncall.linked': person(3, 2, worked),
  'oncall.differs': finding('high'),
  'oncall.unlinked': person(3, 2, worked),
  'account.changed': finding('high'),
  'delegation.started': person(3, 2, worked),
  'delegation.ended': person(3, 2, worked),
  'confirmation.asked': authentication('Ask to confirm', worked),
  'confirmation.given': authentication('Confirm', worked),
  'confirmation.refused': authentication('Confirm', { severity: 'low', ...failed }),
  'confirmation.disowned': finding('high'),
  'confirmation.lapsed': authentication('Confirm', { severity: 'low', ...failed }),
  'lease.issued': session(1, worked),
  'lease.ended': session('End', worked),
  'lease.expires': session('End', { severity: 'medium', ...failed }),
  'operator.granted': person(6, 18, { severity: 'medium', ...worked }),
  'operator.acted': authentication(1, worked),
  'operator.revoked': person(9, 19, worked),
  'auditor.granted': person(6, 18, { severity: 'medium', ...worked }),
  'auditor.read': authentication(1, worked),
  'auditor.revoked': person(9, 19, worked),
  'approver.granted': entity(1, worked),
  'approver.revoked': entity(9, worked),
  'resource.added': entity(1, worked),
  'resource.rotated': entity(3, worked),
  'resource.revoked': entity(9, worked),
  'stop.made': entity(12, { severity: 'medium', ...worked }),
  'stop.resumed': entity(13, worked),
  'stop.refused': api('Ask', { severity: 'low', control: 'blocked', ...failed }),
  'resume.refused': entity(13, { severity: 'low', ...failed }),
  'policy.activated': entity(8, { severity: 'medium', ...worked }),
  'policy.refused': entity(8, { severity: 'low', ...failed }),
  'shadow.started': entity(1, worked),
  'shadow.ended': entity(9, worked),
  'key.created': entity(1, worked),
  'key.activated': entity(8, worked),
  'key.retired': entity(9, worked),
  'key.erased': entity(4, worked),
  'secret.rotated': entity(3, { severity: 'medium', ...worked }),
  'channel.connected': entity(1, { severity: 'medium', ...worked }),
  'channel.disconnected': entity(4, { severity: 'medium', ...worked }),
  'record.erased': entity(4, { severity: 'medium', ...worked }),
  'erasure.refused': entity(4, { severity: 'low', ...failed }),
  'ledger.resumed': entity(3, { severity: 'high', ...worked }),
  'anchor.disputed': finding('high'),
  'retention.applied': entity(4, worked),
  'webhook.added': entity(1, worked),
  'webhook.rotated': entity(3, worked),
  'webhook.removed': entity(9, worked),
  'webhook.dead': api('Deliver', { severity: 'medium', ...logged, ...failed }),
  'webhook.replayed': api('Deliver', { ...logged, ...worked }),
}

/** How this entry is told. */
export function ocsfLineOf({ type, data }: Pick<Entry, 'type' | 'data'>): OcsfLine {
  const told = ocsfLines[type]
  return 'of' in told ? told.of(data) : told
}

function verdictIn(verdict: unknown): keyof typeof asked {
  const kind = verdict !== null && typeof verdict === 'object' && 'kind' in verdict ? verdict.kind : null
  return kind === 'allow' || kind === 'deny' ? kind : 'require_approval'
}
