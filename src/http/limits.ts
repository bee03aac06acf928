import { Refusal } from '../core/refusal.ts'
import { createAllowances, type Pace } from '../lifetime/allowance.ts'

/** What one agent may do on one replica. Retries under a known idempotency key count like any other call. */
export interface Limits extends Readonly<Record<LimitName, Pace>> {
  /** Calls that wait at the same time; the next ones are answered at once. */
  readonly waiting: number
}

/** `submissions`: each new request may put a card before people. `otherCalls`: looking, cancelling. */
export type LimitName = 'submissions' | 'otherCalls'

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

/** Each agent's own allowance (threats: flood). Only agents that have authenticated get one, so strangers cannot make it grow. */
export function createRateLimit(pace: Pace, elapsed: () => number): RateLimit {
  const take = createAllowances(elapsed)
  return (agent) => {
    const { allowed, nextInSeconds } = take(agent, pace)
    if (!allowed) throw new RateLimited(nextInSeconds)
  }
}
