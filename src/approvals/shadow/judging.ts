import { within } from '../../lifetime/limit.ts'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { Health } from '../ports.ts'
import type { PolicyVersion } from '../records.ts'
import { CannotJudge, type JudgedRequest, type ShadowJudge, type StartShadowJudge } from './judge.ts'
import type { ShadowTotals } from './records.ts'
import { type WrittenFor, writeFound } from './writing.ts'

/** What judges by a shadow on one replica, until it is ended. */
export interface Judging {
  /** Takes a request that was judged, for later; at once, whatever the candidate does. */
  offer(request: JudgedRequest, policy: string | null): void
  /** What was found by then is written. Never rejects. */
  end(): Promise<void>
}

export interface JudgingOptions extends WrittenFor {
  readonly head: PolicyVersion
  readonly start: StartShadowJudge
  readonly health: Health
  readonly log: Log
  /** Hears of each request what came of it. */
  readonly counted: (outcome: keyof ShadowTotals, count: number) => void
  readonly times?: Partial<typeof usualTimes>
}

interface Log {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** A request and how many characters it has: one can have half a megabyte. */
interface Waiting {
  readonly request: JudgedRequest
  readonly length: number
}

/** Milliseconds. */
const usualTimes = {
  /** What comes within this is judged together. */
  gather: 50,
  /** How often what was found is written. */
  write: 5_000,
  /** How often a replica says that it lives, where it found nothing. */
  say: 30_000,
  /** What one writing may take. */
  limit: 5_000,
}

/** So many requests wait, with so many characters of what they ask and how they were judged; what comes while they do is only counted. */
export const mostWaiting = 500
export const mostHeld = 16 * 1024 * 1024
/** So many are copied to it at once: each copy keeps whoever asks waiting for a moment. */
const mostAtOnce = 25
/** So often what judges may end or hang before nobody starts it again. */
const mostFaults = 5

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: what waits and what judges share one small state
export function judgeBeside(options: JudgingOptions): Judging {
  const { shadow, base, head, start, health, log, counted } = options
  const times = { ...usualTimes, ...options.times }
  const queue: Waiting[] = []
  let held = 0
  let judge: ShadowJudge | null = null
  let problem: string | null = null
  let isUnable = false
  let faults = 0
  let ended = false
  let gathering: NodeJS.Timeout | undefined
  const giveUp = new AbortController()
  const standing = () => ({ judges: judge !== null && !ended, problem })
  const writing = writeFound({ ...options, times, standing })

  const count = (outcome: 'failed' | 'dropped', requests: number): void => {
    if (requests === 0) return
    writing.add((found) => found.with(outcome, requests))
    counted(outcome, requests)
  }
  const takeOut = (most: number): readonly JudgedRequest[] => {
    const taken = queue.splice(0, most)
    held -= taken.reduce((sum, { length }) => sum + length, 0)
    return taken.map(({ request }) => request)
  }
  const lost = (fault: unknown): void => {
    if (ended) return
    faults += 1
    problem = fault instanceof Error ? fault.message : 'It ended.'
    isUnable = fault instanceof CannotJudge || faults >= mostFaults
    const about = { shadow: shadow.id, policy: head.name, err: fault }
    if (isUnable) {
      log.error(about, 'nothing is judged by the shadow here')
      health.raise('shadow_away', `${head.name} judges beside the active policy, but not here: ${problem}`)
      writing.sayAgain()
      count('dropped', takeOut(queue.length).length)
    } else log.warn(about, 'what judges by the shadow ended; starting it again')
  }
  const started = async (): Promise<void> => {
    while (!judge && !isUnable && !ended) {
      try {
        const made = await start({ base, head }, giveUp.signal)
        writing.sayAgain()
        if (ended) await made.end()
        else judge = made
      } catch (fault) {
        lost(fault)
      }
    }
  }
  const work = oneAtATime(async () => {
    await started()
    while (judge && queue.length > 0) {
      const taken = takeOut(mostAtOnce)
      try {
        const compared = await judge.compare(taken)
        writing.add((found) => found.and(compared, counted))
        problem = compared.why ?? problem
      } catch (fault) {
        judge = null
        count(ended ? 'dropped' : 'failed', taken.length)
        lost(fault)
        await started()
      }
    }
  })
  void work().then(writing.now)

  return {
    offer(request, policy) {
      if (ended) return
      // Judged by another policy, in the moment in which one follows another.
      if (isUnable || policy !== base.digest || queue.length >= mostWaiting) return count('dropped', 1)
      const length = JSON.stringify(request).length
      if (held + length > mostHeld) return count('dropped', 1)
      queue.push({ request, length })
      held += length
      gathering ??= setTimeout(() => {
        gathering = undefined
        void work()
      }, times.gather).unref()
    },
    async end() {
      ended = true
      clearTimeout(gathering)
      health.clear('shadow_away')
      count('dropped', takeOut(queue.length).length)
      giveUp.abort()
      await judge?.end().catch(() => undefined)
      await within(times.limit, 'ending what judges by the shadow', work).catch(() => undefined)
      await writing.end()
    },
  }
}
