/** `perSecond` for ever, and `burst` at once after a pause. */
export interface Pace {
  readonly perSecond: number
  readonly burst: number
}

/** What became of taking one from an allowance. */
export interface Taken {
  readonly allowed: boolean
  /** How many more could be taken now. */
  readonly left: number
  /** Whole seconds until one more than that can be taken. */
  readonly nextInSeconds: number
}

/** Takes one from somebody's allowance, at the pace that is theirs now. */
export type TakeOne = (whose: string, pace: Pace) => Taken

/**
 * A token bucket for each of them, kept in memory: n replicas allow n times as much. `elapsed` are milliseconds that only
 * ever grow: a clock that somebody sets gives nothing and takes nothing.
 */
export function createAllowances(elapsed: () => number): TakeOne {
  const buckets = new Map<string, { tokens: number; at: number }>()

  return (whose, pace) => {
    const now = elapsed()
    const bucket = buckets.get(whose) ?? { tokens: pace.burst, at: now }
    const elapsedSeconds = Math.max(0, now - bucket.at) / 1_000
    const before = Math.min(pace.burst, bucket.tokens + elapsedSeconds * pace.perSecond)
    const allowed = before >= 1
    const tokens = allowed ? before - 1 : before
    buckets.set(whose, { tokens, at: now })
    const left = Math.floor(tokens)
    return { allowed, left, nextInSeconds: Math.max(1, Math.ceil((left + 1 - tokens) / pace.perSecond)) }
  }
}
