/** Rung by a commit, for whoever waits for something to look at. */
export interface Bell<Why extends string> {
  readonly ring: (why: Why) => void
  /**
   * Resolves to why it has rung since the last time: at once, when it has by now, or as soon as it does. Nothing when `ms` are over
   * or the signal aborts first.
   */
  readonly rung: (ms: number, signal: AbortSignal) => Promise<ReadonlySet<Why>>
}

export function createBell<Why extends string>(): Bell<Why> {
  let rang = new Set<Why>()
  let wake = () => {}
  return {
    ring(why) {
      rang.add(why)
      wake()
    },
    async rung(ms, signal) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
        signal.addEventListener('abort', wake, { once: true })
        if (rang.size > 0 || signal.aborted) wake()
      }).finally(() => signal.removeEventListener('abort', wake))
      const why = rang
      rang = new Set()
      return why
    },
  }
}
