import type { Job } from '../job.ts'
import type { Ports } from '../ports.ts'
import type { WebhookDelivery } from './records.ts'

/** What was given up is kept so many times as long as what was delivered: somebody has to find out, mend the address and replay. */
const deadFactor = 3

/** So many are removed by one statement, and so many statements are one job's work; then others have their turn. */
const batch = 500
const mostBatches = 20

const dayMs = 86_400_000
/** Seconds until the next look; sooner where there was more to remove than one job does. */
const everySeconds = 3_600
const soonSeconds = 60

/** The first look of a process that starts. */
export const firstPrune = { task: 'prune' } as const satisfies Job

/**
 * Removes messages that ended so long ago that nobody looks for them: what they told stands in the ledger. The next look is
 * committed first, so that it comes whatever happens to this one.
 */
export async function pruneDeliveries(ports: Ports): Promise<void> {
  await lookAgain(ports, everySeconds)
  const removed = (await forget(ports, 'delivered', 1)) + (await forget(ports, 'dead', deadFactor))
  if (removed >= mostBatches * batch) await lookAgain(ports, soonSeconds)
}

async function lookAgain({ store, clock }: Ports, seconds: number): Promise<void> {
  const at = new Date(clock().getTime() + seconds * 1_000).toISOString()
  await store.commit({ entries: [], jobs: [{ ...firstPrune, at }] })
}

/** Resolves to how many were removed. */
async function forget(
  { store, clock, deliveryDays }: Ports,
  state: Exclude<WebhookDelivery['state'], 'waiting'>,
  factor: number,
): Promise<number> {
  const endedBefore = new Date(clock().getTime() - deliveryDays * factor * dayMs).toISOString()
  let removed = 0
  for (let nth = 0; nth < mostBatches; nth += 1) {
    const now = await store.forgetDeliveries({ state, endedBefore, limit: batch })
    removed += now
    if (now < batch) break
  }
  return removed
}
