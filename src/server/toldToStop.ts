import { constants } from 'node:os'
import { performance } from 'node:perf_hooks'

/** Somebody told the process to stop. */
export class ToldToStop extends Error {
  override readonly name = 'ToldToStop'
  /** As shells count: 128 and the signal's number. */
  readonly exitCode: number

  constructor(signal: Signal) {
    super(`told to stop by ${signal}`)
    this.exitCode = exitCodeOf(signal)
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof signals)[number]

/**
 * Milliseconds within which another signal is the same wish: npm passes on the Ctrl-C that the terminal has sent to the
 * server already.
 */
const sameWish = 1_000

/**
 * From now on Ctrl-C and its like do not end the process: the first aborts the signal, with a `ToldToStop`. A second one
 * does not wait: the process exits at once, and what has to end with it does (listeners of `exit`).
 */
export function untilToldToStop(): { readonly signal: AbortSignal; readonly release: () => void } {
  const stopping = new AbortController()
  let first: number | null = null
  const hear = (signal: Signal) => {
    const now = performance.now()
    first ??= now
    if (now - first > sameWish) process.exit(exitCodeOf(signal))
    if (!stopping.signal.aborted) stopping.abort(new ToldToStop(signal))
  }
  for (const signal of signals) process.on(signal, hear)
  return {
    signal: stopping.signal,
    release: () => {
      for (const signal of signals) process.off(signal, hear)
    },
  }
}

function exitCodeOf(signal: Signal): number {
  return 128 + constants.signals[signal]
}
