/**
 * What the laws judge: what the soak was told and did (promises, clicks, answers, samples), what the database holds, what
 * stands in the workspace. Plain values, so that a test can make up a violation of every law. Times are epoch milliseconds.
 */
export interface Evidence {
  readonly promises: readonly AskRecord[]
  readonly clicks: readonly Click[]
  readonly requests: readonly RequestRow[]
  readonly entries: readonly EntryRow[]
  readonly ledger: LedgerSeen
  readonly cards: readonly CardRow[]
  /** Names of deliveries that took effect. */
  readonly deliveries: readonly string[]
  readonly jobs: readonly JobRow[]
  readonly links: readonly { readonly account: string; readonly person: string }[]
  /** Every message of the app, thread lines too. */
  readonly messages: readonly MessageSeen[]
  readonly servers: readonly ServerLife[]
  readonly samples: readonly Sample[]
  readonly trouble: readonly Trouble[]
  /** Agents asked from here on; the second half of the samples is that of the load. */
  readonly loadBegan: number
  readonly loadEnded: number
  /** What went wrong in the soak's own agents and people. */
  readonly ownFaults: readonly string[]
  /** What each replica answered in the quiet after the storm, before anything was stopped. */
  readonly atTheEnd: readonly { readonly replica: string; readonly ready: string; readonly asked: string }[]
}

/** How the agents' policy judges what they ask. */
export type AskKind = 'allowed' | 'denied' | 'release' | 'export' | 'flash' | 'pair' | 'drain' | 'written'

/** One thing that an agent wanted, under one idempotency key, and every answer it heard about it. */
export interface AskRecord {
  readonly agent: string
  readonly key: string
  readonly kind: AskKind
  /** Slack ids of everybody who is behind it, by whatever account. */
  readonly behind: readonly string[]
  readonly heard: Heard[]
}

export interface Heard {
  readonly at: number
  readonly call: 'ask' | 'look' | 'cancel' | 'mismatch' | 'revise'
  readonly replica: string
  readonly status: number
  /** The request's id and state when the answer was one; else the problem's code. */
  readonly id: string | null
  readonly state: string | null
  readonly code: string | null
  readonly retryAfter: boolean
  /** Whether people have asked for changes of it. */
  readonly wantsChanges: boolean
}

export type Deed = 'approve' | 'deny' | 'ask for changes' | 'open a form'

/** One press or sending of a window, as Slack carried it. */
export interface Click {
  readonly by: string
  readonly request: string
  readonly conversation: string
  readonly ts: string
  readonly deed: Deed
  readonly how: string
  /** When it was sent; a click that travelled long was composed before. */
  readonly sentAt: number
  /** The name under which it takes effect. */
  readonly delivery: string
  /** How it was acknowledged: `acked`, `closed` (a window that closed: recorded), `status 503`, `timeout`, … */
  acked: string
  /** Whatever the person read about it. */
  readonly told: string[]
  /** True when it came right after the message, and the answer to the posting did reach the server. */
  readonly fast: boolean
}

export interface RequestRow {
  readonly id: string
  readonly version: number
  readonly state: string
  readonly agent: string
  readonly key: string
  readonly action: string
  readonly behind: readonly { readonly person: string; readonly role: string }[]
  readonly decisions: readonly {
    readonly person: string
    readonly account: string
    readonly kind: string
    readonly legs: readonly string[]
    readonly at: number
    /** Of an approval that was taken back, or lapsed. */
    readonly ended?: object
  }[]
  readonly escalations: number
  /** What it was asked instead of. */
  readonly revises: string | null
  readonly legs: readonly { readonly name: string; readonly count: number }[] | null
  /** Slack ids of the conversations that policy names. */
  readonly conversations: readonly string[]
  readonly verdict: string
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly settledAt: number | null
}

export interface EntryRow {
  readonly id: string
  readonly type: string
  readonly request: string | null
  readonly actor: string
  readonly delivery: string | null
  readonly kind: string | null
  readonly card: string | null
  readonly at: number
}

/** What a verifier says of the ledger when all is quiet. */
export interface LedgerSeen {
  readonly size: number
  /** The first thing that is wrong, or null. */
  readonly wrong: string | null
  /** How many checkpoints left the house; it was verified against each. */
  readonly anchored: number
  /** Entries that have no place in the tree. */
  readonly waiting: number
}

export interface CardRow {
  readonly id: string
  readonly request: string
  readonly conversation: string
  readonly status: string
  readonly message: string | null
}

export interface JobRow {
  readonly id: string
  readonly key: string | null
  readonly task: string
  readonly attempts: number
  readonly maxAttempts: number
  readonly lockedBy: string | null
  readonly due: boolean
  /** The request that it is about is settled. */
  readonly settled: boolean
  readonly error: string | null
}

export interface MessageSeen {
  readonly conversation: string
  readonly ts: string
  readonly thread: string | null
  /** What notifications and screen readers read. */
  readonly text: string
  readonly deleted: boolean
  /** Buttons and menus of ours: the request and card they carry. */
  readonly buttons: readonly { readonly action: string; readonly request: string; readonly card: string }[]
}

/** One start of one server process. */
export interface ServerLife {
  readonly replica: string
  readonly pid: number
  readonly startedAt: number
  /** Null when it never said that it was ready. */
  readonly readyAt: number | null
  /** How it ended, and whether we ended it. */
  readonly ended: { readonly at: number; readonly how: string; readonly byUs: boolean } | null
  /** Lines of its log at level error or worse, and whatever it printed that is no log line. */
  readonly said: readonly { readonly at: number; readonly level: number; readonly text: string }[]
}

export interface Sample {
  /** When it was asked whether it was ready, and when all of this was known. */
  readonly askedAt: number
  readonly at: number
  readonly replica: string
  readonly pid: number
  readonly residentMb: number
  readonly handles: number
  /** Of the whole database, and of its job queue. */
  readonly connections: number | null
  readonly jobs: number | null
  /** How long the oldest entry has waited for its place in the ledger. */
  readonly unsealedSeconds: number | null
  /** Requests at that moment, to set growth beside what has to grow. */
  readonly ready: number | null
}

/** A stretch in which something was broken on purpose. `database`: it was away, or writing was refused. */
export interface Trouble {
  readonly what: 'database' | 'slack' | 'channel' | 'server'
  readonly kind: string
  readonly from: number
  readonly to: number
}
