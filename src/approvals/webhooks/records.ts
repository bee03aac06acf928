import type { Versioned } from '../records.ts'

/** Where the operator wants to hear of what happens, whatever the request. */
export interface Webhook extends Versioned {
  readonly url: string
  /** Event types as in docs/webhooks.md; empty means all. */
  readonly events: readonly string[]
  readonly status: 'active' | 'removed'
  /** The signing secret, sealed (`Sealer`). */
  readonly sealed: string
  /** The secret before the last rotation: both sign until then (RFC 3339). Null when there is none. */
  readonly earlier: { readonly sealed: string; readonly until: string } | null
  /** RFC 3339, UTC, milliseconds. */
  readonly createdAt: string
}

/** One event on its way to one address. The id is the message's: it stays the same however often it is sent. */
export interface WebhookDelivery extends Versioned {
  /** The subscription; null for the `callback_url` of the request. */
  readonly webhook: string | null
  readonly request: string
  readonly event: string
  /** The ledger entry that it tells of. */
  readonly entry: string
  readonly state: 'waiting' | 'delivered' | 'dead'
  readonly attempts: number
  /** How the last attempt ended, in a few words; null before the first. */
  readonly last: string | null
  /** RFC 3339, UTC, milliseconds; both. */
  readonly createdAt: string
  readonly endedAt: string | null
}
