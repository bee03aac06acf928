import type { AgeClock } from './ageClock.ts'

/**
 * Remembers answers for some seconds and asks only once for callers that come together. A failure is never remembered.
 * What was forgotten while the question travelled is not remembered either: the answer may be from before. When the
 * clocks of this machine disagree, nobody knows how old anything is, and all of it is forgotten (threats: clock).
 */
export interface Cache<T> {
  get(key: string): Promise<T>
  forget(key: string): void
  forgetAll(): void
}

interface Kept<T> {
  readonly answer: Promise<T>
  /** In the milliseconds of `ages`; null while the answer is under way. */
  until: number | null
}

/** At most `capacity` answers are kept; the oldest goes first. */
export function createCache<T>(options: {
  readonly seconds: number
  readonly capacity: number
  readonly ages: Pick<AgeClock, 'now' | 'onJump'>
  readonly ask: (key: string) => Promise<T>
}): Cache<T> {
  const kept = new Map<string, Kept<T>>()
  options.ages.onJump(() => kept.clear())

  const get = (key: string): Promise<T> => {
    // Read first: it may be what makes us forget.
    const now = options.ages.now()
    const known = kept.get(key)
    if (known && (known.until === null || now < known.until)) return known.answer
    // The time counts from the question: an answer is never older than it says.
    const until = now + options.seconds * 1_000
    const entry: Kept<T> = { answer: options.ask(key), until: null }
    kept.delete(key)
    kept.set(key, entry)
    drop(kept, options.capacity)
    entry.answer.then(
      () => {
        entry.until = until
      },
      () => {
        if (kept.get(key) === entry) kept.delete(key)
      },
    )
    return entry.answer
  }
  return { get, forget: (key) => void kept.delete(key), forgetAll: () => kept.clear() }
}

function drop(kept: Map<string, unknown>, capacity: number): void {
  const oldest = kept.keys().next()
  if (kept.size > capacity && !oldest.done) kept.delete(oldest.value)
}
