import type { Passing } from './forgetting.ts'
import type { Ports } from './ports.ts'

/** So many are removed by one statement, and so many statements are one look's work; the next look goes on. */
const batch = 500
const mostBatches = 20

const dayMs = 86_400_000

/** What is forgotten, and the fewest days after which: a policy can let a denial count for 30, and the window of a budget be as long. */
const fewestDays = {
  deliveries: 7,
  coolDowns: 31,
  budgetEntries: 31,
  shadows: 7,
  mentions: 2,
} as const satisfies Record<Passing, number>

/**
 * Forgets what is older than anything that could still ask for it. It is done with the messages to webhooks (`webhooks/prune.ts`), whose
 * job comes again every hour, for one replica at a time.
 */
export async function prunePassing({ store, clock, pruneDays }: Ports): Promise<void> {
  for (const what of ['deliveries', 'coolDowns', 'budgetEntries', 'shadows', 'mentions'] as const) {
    const days =
      what === 'budgetEntries' || what === 'mentions'
        ? fewestDays[what]
        : Math.max(pruneDays, fewestDays[what])
    const before = new Date(clock().getTime() - days * dayMs).toISOString()
    for (let nth = 0; nth < mostBatches; nth += 1)
      if ((await store.forgetPassing({ what, before, limit: batch })) < batch) break
  }
}
