/**
 * Runs work one at a time. Whoever asks gets a run that began after asking: while one is under way, all who ask share
 * the next. So what somebody learned before asking is never missed, and nothing is done in parallel, whoever asks how often.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const run = (): Promise<void> => {
    running = work().finally(() => {
      running = null
    })
    return running
  }
  return () => {
    if (!running) return run()
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null
        return run()
      })
    return next
  }
}
