import type { Surroundings } from '../../src/client/limit.ts'

/** Surroundings in which sleeping takes no time and moves the clock. Jitter is a half. */
export function sleepless(): Surroundings & { readonly slept: number[] } {
  const slept: number[] = []
  let now = 0
  return {
    slept,
    fetch: globalThis.fetch,
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted()
      slept.push(milliseconds)
      now += milliseconds
    },
  }
}
