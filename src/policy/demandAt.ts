import type { Bundle, Demand } from './bundle.ts'
import { clockSeconds } from './workingHours.ts'

/**
 * A demand whose deadline counts by clocks, for what is asked at this moment (RFC 3339): everything that is compared or joined
 * with it then is of one kind.
 */
export function demandAt(
  { workingHours, timezone }: Pick<Bundle, 'workingHours' | 'timezone'>,
  demand: Demand,
  now: string | undefined,
): Demand {
  const { countsWorkingHours, ...rest } = demand
  // Without a calendar or a moment, the shorter of what it could be.
  if (!countsWorkingHours || !workingHours || now === undefined) return rest
  return { ...rest, expiresInSeconds: clockSeconds({ workingHours, timezone }, rest.expiresInSeconds, now) }
}

/** The deadline of a demand as it is written. */
export function expiryOf({ expiresInSeconds, countsWorkingHours }: Demand) {
  return { seconds: expiresInSeconds, working: countsWorkingHours === true }
}
