import { within } from '../../lifetime/limit.ts'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { Health } from '../ports.ts'
import type { PolicyVersion } from '../records.ts'
import { CannotJudge, type JudgedRequest, type ShadowJudge, type StartShadowJudge } from './judge.ts'
import type { Shadow, ShadowBatch, ShadowTotals } from './records.ts'
import type { ShadowStore } from './shadowStore.ts'
import { foundNothing } from './tally.ts'

/** What judges by a shadow on one replica, until it is ended. */
export interface Judging {
  /** Takes a request that was judged, for later; at once, whatever the candidate does. */
  offer(request: JudgedRequest, policy: string | null): void
  /** What was found by then is written. Never rejects. */
  end(): Promise<void>
}

export interface JudgingOptions {
  readonly shadow: Shadow
  readonly base: PolicyVersion
  readonly head: PolicyVersion
  readonly start: StartShadowJudge
  readonly store: Pick<ShadowStore, 'addToShadow'>
  readonly replica: { readonly id: string; readonly name: string }
  /** The number of the next batch of this replica; it only grows. */
  readonly nth: () => number
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

/** So many requests wait; what comes while they do is only counted. */
export const mostWaiting = 500
/** So many are copied to it at once: each copy keeps whoever asks waiting for a moment. */
const mostAtOnce = 25
/** So often what judges may end or hang before nobody starts it again. */
const mostFaults = 5

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: what waits, judges and writes shares one small state
export function judgeBeside(options: JudgingOptions): Judging {
  const { shadow, base, head, start, store, replica, health, log, counted } = options
  const times = { ...usualTimes, ...options.times }
  const queue: JudgedRequest[] = []
  let judge: ShadowJudge | null = null
  let problem: string | null = null
  let isUnable = false
  let faults = 0
  let ended = false
  let found = foundNothing()
  let sending: ShadowBatch | null = null
  let saidAt = Number.NEGATIVE_INFINITY
  let gathering: NodeJS.Timeout | undefined
  const giveUp = new AbortController()

  const count = (outcome: 'failed' | 'dropped', requests: number): void => {
    if (requests === 0) return
    found = found.with(outcome, requests)
    counted(outcome, requests)
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
      saidAt = Number.NEGATIVE_INFINITY
      count('dropped', queue.splice(0).length)
    } else log.warn(about, 'what judges by the shadow ended; starting it again')
  }
  const started = async (): Promise<void> => {
    while (!judge && !isUnable && !ended) {
      try {
        const made = await start({ base, head }, giveUp.signal)
        saidAt = Number.NEGATIVE_INFINITY
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
      const taken = queue.splice(0, mostAtOnce)
      try {
        const compared = await judge.compare(taken)
        found = found.and(compared, counted)
        problem = compared.why ?? problem
      } catch (fault) {
        judge = null
        count(ended ? 'dropped' : 'failed', taken.length)
        lost(fault)
        await started()
      }
    }
  })
  /** Frozen until it is written: what was sent and not answered is sent again as it was. */
  const batch = (): ShadowBatch | null => {
    const now = performance.now()
    if (found.isNothing && now - saidAt < times.say) return null
    saidAt = now
    const { totals, kinds } = found
    found = foundNothing()
    const judges = judge !== null && !ended
    return {
      ...replica,
      ...totals,
      shadow: shadow.id,
      nth: options.nth(),
      base: base.digest,
      judges,
      problem,
      found: kinds,
    }
  }
  const write = oneAtATime(async () => {
    sending ??= batch()
    if (!sending) return
    const now = sending
    await within(times.limit, 'writing what the shadow found', () => store.addToShadow(now))
    sending = null
  })
  const writeCarefully = () =>
    write().catch((fault: unknown) => {
      log.warn({ shadow: shadow.id, err: fault }, 'what the shadow found could not be written; trying again')
    })
  const writing = setInterval(() => void writeCarefully(), times.write)
  writing.unref()
  void work().then(writeCarefully)

  return {
    offer(request, policy) {
      if (ended) return
      // Judged by another policy, in the moment in which one follows another.
      if (isUnable || policy !== base.digest || queue.length >= mostWaiting) return count('dropped', 1)
      queue.push(request)
      gathering ??= setTimeout(() => {
        gathering = undefined
        void work()
      }, times.gather).unref()
    },
    async end() {
      ended = true
      clearInterval(writing)
      clearTimeout(gathering)
      health.clear('shadow_away')
      count('dropped', queue.splice(0).length)
      giveUp.abort()
      await judge?.end().catch(() => undefined)
      await within(times.limit, 'ending what judges by the shadow', work).catch(() => undefined)
      saidAt = Number.NEGATIVE_INFINITY
      // Once what was on its way, once the rest.
      if (sending) await writeCarefully()
      await writeCarefully()
    },
  }
}
