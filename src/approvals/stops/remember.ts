import type { AgeClock } from '../../lifetime/ageClock.ts'
import type { KnownStops } from '../known.ts'
import type { StoreReader } from '../ports.ts'
import { remember } from '../remembered.ts'

/** What any commit tells that makes or resumes a stop. */
export const stopsTopic = 'stops'

/** Milliseconds for which what was read is believed without a word: being told is promised by nobody. */
const believedMs = 10_000

/**
 * A stop that it has not heard of is found by the commit (`Change.stopsRead`), and one that was resumed by whoever reads again before
 * they refuse (threats: stale-replica).
 */
export function rememberStops(
  store: Pick<StoreReader, 'standingStops' | 'watch'>,
  ages: Pick<AgeClock, 'now' | 'onJump'>,
): KnownStops {
  const known = remember(store, ages, { read: () => store.standingStops(), topic: stopsTopic, believedMs })
  return {
    standing: async () => known.believed() ?? known.renew(),
    renew: known.renew,
    forget: known.forget,
  }
}
