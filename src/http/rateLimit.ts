import { Refusal } from '../core/refusal.ts'

/** `perSecond` calls for ever, and `burst` at once after a pause. */
export interface Pace {
  readonly perSecond: number
  readonly burst: number
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
