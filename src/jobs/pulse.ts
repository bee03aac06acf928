import { EventEmitter } from 'node:events'
import type { WorkerEvents } from 'graphile-worker'

/** Whether the runners of one share ask for work, over all of its shifts. */
export interface Pulse {
  /** For the next runner, which begins with empty hands. */
  beginSession(): WorkerEvents
  /** Why the share counts as dead, or null while it works. */
  deadBecause(): string | null
  /** How many jobs the runner has in hand. */
  inHand(): number
}

export interface PulseOptions {
  /** Milliseconds that only ever grow. */
  readonly elapsed: () => number
  /** How many jobs a runner does at once. */
  readonly hands: number
  /** Milliseconds. Whoever has a free hand asks every two seconds and is answered, or given up, in ten. */
  readonly quietAfter: number
  /** Milliseconds. With all hands full nobody asks; jobs have limits of their own that are far below. */
  readonly fullAfter: number
}

export const usualPulse = { quietAfter: 15_000, fullAfter: 300_000 } as const

/**
 * A runner that cannot get work says so only in events and goes on: a read-only session, a connection that never answers.
 * So what counts is when the database last answered one that asked, on a clock that nobody sets.
 */
export function createPulse({ elapsed, hands, quietAfter, fullAfter }: PulseOptions): Pulse {
  let answeredAt = elapsed()
  let fault: string | null = null
  let held = new Set<string>()

  const answered = () => {
    answeredAt = elapsed()
    fault = null
  }
  return {
    beginSession() {
      const holding = new Set<string>()
      held = holding
      const events: WorkerEvents = new EventEmitter()
      events.on('worker:getJob:empty', answered)
      events.on('job:start', ({ job }) => {
        answered()
        holding.add(job.id)
      })
      events.on('job:complete', ({ job }) => holding.delete(job.id))
      events.on('worker:getJob:error', ({ error }) => {
        fault = error instanceof Error ? error.message : String(error)
      })
      return events
    },
    deadBecause() {
      const full = held.size >= hands
      const quiet = elapsed() - answeredAt
      if (quiet <= (full ? fullAfter : quietAfter)) return null
      const seconds = Math.floor(quiet / 1_000)
      if (full) return `All slots have been full for ${seconds} s, and no job ends.`
      return `No answer to a worker that asked for work for ${seconds} s${fault ? `: ${fault}` : '.'}`
    },
    inHand: () => held.size,
  }
}
