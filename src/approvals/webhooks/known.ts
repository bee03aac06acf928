import type { StoreReader } from '../ports.ts'
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
export function knownWebhooks(store: Pick<StoreReader, 'webhooks' | 'watch'>): KnownWebhooks {
  let known: readonly Webhook[] | null = null
  let reading: Promise<readonly Webhook[]> | null = null
  let readAt = 0
  let era = 0
  const read = async () => {
    const began = era
    const found = await store.webhooks()
    known = found
    // What was committed while it was being read may not be in it.
    readAt = began === era ? performance.now() : 0
    return found
  }
  const renew = () => {
    reading ??= read().finally(() => {
      reading = null
    })
    return reading
  }
  store.watch(webhooksTopic, () => {
    era += 1
    readAt = 0
    if (known) renew().catch(() => undefined)
  })
  return {
    async active() {
      if (!known) return renew()
      if (performance.now() - readAt > believedMs) renew().catch(() => undefined)
      return known
    },
  }
}
