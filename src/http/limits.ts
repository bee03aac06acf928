import type { Pace } from './rateLimit.ts'

/** What one agent may do on one replica. Retries under a known idempotency key count like any other call. */
export interface Limits {
  /** Asking: each new request may put a card before people. */
  readonly asks: Pace
  /** Looking and cancelling. */
  readonly looks: Pace
  /** Calls that wait at the same time; the next ones are answered at once. */
  readonly waiting: number
}

/** What docs/api.md promises. */
export const defaultLimits: Limits = {
  asks: { perSecond: 20, burst: 60 },
  looks: { perSecond: 100, burst: 300 },
  waiting: 200,
}
