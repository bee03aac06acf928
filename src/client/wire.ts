/** What travels between an agent and the server, under the names that docs/api.md uses. Times are RFC 3339 in UTC. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** `sha256:` and 64 hex digits. */
export type Digest = `sha256:${string}`

/** What people approve: exactly these four. */
export interface Action {
  readonly action: string
  readonly resource: { readonly type: string; readonly id: string }
  /** Plain JSON. */
  readonly params?: object
  readonly environment: string
}

export type Claim =
  | { readonly email: string }
  | { readonly slack_user_id: string }
  | { readonly entra_user_id: string }

/** An initiator can also be proved, by what an identity provider has signed about them (docs/sign-in.md). */
type InitiatorClaim = Claim | { readonly id_token: string }
/** What an agent says of its run. Nothing of it is checked, and people see that. */
export interface Run {
  readonly model?: string
  readonly session?: string
  readonly url?: string
  /** Whom the initiator asked, in order, down to what acts, yourself among them: 1 to 8 (docs/api.md#chains). */
  readonly through?: readonly Hop[]
}

/** Of an agent that is registered at the server, the name or the id that it has there. */
export interface Hop {
  readonly kind: 'agent' | 'workflow' | 'tool'
  readonly name: string
}

/** What an agent asks (docs/api.md#ask). */
export interface Submission extends Action {
  readonly reason?: string
  readonly initiator?: InitiatorClaim
  readonly involved?: readonly Claim[]
  readonly run?: Run
  /** Such as `30m`: shortens how long people have. */
  readonly expires_in?: string
  /** The id of a pending request of yours that this is asked instead of, because people asked for changes (docs/api.md#revise). */
  readonly revises?: string
  /** The id of a request of yours whose execution this undoes (docs/rollbacks.md). */
  readonly rolls_back?: string
  /** What would undo it: asked for, and decided, with it. Its request is named by `rollbacks` of the answer. */
  readonly rollback?: Action
}

/** What an agent asks for together (docs/sets.md): 1 to 20 actions, each of them once. */
export interface SetSubmission extends Pick<Submission, 'reason' | 'initiator' | 'run' | 'expires_in'> {
  readonly requests: readonly (Action & Pick<Submission, 'involved'>)[]
}

/** Newer servers may have more: what is not known here is not approved. */
export type RequestState =
  | 'pending'
  | 'approved'
  | 'denied'
  | 'expired'
  | 'cancelled'
  | 'lapsed'
  | 'revoked'
  | 'executing'
  | 'succeeded'
  | 'failed'
  | 'unreported'

/** What an approver left of a request, exactly, and the request that asks for it (docs/api.md#narrowed). */
export interface NarrowedTo {
  readonly id: string
  readonly digest: string
  readonly action: string
  readonly resource: { readonly type: string; readonly id: string }
  readonly params: { readonly [key: string]: unknown }
  readonly environment: string
  /** The person who lowered it, and why where they said so. */
  readonly by: string
  readonly reason: string | null
}

/** A request as its agent sees it (docs/api.md#the-answer). */
export interface ActionRequest {
  readonly id: string
  readonly state: RequestState
  readonly digest: string
  readonly action: string
  readonly resource: { readonly type: string; readonly id: string }
  readonly params: { readonly [key: string]: unknown }
  readonly environment: string
  readonly reason: string | null
  readonly agent: { readonly id: string; readonly name: string }
  readonly verdict: {
    readonly kind: 'allow' | 'deny' | 'require_approval'
    readonly rules: readonly string[]
    readonly message: string | null
    readonly code: string
  }
  readonly requirement: {
    readonly legs: readonly { readonly name: string; readonly count: number; readonly filled: number }[]
    readonly expires_at: string
  } | null
  readonly decisions: readonly {
    readonly kind: 'approve' | 'deny'
    readonly person: string
    readonly reason: string | null
    readonly at: string
  }[]
  /** What people said about it while it was pending, and what was answered. */
  readonly notes: readonly Note[]
  /** The request that it was asked instead of, and the one that was asked instead of it. */
  readonly revises: string | null
  readonly revised_by: string | null
  /** The request that an approver made this one of, by lowering it. */
  readonly narrows: string | null
  /** Of one that was denied because an approver lowered it: what is asked instead. */
  readonly narrowed_to: NarrowedTo | null
  /** Of a rollback: the request whose execution it undoes. */
  readonly rolls_back: string | null
  /** The set that it was asked in, with others or with its rollback. */
  readonly set: string | null
  /** What undoes it. */
  readonly rollbacks: readonly { readonly id: string; readonly state: RequestState }[]
  /** One sentence on how it ended. */
  readonly outcome: string | null
  /** How it ended, to branch on (docs/api.md#how-it-ended). */
  readonly outcome_code: string | null
  readonly created_at: string
  readonly settled_at: string | null
  /** Where it stands in the ledger: only in what a look or a wait answers (docs/api.md#its-place-in-the-ledger). */
  readonly ledger?: LedgerPlace | null | undefined
  readonly links: { readonly self: string }
}

/** What somebody says about a pending request: no decision (docs/api.md#notes). */
export interface Note {
  readonly id: string
  readonly kind: 'changes' | 'question' | 'answer'
  /** A person, or `agent`. */
  readonly by: string
  readonly at: string
  readonly text: string
  /** Of an answer: the note that it answers. */
  readonly to?: string | undefined
}

/** Requests that were asked together, in the order in which they were asked for. Each has a life of its own. */
export interface RequestSet {
  readonly id: string
  readonly requests: readonly ActionRequest[]
}

/** What an agent hands on so that an auditor finds the evidence. */
export interface LedgerPlace {
  /** The ledger's name. */
  readonly origin: string
  /** Index of the entry that made the request; null while it waits for it, which takes a second. */
  readonly first: number | null
  /** Index of the latest entry about it, likewise. */
  readonly latest: number | null
  /** The command by which an auditor lists its entries. */
  readonly verify: string
}

/** The permission for one action, once. Whoever has the token has the permission: it belongs in no log. */
export interface Grant {
  readonly id: string
  /** The request it is for. */
  readonly request: string
  readonly token: string
  readonly token_type: string
  readonly audience: string
  readonly issued_at: string
  readonly expires_at: string
  /** Seconds. */
  readonly expires_in: number
  /** Whose part it is to redeem it. */
  readonly spent_by: 'agent' | 'resource'
}

/** That a grant was spent, for what, and by which attempt. */
export interface Redeemed {
  /** The grant. */
  readonly id: string
  readonly request: string
  readonly audience: string
  /** Of the action that was approved. */
  readonly digest: string
  readonly attempt: string
  readonly redeemed_by: Grant['spent_by']
  readonly redeemed_at: string
}

/** What was done for a request, as its reporter says it. */
export interface Report {
  readonly state: 'started' | 'succeeded' | 'failed'
  /** What was really run. */
  readonly action?: Action
  readonly digest?: string
  /** Digest of what came out of it. */
  readonly result?: string
  readonly links?: readonly string[]
  readonly note?: string
}

/** An RFC 9457 problem (docs/errors.md). */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}
