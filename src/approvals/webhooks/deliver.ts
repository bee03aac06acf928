import type { ActionRequest } from '../../core/request.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { bodyOf } from './message.ts'
import { type Posted, SendFault } from './outgoing.ts'
import type { Webhook, WebhookDelivery } from './records.ts'
import { nextAttempt } from './schedule.ts'
import { secretsOf, webhookEntry } from './subscriptions.ts'
import { deliverJob } from './tellEverybody.ts'

/** How an attempt ended, for the log: `next` is the time of the following one. Null when there was nothing to send any more. */
export type Attempted =
  | { readonly ended: 'delivered' | 'dead'; readonly last: string }
  | { readonly ended: 'again'; readonly last: string; readonly next: string }
  | null

/**
 * One attempt to send a message. It is sent, and then noted: whoever dies in between sends it again, under the same id. Only an
 * answer of 2xx is a success; 410 ends a subscription, as the standard has it; everything else is tried again for a day and then
 * given up, visibly.
 */
export async function deliver(
  ports: Ports,
  job: { readonly delivery: string; readonly nth: number },
): Promise<Attempted> {
  const delivery = await ports.store.webhookDelivery(job.delivery)
  if (delivery?.state !== 'waiting' || delivery.attempts !== job.nth) return null
  const message = await messageOf(ports, delivery)
  if (message === 'removed')
    return note(ports, { delivery, webhook: null, url: '', request: null, answer: 'its webhook was removed' })
  const { url, secrets, body, webhook, request } = message
  const answer = await ports.outgoing
    .post({ url, secrets, body, id: delivery.id, at: ports.clock() })
    .catch((fault: unknown) => {
      if (fault instanceof SendFault) return fault.message
      throw fault
    })
  return note(ports, { delivery, webhook, url, request, answer })
}

interface Sent {
  readonly delivery: WebhookDelivery
  readonly webhook: Webhook | null
  readonly url: string
  /** Null where there is nobody left to send it to. */
  readonly request: ActionRequest | null
  /** What the other side said, or why it said nothing. */
  readonly answer: Posted | string
}

/** Where to, what, and who signs it. `removed` when nobody wants it any more. */
async function messageOf(ports: Ports, delivery: WebhookDelivery) {
  const [request, story] = await Promise.all([
    ports.store.request(delivery.request),
    ports.store.entries(delivery.request),
  ])
  const entry = story.find(({ id }) => id === delivery.entry)
  const to = request && (await addresseeOf(ports, delivery, request))
  if (!request || !entry || !to) return 'removed'
  return { ...to, request, body: bodyFor(ports, { request, story, entry, event: delivery.event }) }
}

function bodyFor(
  { outgoing }: Ports,
  {
    request,
    ...told
  }: {
    readonly request: ActionRequest
    readonly story: readonly Entry[]
    readonly entry: Entry
    readonly event: string
  },
): string {
  return bodyOf(request, { ...told, baseUrl: outgoing.baseUrl })
}

async function addresseeOf(ports: Ports, delivery: WebhookDelivery, request: ActionRequest) {
  if (delivery.webhook === null) {
    if (request.callbackUrl === undefined) return null
    return { url: request.callbackUrl, webhook: null, secrets: await callbackSecrets(ports, request) }
  }
  const webhook = await ports.store.webhook(delivery.webhook)
  if (webhook?.status !== 'active') return null
  return { url: webhook.url, webhook, secrets: secretsOf(ports, webhook) }
}

/** Of the key that asked, and of those that the agent has now: so a receiver takes over a new one when it likes. */
async function callbackSecrets(
  { store, outgoing }: Ports,
  { agent }: ActionRequest,
): Promise<readonly string[]> {
  const living = (await store.keysOf(agent.id)).filter(({ status }) => status === 'active')
  const keys = new Set([agent.key, ...living.map(({ id }) => id)])
  return [...keys].map((key) => outgoing.callbackSecret(key))
}

async function note(ports: Ports, sent: Sent): Promise<Attempted> {
  const { delivery, answer, request } = sent
  const status = typeof answer === 'string' ? null : answer.status
  const last = typeof answer === 'string' ? answer : said(answer)
  const attempts = delivery.attempts + 1
  const now = ports.clock()
  const next = { ...delivery, version: delivery.version + 1, attempts, last }
  const put = (changed: Partial<WebhookDelivery>) => ({
    webhookDeliveries: [{ expected: delivery.version, next: { ...next, ...changed } }],
  })
  if (status !== null && status >= 200 && status < 300) {
    await ports.store.commit({ ...put({ state: 'delivered', endedAt: now.toISOString() }), entries: [] })
    return { ended: 'delivered', last }
  }
  const retryAfterSeconds = typeof answer === 'string' ? null : answer.retryAfterSeconds
  const given = request === null || status === 410
  const at = given ? null : nextAttempt(now, { delivery: delivery.id, attempts, retryAfterSeconds })
  if (at !== null) {
    await ports.store.commit({ ...put({}), entries: [], jobs: [deliverJob(next, sent.url, at)] })
    return { ended: 'again', last, next: at }
  }
  await ports.store.commit({
    ...put({ state: 'dead', endedAt: now.toISOString() }),
    ...endOf(ports, { ...sent, gone: status === 410, last }),
  })
  return { ended: 'dead', last }
}

/** What is recorded of a message that was given up; who says that it is gone for good hears nothing more. */
function endOf(
  ports: Ports,
  { delivery, request, webhook, gone, last }: Sent & { readonly gone: boolean; readonly last: string },
): Pick<Change, 'entries' | 'webhooks'> {
  if (!request) return { entries: [] }
  const dead = requestEntry(ports, request, {
    type: 'webhook.dead',
    actor: { kind: 'system', id: 'webhooks', via: 'clock' },
    data: {
      delivery: delivery.id,
      event: delivery.event,
      webhook: delivery.webhook,
      attempts: delivery.attempts + 1,
      last,
    },
  })
  if (!gone || !webhook) return { entries: [dead] }
  const removed = { ...webhook, version: webhook.version + 1, status: 'removed', earlier: null } as const
  return {
    webhooks: [{ expected: webhook.version, next: removed }],
    entries: [
      dead,
      webhookEntry(ports, 'webhook.removed', {
        webhook,
        actor: { kind: 'system', id: 'webhooks', via: 'clock' },
        data: { why: 'gone' },
      }),
    ],
  }
}

function said({ status }: Posted): string {
  if (status >= 300 && status < 400) return `it answered ${status}: redirects are not followed`
  return `it answered ${status}`
}
