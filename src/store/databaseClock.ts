import type { Clock } from '../approvals/ports.ts'
import type { Log } from './log.ts'

export interface DatabaseClockOptions {
  /** The database's time now. */
  readonly readTime: () => Promise<Date>
  readonly log: Log
  /** Milliseconds that only ever grow, whatever somebody does to this machine's clock. */
  readonly elapsed?: () => number
  /** This machine's own clock, milliseconds: only to notice that it stood still or jumped. */
  readonly local?: () => number
}

export interface DatabaseClock {
  readonly now: Clock
  /** Measures again. Keeps the last measurement when the database does not answer. */
  measure(): Promise<void>
  stop(): void
}

const everyMilliseconds = 60_000

/** Beyond this the two clocks of this machine disagree: it slept, or somebody set it. Milliseconds. */
const disagreement = 1_000

/** Milliseconds a minute that two good clocks may drift apart, as time servers allow them to at most. */
const driftPerMinute = 30

/**
 * A clock that follows the database's, so that replicas agree on what is expired and a jump of a server's own clock
 * decides nothing (threats: clock). Measured at start and every minute; between measurements it counts on with the
 * monotonic clock. A machine that slept is noticed by comparing its two clocks, and measured again at once. A step of the
 * database's own clock cannot be undone, so it is told: deadlines and entries before and after it do not fit together.
 */
export async function databaseClock(options: DatabaseClockOptions): Promise<DatabaseClock> {
  const { readTime, log, elapsed = () => performance.now(), local = () => Date.now() } = options
  let mark = await measureOnce({ readTime, elapsed, local })
  let measuring: Promise<void> | null = null

  const measure = (): Promise<void> => {
    measuring ??= measureOnce({ readTime, elapsed, local })
      .then((next) => {
        tellStep(log, mark, next)
        mark = betterOf(mark, next)
      })
      .catch((error: unknown) =>
        log.warn({ err: error }, 'could not read the time of the database; counting on'),
      )
      .finally(() => {
        measuring = null
      })
    return measuring
  }
  const timer = setInterval(() => void measure(), everyMilliseconds)
  timer.unref()

  const now = (): Date => {
    const since = elapsed() - mark.elapsed
    if (Math.abs(local() - mark.local - since) > disagreement) void measure()
    return new Date(mark.time + since)
  }
  return { now, measure, stop: () => clearInterval(timer) }
}

interface Mark {
  /** The database's time at this mark, epoch milliseconds. */
  readonly time: number
  readonly elapsed: number
  readonly local: number
  /** Milliseconds that the question and its answer took. */
  readonly roundTrip: number
}

/** An answer that took longer than this says little about the time. Milliseconds. */
const longRoundTrip = 500

/**
 * An answer that was long under way (no connection was free, the network stood still) may be wrong by half of that. Where
 * it does not contradict what was counted from an earlier one, that is the better guess.
 */
function betterOf(before: Mark, now: Mark): Mark {
  const counted = before.time + (now.elapsed - before.elapsed)
  const possible = Math.abs(counted - now.time) <= now.roundTrip / 2
  const isBetter = now.roundTrip > longRoundTrip && now.roundTrip > before.roundTrip && possible
  return isBetter ? { ...now, time: counted, roundTrip: before.roundTrip } : now
}

/** By how much more the database's time went on than this machine's monotonic clock, when that is more than drift. */
function tellStep(log: Log, before: Mark, now: Mark): void {
  const passed = now.elapsed - before.elapsed
  const stepMs = Math.round(now.time - before.time - passed)
  const expected = disagreement + now.roundTrip + before.roundTrip + (passed / 60_000) * driftPerMinute
  if (Math.abs(stepMs) <= expected) return
  log.warn(
    { stepMs },
    stepMs > 0
      ? 'the clock of the database jumped ahead, or this machine slept: deadlines may have passed at once'
      : 'the clock of the database was set back: deadlines come later, and entries may seem to be older than those before them',
  )
}

/** The answer was true somewhere between asking and hearing: half-way is the best guess. */
async function measureOnce(
  from: Required<Pick<DatabaseClockOptions, 'readTime' | 'elapsed' | 'local'>>,
): Promise<Mark> {
  const asked = from.elapsed()
  const time = (await from.readTime()).getTime()
  const heard = from.elapsed()
  const roundTrip = heard - asked
  return { time: time + roundTrip / 2, elapsed: heard, local: from.local(), roundTrip }
}
