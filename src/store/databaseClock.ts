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

/**
 * A clock that follows the database's, so that replicas agree on what is expired and a jump of a server's own clock
 * decides nothing (threats: clock). Measured at start and every minute; between measurements it counts on with the
 * monotonic clock. A machine that slept is noticed by comparing its two clocks, and measured again at once.
 */
export async function databaseClock(options: DatabaseClockOptions): Promise<DatabaseClock> {
  const { readTime, log, elapsed = () => performance.now(), local = () => Date.now() } = options
  let mark = await measureOnce({ readTime, elapsed, local })
  let measuring: Promise<void> | null = null

  const measure = (): Promise<void> => {
    measuring ??= measureOnce({ readTime, elapsed, local })
      .then((next) => {
        mark = next
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
}

/** The answer was true somewhere between asking and hearing: half-way is the best guess. */
async function measureOnce(
  from: Required<Pick<DatabaseClockOptions, 'readTime' | 'elapsed' | 'local'>>,
): Promise<Mark> {
  const asked = from.elapsed()
  const time = (await from.readTime()).getTime()
  const heard = from.elapsed()
  return { time: time + (heard - asked) / 2, elapsed: heard, local: from.local() }
}
