import type { Health, Store } from '../approvals/ports.ts'
import { type StoreTrouble, StoreUnavailable } from '../approvals/storeUnavailable.ts'
import type { Log } from './log.ts'
import { troubles, unavailableIn } from './unavailable.ts'

export interface TroubleOptions {
  readonly log: Log
  readonly health: Health
  /** Hears that a newer version has replaced this process. */
  readonly replaced: (cause: unknown) => void
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number
}

/** Milliseconds without trouble after which it counts as over: one session of many may be well before the others. */
const quiet = 2_000

/**
 * Milliseconds for which a failed write speaks. Nobody sends us calls while we are not ready, so no write of theirs could
 * show that it is over; the beat that we write ourselves goes on and says so where it cannot.
 */
const failedWriteSpeaks = 10_000

/**
 * The port with its troubles sorted: whatever the database is the reason for comes out as `StoreUnavailable`, whichever
 * method it was and whatever stood between. The operator's log says it once when it begins, changes or is over, not for
 * each call. A disk without room and a database that takes no writes, or none of ours, make this process unfit.
 */
export function sortTroubles(store: Store, options: TroubleOptions): Store {
  const told = troubleLog(options)
  const sorted = Object.entries(store).map(([name, method]: [string, (...args: unknown[]) => unknown]) => {
    const writes = name === 'commit'
    const heard = (answer: unknown): unknown => {
      told.worked(writes)
      return answer
    }
    const failed = (error: unknown): never => {
      const fault = unavailableIn(error)
      if (!fault) throw error
      told.failed(fault, writes)
      if (fault.reason === 'replaced') options.replaced(fault.cause)
      throw writes ? fault : ofReading(fault)
    }
    const through = (...args: unknown[]): unknown => {
      const answer = method(...args)
      return answer instanceof Promise ? answer.then(heard, failed) : answer
    }
    return [name, through]
  })
  return Object.fromEntries(sorted) as Store // the same methods under the same names
}

/** Whatever became of a read, nothing of it can have taken effect. */
function ofReading({ reason, message, retryAfterSeconds, cause }: StoreUnavailable): StoreUnavailable {
  return new StoreUnavailable({ reason, message, retryAfterSeconds, cause, unknown: false })
}

interface TroubleLog {
  failed(fault: StoreUnavailable, writes: boolean): void
  worked(writes: boolean): void
}

/** From its beginning until it is over, with everything that was said of it. */
interface Trouble {
  readonly said: Set<StoreTrouble>
  /** True when a write met it. */
  inWrites: boolean
  calls: number
  /** When the last call failed. */
  last: number
}

function troubleLog({ log, health, elapsed = () => performance.now() }: TroubleOptions): TroubleLog {
  let trouble: Trouble | null = null
  let silence: NodeJS.Timeout | undefined
  const writesAgain = () => {
    clearTimeout(silence)
    silence = undefined
    health.clear('cannot_write', 'commit')
  }
  return {
    failed({ reason, message, cause }, writes) {
      trouble ??= { said: new Set(), inWrites: false, calls: 0, last: 0 }
      // While nothing answers, connections run out too: that is no news.
      const news = !trouble.said.has(reason) && !(reason === 'busy' && trouble.said.size > 0)
      const { says, fix } = troubles[reason]
      if (news) log[reason === 'ending' ? 'info' : 'error']({ reason, err: cause, fix }, says)
      trouble.said.add(reason)
      trouble.inWrites ||= writes
      trouble.calls += 1
      trouble.last = elapsed()
      if (!writes || !stopsWrites.includes(reason)) return
      health.raise('cannot_write', message, 'commit')
      clearTimeout(silence)
      silence = setTimeout(writesAgain, failedWriteSpeaks)
      silence.unref()
    },
    worked(writes) {
      if (writes && silence) writesAgain()
      if (!trouble) return
      // Reading goes on where writing does not: that it works says little, for a while.
      const mute = trouble.inWrites && !writes
      if (elapsed() - trouble.last < (mute ? failedWriteSpeaks : quiet)) return
      const { said, calls } = trouble
      trouble = null
      log.warn({ reasons: [...said], calls }, 'the database can be used again')
    },
  }
}

/**
 * What makes this process unfit, as soon as a write of others has met it. The beat may not: rights can be taken away from
 * one table and not from another.
 */
const stopsWrites: readonly StoreTrouble[] = ['full', 'read_only', 'refused', 'replaced']
