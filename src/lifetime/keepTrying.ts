/** How often and how long something is tried. Waits double, from the first to the longest, in milliseconds. */
export interface Patience {
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  /** At most so many attempts; without it, for ever. */
  readonly tries?: number
  /** Ends the trying at once: the promise rejects with its reason. */
  readonly signal?: AbortSignal
  /** False for a fault that waiting cannot change: it is thrown at once. */
  readonly mayPass?: (fault: unknown) => boolean
  /** Milliseconds that the other side asked us to wait at least, if it did. */
  readonly askedToWaitMs?: (fault: unknown) => number | null
  /** Hears of each fault that is followed by another attempt. */
  readonly onFault?: (fault: unknown, waitMs: number) => void
}

/** What came of `attempt`, tried again until it works. @throws the last fault, or the reason of the signal */
export async function keepTrying<T>(attempt: () => Promise<T>, patience: Patience): Promise<T> {
  const { tries = Number.POSITIVE_INFINITY, signal, mayPass, askedToWaitMs, onFault } = patience
  for (let nth = 1; ; nth += 1) {
    signal?.throwIfAborted()
    try {
      return await untilAborted(attempt(), signal)
    } catch (fault) {
      if (signal?.aborted || nth >= tries || mayPass?.(fault) === false) throw fault
      const own = Math.min(patience.firstWaitMs * 2 ** (nth - 1), patience.longestWaitMs)
      const waitMs = Math.max(own, askedToWaitMs?.(fault) ?? 0)
      onFault?.(fault, waitMs)
      await pause(waitMs, signal)
    }
  }
}

/** The work itself goes on; whoever waits for it does not. @throws the reason of the signal */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
  })
}

/** @throws the reason of the signal */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  try {
    await untilAborted(over, signal)
  } finally {
    clearTimeout(timer)
  }
}
