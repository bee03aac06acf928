import { Refusal } from '../core/refusal.ts'

/** What one agent may do on one replica. Retries under a known idempotency key count like any other call. */
export interface Limits extends Readonly<Record<LimitName, Pace>> {
  /** Calls that wait at the same time; the next ones are answered at once. */
  readonly waiting: number
}

/** `submissions`: each new request may put a card before people. `otherCalls`: looking, cancelling. */
export type LimitName = 'submissions' | 'otherCalls'

/** `perSecond` calls for ever, and `burst` at once after a pause. */
export interface Pace {
  readonly perSecond: number
  readonly burst: number
}

/** What docs/api.md promises. */
export const defaultLimits: Limits = {
  submissions: { perSecond: 20, burst: 60 },
  otherCalls: { perSecond: 100, burst: 300 },
  waiting: 200,
}

/** Takes one call from an agent's allowance. @throws RateLimited when there is none left */
export type RateLimit = (agent: string) => void

/** `rate_limited`, with the whole seconds until the next call is allowed. */
export class RateLimited extends Refusal {
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super('rate_limited', 'an agent calls faster than its pace')
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/**
 * A token bucket per agent (threats: flood). Kept in memory: n replicas allow n times as much. Only agents that have
 * authenticated get a bucket, so strangers cannot make it grow. `elapsed` are milliseconds that only ever grow: a clock
 * that somebody sets gives nothing and takes nothing.
 */
export function createRateLimit(pace: Pace, elapsed: () => number): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>()

  return (agent) => {
    const now = elapsed()
    const bucket = buckets.get(agent) ?? { tokens: pace.burst, at: now }
    const elapsedSeconds = Math.max(0, now - bucket.at) / 1_000
    const tokens = Math.min(pace.burst, bucket.tokens + elapsedSeconds * pace.perSecond)
    const allowed = tokens >= 1
    buckets.set(agent, { tokens: allowed ? tokens - 1 : tokens, at: now })
    if (!allowed) throw new RateLimited(Math.max(1, Math.ceil((1 - tokens) / pace.perSecond)))
  }
}
