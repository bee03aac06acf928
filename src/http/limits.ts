import type { Resource } from '../approvals/grants/records.ts'
import type { Agent, AuditorKey, PersonalToken } from '../approvals/records.ts'
import { type AgentLimits, defaultAgentLimits, lightCalls } from '../core/agentLimits.ts'
import { Refusal } from '../core/refusal.ts'
import { createAllowances, type Pace, type Taken } from '../lifetime/allowance.ts'

/** What one agent may do on one replica. Retries under a known idempotency key count like any other call. */
export interface Limits extends Readonly<Record<LimitName, Pace>> {
  /** Calls that wait at the same time; the next ones are answered at once. */
  readonly waiting: number
}

/** `submissions`: each new request may put a card before people; of a person, lists and decisions. `otherCalls`: looking, cancelling. */
export type LimitName = 'submissions' | 'otherCalls'

/** What docs/api.md promises to an agent for which nobody has set anything else. */
export const defaultLimits: Limits = limitsBy(defaultAgentLimits)

function limitsBy({ perSecond, burst, waiting }: AgentLimits): Limits {
  return {
    submissions: { perSecond, burst },
    otherCalls: { perSecond: perSecond * lightCalls, burst: burst * lightCalls },
    waiting,
  }
}

/** What this agent may do: what is set for it, else what every agent may. */
export function limitsFor({ limits }: Pick<Agent, 'limits'>, usual: Limits): Limits {
  return limits ? limitsBy(limits) : usual
}

/**
 * What one resource may do on one replica, counted as other calls: many agents may stand behind one proxy. It bounds how often
 * somebody can try out tokens with its key, and how many entries that leaves.
 */
export const resourceLimits: AgentLimits = { perSecond: 40, burst: 120, waiting: 0 }

/** What one auditor may do on one replica, counted as other calls: to verify a million entries takes about 5,000. */
export const auditorLimits: AgentLimits = { perSecond: 100, burst: 300, waiting: 0 }

/** What one person may do on one replica by their tokens. A list looks through all that wait, and each decision is an entry: they count like submissions. */
const personLimits: AgentLimits = { perSecond: 2, burst: 12, waiting: 0 }

/** Whose calls are counted, and at which pace. */
export type Paced = Pick<Agent, 'id' | 'limits'>

export function paceOf({ id }: Pick<Resource, 'id'>): Paced {
  return { id, limits: resourceLimits }
}

export function paceOfAuditor({ id }: Pick<AuditorKey, 'id'>): Paced {
  return { id, limits: auditorLimits }
}

/** Several tokens of one person are counted together. */
export function paceOfPerson({ person }: Pick<PersonalToken, 'person'>): Paced {
  return { id: person, limits: personLimits }
}

/** A call that was counted. */
export interface Counted {
  /** What is left now, as the answer says it. */
  readonly headers: RateLimitHeaders
  /** So many of what it asks for turned out to ask nobody: each counts a fifth, and the rest is given back. */
  lighten(times: number): RateLimitHeaders
  /** It turned out to ask for so many things more, each of which counts like a call of its own. @throws RateLimited when they are not there */
  countMore(times: number): RateLimitHeaders
}

/** As the Internet-Draft draft-ietf-httpapi-ratelimit-headers-10 has them: structured fields (RFC 9651), one item each. */
type RateLimitHeaders = Readonly<Record<'ratelimit-policy' | 'ratelimit', string>>

/** Takes one call from an agent's or resource's allowance. @throws RateLimited when there is none left */
export type RateLimit = (caller: Paced) => Counted

/** `rate_limited`, with the whole seconds until the next call is allowed. */
export class RateLimited extends Refusal {
  readonly retryAfterSeconds: number
  readonly headers: RateLimitHeaders

  constructor(retryAfterSeconds: number, headers: RateLimitHeaders) {
    super('rate_limited', 'an agent calls faster than its pace')
    this.retryAfterSeconds = retryAfterSeconds
    this.headers = headers
  }
}

/** How the headers call the limits. */
const named = { submissions: 'submissions', otherCalls: 'other-calls' } as const satisfies Record<
  LimitName,
  string
>

/** Each agent's own allowance (threats: flood). Only agents that have authenticated get one, so strangers cannot make it grow. */
export function createRateLimit(
  name: LimitName,
  {
    usual,
    elapsed,
    refused = () => {},
  }: {
    readonly usual: Limits
    readonly elapsed: () => number
    /** Hears of each call that is refused, by whose it is. */
    readonly refused?: (caller: string) => void
  },
): RateLimit {
  const { take, giveBack } = createAllowances(elapsed)
  return (agent) => {
    const pace = limitsFor(agent, usual)[name]
    const taken = take(agent.id, pace)
    const headers = headersOf(name, { pace, taken })
    if (!taken.allowed) {
      refused(agent.id)
      throw new RateLimited(taken.nextInSeconds, headers)
    }
    return {
      headers,
      countMore: (times) => {
        const all = take(agent.id, pace, times)
        const now = headersOf(name, { pace, taken: all })
        if (!all.allowed) throw new RateLimited(all.nextInSeconds, now)
        return now
      },
      lighten: (times) =>
        headersOf(name, { pace, taken: giveBack(agent.id, pace, times * (1 - 1 / lightCalls)) }),
    }
  }
}

/** `w` is how long it takes until all of a burst is there again, `t` until there is one more than `r`. */
function headersOf(
  name: LimitName,
  {
    pace: { burst, perSecond },
    taken: { left, nextInSeconds },
  }: { readonly pace: Pace; readonly taken: Taken },
): RateLimitHeaders {
  const item = `"${named[name]}"`
  return {
    'ratelimit-policy': `${item};q=${burst};w=${Math.ceil(burst / perSecond)}`,
    ratelimit: `${item};r=${left};t=${nextInSeconds}`,
  }
}
