import type { EntryType } from '../../ledger/entry.ts'
import type { IndexRange } from '../recorded.ts'
import type { Listed, Ref } from './counting.ts'

/** The ways in which the asking ends, as people tell them apart. Each request has at most one. */
export const endings = [
  'allowed',
  'approved',
  'emergency',
  'denied',
  'refused',
  'expired',
  'cancelled',
] as const

export type Ending = (typeof endings)[number]

type ByEnding = Readonly<Record<Ending, Listed>>

/** RFC 3339 moments: from `since` up to before `until`. */
export interface ReportPeriod {
  readonly since: string
  readonly until: string
}

/** What a report says, folded from the record: `beginFigures`. Times are those of the entries, in UTC. */
export interface Figures {
  readonly period: ReportPeriod
  readonly ledger: LedgerFigures
  readonly requests: RequestFigures
  readonly people: PeopleFigures
  readonly attempts: AttemptFigures
  readonly emergencies: EmergencyFigures
  readonly done: DoneFigures
  readonly agents: AgentFigures
  readonly changes: ChangeFigures
  readonly record: RecordFigures
}

export interface LedgerFigures {
  readonly origin: string
  /** The entries of the period. */
  readonly range: IndexRange
  /** Over the entries from 0 up to the end of the period, computed from them: base64. */
  readonly root: string
  /** Everything in the period, by type: each entry is counted once. */
  readonly types: readonly { readonly type: EntryType; readonly entries: Listed }[]
}

export interface RequestFigures {
  readonly asked: Listed
  readonly ended: ByEnding
  /** Asked and not over at the end of the period, whenever it was asked. */
  readonly waiting: Listed
  readonly overTime: { readonly unit: TimeUnit; readonly bars: readonly TimeBar[] }
  readonly actions: readonly ActionFigures[]
  /** What was asked or ended after the first 300 names of actions: counted, not told apart. */
  readonly otherActions: Listed
  /** Why it was denied or expired: the codes of `core/outcome.ts`. */
  readonly outcomes: readonly { readonly name: string; readonly entries: Listed }[]
  /** Which rules denied, at once or in the end. */
  readonly denyingRules: readonly { readonly name: string; readonly entries: Listed }[]
  readonly times: TimeFigures
}

export type TimeUnit = 'hour' | 'day' | 'week' | 'month' | 'year'

export interface TimeBar {
  /** When it begins, RFC 3339. */
  readonly begins: string
  readonly ended: Readonly<Record<Ending, number>>
  readonly entries: Listed
}

export interface ActionFigures {
  readonly name: string
  readonly asked: Listed
  readonly ended: ByEnding
}

/** From asking to the decision that ended it, of what people decided. In seconds. */
export interface TimeFigures {
  readonly decided: Listed
  /** Of how many it is known when they were asked. */
  readonly measured: number
  readonly median: number | null
  readonly ninetieth: number | null
  readonly longest: number | null
  readonly spans: readonly TimeSpanFigures[]
}

interface TimeSpanFigures {
  readonly name: string
  /** Seconds: up to, but not including; null for the last. */
  readonly below: number | null
  readonly entries: Listed
}

/** What one person did. */
export const deeds = ['approved', 'denied', 'tookBack', 'brokeGlass', 'reviewed', 'refused'] as const

export type Deed = (typeof deeds)[number]

export interface PersonFigures {
  readonly name: string
  readonly did: Readonly<Record<Deed, Listed>>
  /** Which actions they decided about, and how often. */
  readonly actions: readonly { readonly name: string; readonly count: number }[]
}

export interface PeopleFigures {
  readonly people: readonly PersonFigures[]
  /** By people after the first 300. */
  readonly others: Listed
  /** By id, as the directory gave it with what they did last. Null: erased. */
  readonly names: ReadonlyMap<string, string | null>
}

export interface AttemptFigures {
  /** By people behind the action, at what would let it through or cover it up. */
  readonly own: Listed
  readonly ownList: readonly OwnAttempt[]
  /** Everything that somebody tried and was refused. */
  readonly kinds: readonly RefusedKind[]
}

export interface OwnAttempt {
  readonly ref: Ref
  readonly person: string
  readonly verb: string
  readonly action: string | null
}

export interface RefusedKind {
  readonly name: string
  readonly type: EntryType
  /** What people tried, or the reason that the entry gives. */
  readonly code: string | null
  readonly entries: Listed
}

export interface EmergencyFigures {
  readonly broken: Listed
  readonly onTime: Listed
  readonly late: Listed
  /** Not closed at the end of the period, and the time is over. */
  readonly overdue: Listed
  /** Not closed, and there is time. */
  readonly open: Listed
  /** Those that were broken in the period, or before it and not reviewed when it began. */
  readonly glasses: readonly Glass[]
  readonly more: number
}

export interface Glass {
  readonly ref: Ref
  readonly person: string
  readonly action: string | null
  /** What policy had said: `deny`, or `require_approval`. */
  readonly verdict: string | null
  readonly reviewBy: string | null
  readonly closed: { readonly ref: Ref; readonly person: string; readonly late: boolean } | null
  readonly state: 'on time' | 'late' | 'overdue' | 'open'
}

export interface DoneFigures {
  readonly issued: Listed
  readonly redeemed: Listed
  readonly succeeded: Listed
  readonly failed: Listed
  readonly unreported: Listed
  readonly lapsed: Listed
  readonly revoked: Listed
  readonly deviated: Listed
  readonly deviations: readonly DeviationFigures[]
  readonly rollbacks: Listed
  readonly rollbackList: readonly RollbackFigures[]
}

export interface DeviationFigures {
  readonly ref: Ref
  readonly agent: string
  readonly action: string | null
  readonly kinds: readonly string[]
  readonly pointers: readonly string[]
  readonly count: number
}

export interface RollbackFigures {
  readonly ref: Ref
  readonly undoes: string
  readonly action: string
  /** The entry that says what became of it, at the end of the period. */
  readonly last: EntryType
}

export interface AgentFigures {
  readonly agents: readonly AgentFigure[]
  /** Asked by agents after the first 1,000. */
  readonly others: Listed
  /** Days without a request after which an agent is shown as unused. */
  readonly unusedAfterDays: number
}

export interface AgentFigure {
  /** As it was registered; the id when the record begins later. */
  readonly name: string
  readonly id: string
  readonly owner: string | null
  readonly asked: Listed
  /** RFC 3339; null: never. */
  readonly lastAsked: string | null
  readonly unused: boolean
  /** What it asked while the directory said that its owner had left. */
  readonly ownerLeft: Listed
  readonly revoked: Ref | null
}

export interface ChangeFigures {
  /** The bundle that judged when the period began; null: none was active. */
  readonly before: string | null
  readonly activations: readonly Activation[]
  readonly moreActivations: number
  readonly refused: readonly { readonly ref: Ref; readonly digest: string; readonly why: string }[]
  readonly stops: readonly StopFigure[]
}

export interface Activation {
  readonly ref: Ref
  readonly name: string | null
  readonly digest: string
  readonly before: string | null
  readonly by: string
  readonly approvedBy: readonly string[]
  readonly brokenGlass: string | null
  readonly parts: readonly ChangedPart[]
}

/** One way in which the bundles differ: how many, and the first names. */
export interface ChangedPart {
  readonly what: (typeof changedParts)[number][1]
  readonly count: number
  readonly names: readonly string[]
}

/** By what the entry calls it, and how people read it. */
export const changedParts = [
  ['rules_added', 'rules added'],
  ['rules_removed', 'rules removed'],
  ['rules_changed', 'rules changed'],
  ['other_changes', 'other changes'],
  ['files', 'files'],
  ['tests_added', 'tests added'],
  ['tests_removed', 'tests removed'],
  ['tests_changed', 'tests changed'],
] as const

export interface StopFigure {
  readonly ref: Ref
  readonly by: string
  readonly scope: string
  readonly resumed: { readonly ref: Ref; readonly by: string } | null
}

/** What became of the record itself. */
export interface RecordFigures {
  readonly erased: Listed
  /** Asked for, and not carried out. */
  readonly notErased: Listed
  readonly erasures: readonly ErasureFigure[]
  readonly auditors: readonly AuditorFigure[]
  /** Of auditors after the first 300. */
  readonly otherAuditors: Listed
}

/** One commit of an erasure: a large one has several. */
export interface ErasureFigure {
  readonly ref: Ref
  /** `request` or `person`. */
  readonly what: string
  readonly id: string
  readonly values: number
  readonly requests: number
  /** Requests that were open, of which nothing was taken. */
  readonly leftOpen: number
  readonly askedBy: string | null
  /** Who decided it. */
  readonly approvedBy: string
}

/** A person who reads the record with a key of their own. */
interface AuditorFigure {
  readonly name: string
  readonly granted: Listed
  /** What one key asks for within an hour is one. */
  readonly read: Listed
  readonly revoked: Listed
}
