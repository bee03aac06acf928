import type { EntryType } from '../ledger/entry.ts'
import type { Query } from './query.ts'

/** One cell of a row: of the entry that makes the row, or of the other entries of the same request (or subject). */
export type Column =
  | { readonly name: string; readonly path: string }
  /** Of the first, or the last, of the others that has one of these types. */
  | {
      readonly name: string
      readonly of: 'first' | 'last'
      readonly types: readonly EntryType[]
      readonly path: string
    }
  /** How many of the others are meant. */
  | { readonly name: string; readonly count: Query }
  /** How many different values stand at a path of the entry itself. */
  | { readonly name: string; readonly distinct: string }
  /** `yes` when whoever acted is one of the people behind the request; `unknown` when its asking is not there. */
  | { readonly name: string; readonly isBehind: true }
  /** How many entries of the period have the row's subject as their actor. */
  | { readonly name: string; readonly acts: Query }

/** A report as a table. What stands in the period makes the rows; what came before it is looked up. */
export interface Table {
  readonly file: string
  readonly says: string
  /** With others of its request; or one row for each subject, with all that is recorded of it. */
  readonly by: 'request' | 'subject'
  readonly rows: Query
  readonly columns: readonly Column[]
}

const own = (name: string, path: string = name): Column => ({ name, path })
const first = (name: string, type: EntryType, path: string): Column => ({
  name,
  of: 'first',
  types: [type],
  path,
})
const last = (name: string, types: readonly EntryType[], path: string): Column => ({
  name,
  of: 'last',
  types,
  path,
})
const asked = (name: string, path: string) => first(name, 'request.submitted', path)
const every: readonly Column[] = [own('index', 'seq'), own('at', 'ts'), own('entry', 'id'), own('request')]

/** What ends the asking, and what moves what was approved. */
const endings = [
  'request.approved',
  'request.denied',
  'request.expired',
  'request.cancelled',
  'request.revoked',
  'request.lapsed',
  'request.unreported',
] as const

/** Kinds of entries about what stands for longer than a request: they are in a pack from the beginning of the record. */
export const standingTypes: readonly EntryType[] = [
  'agent.added',
  'agent.rotated',
  'agent.transferred',
  'agent.revoked',
  'resource.added',
  'resource.rotated',
  'resource.revoked',
  'operator.granted',
  'operator.revoked',
  'auditor.granted',
  'auditor.revoked',
  'key.created',
  'key.activated',
  'key.retired',
  'key.erased',
  'policy.activated',
  'ledger.resumed',
  'webhook.added',
  'webhook.rotated',
  'webhook.removed',
]

/** The reports of a pack. */
export const tables: readonly Table[] = [
  {
    file: 'population.csv',
    says: 'Every request that was made in the period, and what had become of it at its end.',
    by: 'request',
    rows: { types: ['request.submitted'] },
    columns: [
      ...every,
      own('agent', 'actor.id'),
      own('action', 'data.action'),
      own('environment', 'data.environment'),
      own('resource_type', 'data.resource.type'),
      own('resource', 'data.resource.id'),
      own('initiator', 'data.initiator.person'),
      own('verdict', 'data.verdict.kind'),
      own('rules', 'data.verdict.rules'),
      last('ended', endings, 'type'),
      last('ended_at', endings, 'ts'),
      last('outcome', endings, 'data.outcome'),
      {
        name: 'approvals',
        count: { types: ['decision.made'], where: [{ path: 'data.kind', is: ['approve'] }] },
      },
      { name: 'denials', count: { types: ['decision.made'], where: [{ path: 'data.kind', is: ['deny'] }] } },
      { name: 'refused_attempts', count: { types: ['decision.refused'] } },
      first('granted_at', 'grant.issued', 'ts'),
      first('redeemed_at', 'grant.redeemed', 'ts'),
      last('reported', ['execution.reported'], 'data.state'),
      { name: 'deviations', count: { types: ['execution.deviated'] } },
      own('undoes', 'data.rolls_back'),
      own('action_digest'),
      own('action_digest_salted'),
      own('policy'),
    ],
  },
  {
    file: 'sod.csv',
    says: 'Separation of duties: every approval, and whether its person was behind the request. is_behind has to be "no" everywhere.',
    by: 'request',
    rows: {
      types: ['decision.made', 'glass.broken', 'review.closed'],
    },
    columns: [
      ...every,
      own('type'),
      own('kind', 'data.kind'),
      own('person', 'actor.id'),
      own('account', 'actor.account'),
      asked('initiator', 'data.initiator.person'),
      asked('behind', 'data.behind.person'),
      { name: 'is_behind', isBehind: true },
      own('seen', 'data.seen'),
      asked('asked_at', 'ts'),
    ],
  },
  {
    file: 'dual-authorization.csv',
    says: 'Every release by people: which legs were filled, by how many different people, and how it went on.',
    by: 'request',
    rows: { types: ['request.approved'], where: [{ path: 'actor.kind', is: ['person'] }] },
    columns: [
      ...every,
      own('people', 'data.legs.*'),
      { name: 'different_people', distinct: 'data.legs.*' },
      own('broken_glass', 'data.broken_glass'),
      asked('action', 'data.action'),
      asked('initiator', 'data.initiator.person'),
      asked('asked_at', 'ts'),
      first('granted_at', 'grant.issued', 'ts'),
      first('redeemed_at', 'grant.redeemed', 'ts'),
    ],
  },
  {
    file: 'break-glass.csv',
    says: 'Every broken glass, and its review.',
    by: 'request',
    rows: { types: ['glass.broken'] },
    columns: [
      ...every,
      own('person', 'actor.id'),
      own('account', 'actor.account'),
      own('rules', 'data.rules'),
      own('review_by', 'data.review_by'),
      first('overdue_at', 'review.overdue', 'ts'),
      first('reviewed_at', 'review.closed', 'ts'),
      first('reviewer', 'review.closed', 'actor.id'),
      first('late', 'review.closed', 'data.late'),
      { name: 'reviews', count: { types: ['review.closed'] } },
    ],
  },
  {
    file: 'expired.csv',
    says: 'Every request that nobody decided in time. Expired is not approved.',
    by: 'request',
    rows: { types: ['request.expired'] },
    columns: [
      ...every,
      own('outcome', 'data.outcome'),
      own('expires_at', 'data.expires_at'),
      own('decisions', 'data.decisions'),
      asked('action', 'data.action'),
      asked('agent', 'actor.id'),
    ],
  },
  {
    file: 'deviations.csv',
    says: 'Every report of something that was not done as it was approved.',
    by: 'request',
    rows: { types: ['execution.deviated'] },
    columns: [
      ...every,
      own('agent', 'subject.id'),
      own('reported_by', 'actor.id'),
      own('kinds', 'data.kinds'),
      own('pointers', 'data.pointers'),
      own('deviations', 'data.deviations'),
    ],
  },
  {
    file: 'unapproved-executions.csv',
    says: 'Every report of something that was done without an approval, or without its grant having been redeemed. None is what is wanted.',
    by: 'request',
    rows: {
      types: ['execution.deviated'],
      where: [{ path: 'data.kinds', is: ['not_approved', 'not_redeemed'] }],
    },
    columns: [
      ...every,
      own('agent', 'subject.id'),
      own('reported_by', 'actor.id'),
      own('kinds', 'data.kinds'),
      asked('action', 'data.action'),
    ],
  },
  {
    file: 'refused-attempts.csv',
    says: 'Every attempt that was refused: to decide, to approve what one is behind, to use a grant again or for something else.',
    by: 'request',
    rows: {
      types: [
        'decision.refused',
        'grant.refused',
        'grant.replayed',
        'grant.mismatched',
        'token.refused',
        'confirmation.refused',
        'stop.refused',
        'resume.refused',
        'parting.refused',
        'policy.refused',
        'erasure.refused',
      ],
    },
    columns: [
      ...every,
      own('type'),
      own('actor_kind', 'actor.kind'),
      own('actor', 'actor.id'),
      own('account', 'actor.account'),
      own('kind', 'data.kind'),
      own('code', 'data.code'),
      own('why', 'data.why'),
    ],
  },
  {
    file: 'access-review.csv',
    says: 'Everything that has or had access: agents, resources, keys of operators and auditors, signing keys, webhooks; and whether it was used in the period.',
    by: 'subject',
    rows: {
      types: [
        'agent.added',
        'resource.added',
        'operator.granted',
        'auditor.granted',
        'key.created',
        'webhook.added',
      ],
    },
    columns: [
      own('kind', 'subject.kind'),
      own('id', 'subject.id'),
      own('key', 'data.key'),
      own('name', 'data.name'),
      own('added_index', 'seq'),
      own('added_at', 'ts'),
      own('owner_at_first', 'data.owner'),
      last('owner_since', ['agent.transferred'], 'data.owner'),
      last('rotated_at', ['agent.rotated', 'resource.rotated', 'webhook.rotated', 'key.activated'], 'ts'),
      last(
        'ended_at',
        [
          'agent.revoked',
          'resource.revoked',
          'operator.revoked',
          'auditor.revoked',
          'key.retired',
          'webhook.removed',
        ],
        'ts',
      ),
      { name: 'requests_in_period', acts: { types: ['request.submitted'] } },
      { name: 'redemptions_in_period', acts: { types: ['grant.redeemed'] } },
    ],
  },
  {
    file: 'ledger-gaps.csv',
    says: 'Each time, from the beginning of the record, that the ledger went on from a restored backup: what had been recorded after the first entries that are shared, and is not here, is lost.',
    by: 'subject',
    rows: { types: ['ledger.resumed'] },
    columns: [
      own('index', 'seq'),
      own('at', 'ts'),
      own('entry', 'id'),
      own('by', 'actor.id'),
      own('decided_by', 'data.second'),
      own('name', 'data.origin'),
      own('name_before', 'data.before'),
      own('entries_here', 'data.size'),
      own('entries_shared', 'data.shared'),
      own('anchor', 'data.anchored.anchor'),
      own('anchored_name', 'data.anchored.origin'),
      own('anchored_entries', 'data.anchored.size'),
    ],
  },
]
