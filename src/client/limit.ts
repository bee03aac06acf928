import { CountersignError } from './countersignError.ts'

/** What this client takes from its surroundings, so that tests need no waiting. */
export interface Surroundings {
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds that only go forward. */
  readonly now: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  /** Resolves after so many milliseconds, or rejects as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** How long something may take, and who can end it before that. */
export interface Terms {
  readonly signal?: AbortSignal
  /** Seconds for all of it, trouble included. */
  readonly limit?: number
}

/** A time limit that has begun, for one or several calls. */
export interface Limit {
  /** Milliseconds that are left. */
  readonly left: () => number
  /** @throws CountersignError `aborted`, `out_of_time` when it is over */
  readonly check: () => void
  /** Runs something that is ended when the limit is over, or when so many milliseconds have passed. */
  readonly during: <T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>) => Promise<T>
  readonly outOfTime: (cause?: unknown) => CountersignError
}

/** Begins now. The signals are listened to only while something runs: a signal that lives long keeps nothing alive. */
export function beginLimit(
  { now }: Pick<Surroundings, 'now'>,
  seconds: number,
  signals: readonly (AbortSignal | undefined)[],
): Limit {
  const until = now() + seconds * 1_000
  const watched = signals.filter((one) => one !== undefined)
  const left = () => until - now()
  const outOfTime = (cause?: unknown) =>
    new CountersignError('out_of_time', 'The time limit passed.', { cause })
  const check = () => {
    const aborted = watched.find((one) => one.aborted)
    if (aborted) throw new CountersignError('aborted', 'This was given up.', { cause: aborted.reason })
    if (left() <= 0) throw outOfTime()
  }
  return {
    left,
    check,
    outOfTime,
    during: (milliseconds, work) => ended(watched, Math.min(milliseconds, Math.max(0, left())), work),
  }
}

async function ended<T>(
  watched: readonly AbortSignal[],
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const end = () => controller.abort()
  const timer = setTimeout(end, Math.min(milliseconds, longestTimer))
  for (const one of watched) one.addEventListener('abort', end, { once: true })
  if (watched.some((one) => one.aborted)) end()
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    for (const one of watched) one.removeEventListener('abort', end)
  }
}

/** A timer that is longer fires at once. */
const longestTimer = 2 ** 31 - 1
