import { setTimeout as delay } from 'node:timers/promises'
import { type Shift, startShift, type WorkerOptions } from './shift.ts'

/** The running worker. `stop` lets jobs in hand finish. */
export interface Worker {
  readonly stop: () => Promise<void>
}

/** Milliseconds between attempts to get to work again. */
const pause = 1_000

/**
 * Runs jobs from the database until stopped. A job that throws is tried again, later and later (graphile-worker's
 * back-off: e^attempt seconds, up to 25 attempts), so whatever was acknowledged is done in the end. A shift that ends by
 * itself, because the database went away under a job, is followed by another.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const stopping = new AbortController()
  const first = await startShift(options)
  const working = keepWorking({ ...options, first, signal: stopping.signal })
  return {
    async stop() {
      stopping.abort()
      await working
    },
  }
}

async function keepWorking(
  options: WorkerOptions & { readonly first: Shift; readonly signal: AbortSignal },
): Promise<void> {
  const { log, signal } = options
  const told = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  let shift: Shift | null = options.first
  while (shift) {
    await Promise.race([shift.ended, told])
    await shift.end()
    if (signal.aborted) return
    log.error('the job worker lost its database; it starts again')
    shift = await nextShift(options)
  }
}

/** Resolves to null when the worker was stopped before the database came back. */
async function nextShift(options: WorkerOptions & { readonly signal: AbortSignal }): Promise<Shift | null> {
  const { log, signal } = options
  while (!signal.aborted) {
    try {
      const shift = await startShift(options)
      log.warn('the job worker is back')
      return shift
    } catch (error) {
      log.error({ err: error }, 'the job worker could not start again; trying once more')
      await delay(pause, undefined, { signal }).catch(() => {})
    }
  }
  return null
}
