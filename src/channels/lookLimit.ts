import { Refusal } from '../core/refusal.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { createAllowances, type Pace } from '../lifetime/allowance.ts'

/** Lists that one person may have on one replica: nobody reads faster, and each looks through all that wait. */
export const looks: Pace = { perSecond: 0.5, burst: 20 }

/** Counts one list for a person. @throws Refusal `looked_often` when they have none left (threats: flood) */
export function lookLimit({ elapsed }: Pick<AgeClock, 'elapsed'>): (user: string) => void {
  const { take } = createAllowances(elapsed)
  return (user) => {
    if (!take(user, looks).allowed)
      throw new Refusal('looked_often', 'a person asks for lists faster than anybody reads')
  }
}
