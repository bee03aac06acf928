import type { WebhookDelivery } from './webhooks/records.ts'

/**
 * What is remembered for a while and is no record: names of what took effect, so that it never does twice; denials of people; what budgets
 * counted; what shadows that have ended found; who was mentioned.
 */
export type Passing = 'deliveries' | 'coolDowns' | 'budgetEntries' | 'shadows' | 'mentions'

/** What a store forgets by age. Nothing that is forgotten is a record: that stands in the ledger. */
export interface Forgetting {
  /**
   * Removes at most `limit` messages in a state that ended before a moment (RFC 3339), the oldest first, and resolves to how many. They
   * are no record: what a message tells of stands in the ledger.
   */
  forgetDeliveries(which: {
    readonly state: Exclude<WebhookDelivery['state'], 'waiting'>
    readonly endedBefore: string
    readonly limit: number
  }): Promise<number>
  /** Removes at most `limit` of them from before a moment (RFC 3339), never a delivery of the last week, and resolves to how many. */
  forgetPassing(which: {
    readonly what: Passing
    readonly before: string
    readonly limit: number
  }): Promise<number>
}
