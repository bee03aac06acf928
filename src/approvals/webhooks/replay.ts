import { Refusal } from '../../core/refusal.ts'
import type { Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import type { WebhookDelivery } from './records.ts'
import { byOperator } from './subscriptions.ts'
import { deliverJob } from './tellEverybody.ts'

/** So many are put back in one commit. */
const pageSize = 100

/**
 * A message that has ended, delivered or given up, is sent again under its own id, with a day of its own.
 *
 * @throws Refusal `not_applicable` when it still waits, or nobody is there to get it, `busy`
 */
export async function replayDelivery(ports: Ports, ask: Word & { readonly delivery: string }): Promise<void> {
  const delivery = await ports.store.webhookDelivery(ask.delivery)
  if (!delivery || delivery.state === 'waiting')
    throw new Refusal('not_applicable', 'no message of that id that has ended')
  if ((await putBack(ports, ask, [delivery])) === 0)
    throw new Refusal('not_applicable', 'its webhook was removed')
}

/** The same for all that were given up. Resolves to how many are sent again. @throws Refusal `busy` */
export async function replayDead(ports: Ports, ask: Word): Promise<number> {
  let replayed = 0
  let before: string | undefined
  for (;;) {
    const page = await ports.store.webhookDeliveries({
      state: 'dead',
      limit: pageSize,
      ...(before !== undefined && { before }),
    })
    replayed += await putBack(ports, ask, page)
    before = page.at(-1)?.id
    if (before === undefined || page.length < pageSize) return replayed
  }
}

async function putBack(ports: Ports, word: Word, deliveries: readonly WebhookDelivery[]): Promise<number> {
  const found = await Promise.all(
    deliveries.map(async (delivery) => ({ delivery, url: await addressOf(ports, delivery) })),
  )
  const sendings = found.flatMap(({ delivery, url }) => {
    const next = {
      ...delivery,
      version: delivery.version + 1,
      state: 'waiting',
      attempts: 0,
      endedAt: null,
    } as const
    return url === null ? [] : [{ put: { expected: delivery.version, next }, job: deliverJob(next, url) }]
  })
  const [first] = sendings
  if (!first) return 0
  const webhook = { id: first.put.next.webhook ?? 'callback' }
  const data = { deliveries: sendings.length, first: first.put.next.id }
  const committed = await ports.store.commit({
    webhookDeliveries: sendings.map(({ put }) => put),
    jobs: sendings.map(({ job }) => job),
    entries: [byOperator(ports, 'webhook.replayed', { webhook, word, data })],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'a message changed while it was put back')
  return sendings.length
}

/** Where it goes; null when nobody wants it any more. */
async function addressOf({ store }: Ports, { webhook, request }: WebhookDelivery): Promise<string | null> {
  if (webhook === null) return (await store.request(request))?.callbackUrl ?? null
  const known = await store.webhook(webhook)
  return known?.status === 'active' ? known.url : null
}
