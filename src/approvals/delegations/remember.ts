import type { AgeClock } from '../../lifetime/ageClock.ts'
import type { KnownDelegations } from '../known.ts'
import type { Clock, StoreReader } from '../ports.ts'
import { remember } from '../remembered.ts'
import { isStanding } from './records.ts'

/** What any commit tells that begins or ends a delegation. */
export const delegationsTopic = 'delegations'

/** Milliseconds for which what was read is believed without a word: being told is promised by nobody. */
const believedMs = 10_000

export function rememberDelegations(
  store: Pick<StoreReader, 'standingDelegations' | 'watch'>,
  ages: Pick<AgeClock, 'now' | 'onJump'>,
  clock: Clock,
): KnownDelegations {
  const read = () => store.standingDelegations(clock())
  const known = remember(store, ages, { read, topic: delegationsTopic, believedMs })
  return {
    async standing() {
      const found = known.believed() ?? (await known.renew())
      // One whose time ends is over with it, heard or not.
      const now = clock()
      return found.filter((one) => isStanding(one, now))
    },
  }
}
