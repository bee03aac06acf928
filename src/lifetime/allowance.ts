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
  /** Whole seconds until one more than that can be taken, or what could not be taken. */
  readonly nextInSeconds: number
}

/** What somebody has, at the pace that is theirs now. */
export interface Allowances {
  /** Takes one, or several at once: all of them or none. More than a burst is taken from a full allowance, and missing for as long as it takes. */
  take(whose: string, pace: Pace, many?: number): Taken
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
    const allowed = by >= 0 || before >= Math.min(-by, pace.burst) - tiny
    const tokens = allowed ? Math.min(pace.burst, before + by) : before
    buckets.set(whose, { tokens, at: now })
    const left = Math.max(0, Math.floor(tokens + tiny))
    const wanted = allowed ? left + 1 : Math.min(-by, pace.burst)
    const nextInSeconds = Math.max(1, Math.ceil((wanted - tokens) / pace.perSecond - tiny))
    return { allowed, left, nextInSeconds }
  }
  return {
    take: (whose, pace, many = 1) => change(whose, pace, -many),
    giveBack: (whose, pace, part) => change(whose, pace, part),
  }
}
