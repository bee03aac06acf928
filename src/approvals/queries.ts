import type { AskedBefore } from '../card/earlier.ts'
import type { PersonId } from '../core/identity.ts'
import type { State } from '../core/lifecycle.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Entry } from '../ledger/entry.ts'
import type { Place } from '../ledger/place.ts'
import type { Lease } from './leases/records.ts'
import type { Agent, Card } from './records.ts'
import type { WebhookDelivery } from './webhooks/records.ts'

/** Filter and page for listing requests, newest first. */
export interface RequestQuery {
  readonly states?: readonly State[]
  readonly agent?: string
  /** Only requests whose glass was broken and whose review nobody has closed. */
  readonly underReview?: true
  readonly limit: number
  /** Only requests whose id sorts before this one. */
  readonly before?: string
}

/** What is looked at of a request of the past: what it asked, how it was judged, and what came of it. */
export interface PastRequest
  extends Pick<
    ActionRequest,
    | 'id'
    | 'state'
    | 'action'
    | 'agent'
    | 'verdict'
    | 'decisions'
    | 'brokenGlass'
    | 'unreached'
    | 'overruled'
    | 'agentRevoked'
    | 'withFirst'
    | 'revokedBy'
    | 'executions'
    | 'rollsBack'
    | 'erased'
    | 'createdAt'
  > {
  /** What it did was undone, or that has begun: by a request that was made for it. */
  readonly rolledBack: boolean
}

/** A page of what is listed newest first: at most `limit`, of those whose id sorts before `before`. */
export type Page = Pick<RequestQuery, 'limit' | 'before'>

/** A page of requests; with `about`, only what that agent asked, or others were asked through it. */
export interface ConcernedQuery extends Page {
  readonly about?: string
}

export interface DeliveryQuery extends Page {
  readonly state?: WebhookDelivery['state']
  readonly request?: string
}

export interface LeaseQuery extends Page {
  readonly states?: readonly Lease['state'][]
  readonly request?: string
}

/** Requests that are pending, or whose glass was broken and whose review nobody has closed; a page, newest first. */
export interface AskingQuery extends Pick<RequestQuery, 'limit' | 'before'> {
  readonly waits: 'decision' | 'review'
}

/** Whom a request asks, and who is behind it: what a list of a person is looked for in, where most are not theirs. */
export interface Asking extends Pick<ActionRequest, 'id' | 'requirement' | 'escalations'> {
  readonly behind: readonly PersonId[]
}

/** What a person may have to do with: what people were asked about, and what these people are behind; a page, newest first. */
export interface HistoryQuery extends Page {
  /** Of what nobody was asked about, only what one of these is behind. */
  readonly behind: readonly PersonId[]
  readonly agent?: string
  readonly states?: readonly State[]
  /** The name of the action, such as `db.export`. */
  readonly action?: string
  /** RFC 3339: nothing that was asked before. */
  readonly since?: string
}

/** Where entries stand in the ledger. */
export interface Places {
  /** The ledger's name. */
  readonly origin: string
  /** By the id of the entry. One that waits for its index is left out. */
  readonly indexes: ReadonlyMap<string, number>
}

/** A request, and where it stands in the ledger; null before the ledger has begun. Entries about alarms are not counted. */
export interface PlacedRequest extends ActionRequest {
  readonly place: Place | null
}

/** What is told of a request, and where. */
export interface ToldRequest {
  readonly request: ActionRequest
  /** As it is now. */
  readonly agent: Agent | null
  /** In the order of their ids. */
  readonly cards: readonly Card[]
  /** In the order of the ledger: its own, those of what undoes it, those of what shares its card, and the one that erased it. */
  readonly entries: readonly Entry[]
  /** Whether others that ask the same stand on its card. */
  readonly isShared: boolean
}

/** What a budget has counted under a key after a moment (RFC 3339). */
export interface BudgetQuery {
  readonly key: string
  readonly since: string
  /** A request that is not counted, because it is the one that is judged; null: all are. */
  readonly except: string | null
}

export interface BudgetNumbers {
  readonly count: number
  /** At most what a number holds. */
  readonly sum: number
  /** How many were ever counted under the key, in and out of the time that was asked about. It only grows. */
  readonly added: number
  /** The same of what was added up; a decimal number. */
  readonly amount: string
}

/** What of a request says what was read, and when. */
export type FoundRead = Pick<ActionRequest, 'id' | 'action' | 'run' | 'verdict' | 'settledAt' | 'grant'>

/** What of a request says what was asked of people before, and how it went. */
export type FoundAsked = AskedBefore

/** What people were asked about by an agent since a moment (RFC 3339); of those of one action what it was. */
export interface AskedBeforeQuery {
  readonly agent: string
  readonly since: string
  /** Its name: `db.export`. */
  readonly action: string
  /** Characters of an action as JSON: a longer one is left out. */
  readonly longest: number
  readonly limit: number
}

/** What a store looks for: reads that were let through, and may have happened since a moment. */
export interface ReadsQuery {
  readonly agent: string
  /** RFC 3339. */
  readonly since: string
  readonly limit: number
}

/** Whether the agent has named a session by a moment (RFC 3339). */
export interface SessionQuery {
  readonly agent: string
  readonly session: string
  readonly by: string
}
