import type { AgeClock } from '../../lifetime/ageClock.ts'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { KnownStops, StoreReader } from '../ports.ts'
import type { StandingStops } from './records.ts'

/** What any commit tells that makes or resumes a stop. */
export const stopsTopic = 'stops'

/** Milliseconds for which what was read is believed without a word: being told is promised by nobody. */
const believedMs = 10_000

/**
 * Reads when it is asked and does not know: at first, when a commit told of a stop, when the last reading is old, and when the
 * clocks of this machine disagree. A stop that it has not heard of is found by the commit (`Change.stopsRead`), and one that was
 * resumed by whoever reads again before they refuse (threats: stale-replica).
 */
export function rememberStops(
  store: Pick<StoreReader, 'standingStops' | 'watch'>,
  ages: Pick<AgeClock, 'now' | 'onJump'>,
): KnownStops {
  let remembered: { readonly stops: StandingStops; readonly at: number } | null = null
  let era = 0
  let last: StandingStops = { stops: [], read: 0 }
  const forget = () => {
    era += 1
    remembered = null
  }
  store.watch(stopsTopic, forget)
  ages.onJump(forget)
  const look = oneAtATime(async () => {
    const began = era
    const at = ages.now()
    last = await store.standingStops()
    // What came while it was read may be missing in it: then the next who asks reads again.
    if (began === era) remembered = { stops: last, at }
  })
  const renew = async () => {
    await look()
    return last
  }
  return {
    async standing() {
      const now = ages.now() // before anything is believed: a jump makes it forget
      if (remembered && now - remembered.at < believedMs) return remembered.stops
      return renew()
    },
    renew,
    forget,
  }
}
