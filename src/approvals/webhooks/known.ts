import type { AgeClock } from '../../lifetime/ageClock.ts'
import type { StoreReader } from '../ports.ts'
import { remember } from '../remembered.ts'
import type { Webhook } from './records.ts'

/** What any commit tells that changes a subscription. */
export const webhooksTopic = 'webhooks'

/** The subscriptions as this process knows them. */
export interface KnownWebhooks {
  /** From memory, where anything is remembered: so it may be old by a moment. @throws when it was never read, and cannot be */
  active(): Promise<readonly Webhook[]>
}

/** Milliseconds after which somebody who asks has it read anew, for when a commit was not heard of. */
const believedMs = 10_000

/** Nobody waits for a reading but the first who asks. */
export function knownWebhooks(
  store: Pick<StoreReader, 'webhooks' | 'watch'>,
  ages: Pick<AgeClock, 'now' | 'onJump'>,
): KnownWebhooks {
  const known = remember(store, ages, { read: () => store.webhooks(), topic: webhooksTopic, believedMs })
  const readAnew = () => void known.renew().catch(() => undefined)
  store.watch(webhooksTopic, () => known.last() && readAnew())
  return {
    async active() {
      const last = known.last()
      if (!last) return known.renew()
      if (!known.believed()) readAnew()
      return last
    },
  }
}
