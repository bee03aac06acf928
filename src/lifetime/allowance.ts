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

/** What somebody has, at the pace that is theirs now. */
export interface Allowances {
  /** Takes one. */
  take(whose: string, pace: Pace): Taken
  /** Gives a part of one back, which was taken before. */
  giveBack(whose: string, pace: Pace, part: number): Taken
}

/** Parts that were given back add up to whole ones, whatever binary fractions make of them. */
const tiny = 1e-9

/**
 * A token bucket for each of them, kept in memory: n replicas allow n times as much. `elapsed` are milliseconds that only
 * ever grow: a clock that somebody sets gives nothing and takes nothing.
 */
export function createAllowances(elapsed: () => number): Allowances {
  const buckets = new Map<string, { tokens: number; at: number }>()

  const change = (whose: string, pace: Pace, by: number): Taken => {
    const now = elapsed()
    const bucket = buckets.get(whose) ?? { tokens: pace.burst, at: now }
    const elapsedSeconds = Math.max(0, now - bucket.at) / 1_000
    const before = Math.min(pace.burst, bucket.tokens + elapsedSeconds * pace.perSecond)
    const allowed = by >= 0 || before >= 1 - tiny
    const tokens = allowed ? Math.min(pace.burst, before + by) : before
    buckets.set(whose, { tokens, at: now })
    const left = Math.max(0, Math.floor(tokens + tiny))
    const nextInSeconds = Math.max(1, Math.ceil((left + 1 - tokens) / pace.perSecond - tiny))
    return { allowed, left, nextInSeconds }
  }
  return {
    take: (whose, pace) => change(whose, pace, -1),
    giveBack: (whose, pace, part) => change(whose, pace, part),
  }
}
