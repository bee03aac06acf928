import type { Ports } from '../ports.ts'
import { troubleJob } from './trouble.ts'

/** An agent that is refused once and waits is no flood: so many calls refused within a slot are. */
const flood = 20
const slotMs = 600_000

/** As many agents as are counted. */
const counted = 10_000

/**
 * Counts calls that were refused because they came too fast, and puts down that an agent's owner is to hear of it: at most once in a slot for
 * each agent, so that what is refused costs no commit. On one process: it is where the pace is kept. One that cannot be put down is lost.
 */
export function createPacedCounter(ports: Pick<Ports, 'store' | 'clock'>): (caller: string) => void {
  let slot = 0
  let refused = new Map<string, number>()
  return (caller) => {
    const now = Math.floor(ports.clock().getTime() / slotMs)
    if (now !== slot || refused.size > counted) refused = new Map()
    slot = now
    const times = (refused.get(caller) ?? 0) + 1
    refused.set(caller, times)
    if (times !== flood) return
    const jobs = [troubleJob(caller, 'paced', ports.clock())]
    ports.store.commit({ entries: [], jobs }).catch(() => undefined)
  }
}
