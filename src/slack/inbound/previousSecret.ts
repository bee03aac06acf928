import type { Logger } from 'pino'

/** Milliseconds. The metric has each delivery; the log says only that there still are some. */
const quietFor = 3_600_000

/**
 * Says that Slack still signs with the secret before: while that is said, it cannot go. `elapsed` in milliseconds that only ever
 * grow.
 */
export function sayPrevious(elapsed: () => number, log: Pick<Logger, 'warn'>): () => void {
  let saidAt = Number.NEGATIVE_INFINITY
  return () => {
    if (elapsed() - saidAt < quietFor) return
    saidAt = elapsed()
    log.warn('Slack signed a delivery with SLACK_SIGNING_SECRET_PREVIOUS: it is still needed')
  }
}
