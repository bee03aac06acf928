import { createHash } from 'node:crypto'
import type { Entry } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { eventOf } from '../events.ts'
import type { Ids } from '../ids.ts'
import type { Job } from '../job.ts'
import type { Store } from '../ports.ts'
import type { KnownWebhooks } from './known.ts'
import type { Webhook, WebhookDelivery } from './records.ts'

/**
 * The store, where each change that holds an event also holds what tells it: a delivery and its job for every subscription that
 * wants it, and for the address of its request. So nothing that happened goes untold, whoever wrote it, and no verb has to think of
 * it. Where nobody wants anything, which is known from memory, the change is passed on as it came.
 *
 * A subscription that was added a moment ago, and of which this process has not heard, may miss what is committed in that moment.
 */
export function tellEverybody(
  store: Store,
  { known, ids }: { readonly known: KnownWebhooks; readonly ids: Pick<Ids, 'next'> },
): Store {
  return {
    ...store,
    async commit(change) {
      const told = change.entries.flatMap(({ entry }) => toldOf(entry))
      if (told.length === 0) return store.commit(change)
      const subscriptions = (await known.active()).map(subscribed)
      const puts: Sending[] = []
      for (const one of told) {
        const wanted = [...subscriptions, ...(await calledBack(change, one.request, store))]
        puts.push(...wanted.filter(({ wants }) => wants(one.event)).map(({ to }) => sendingOf(one, to, ids)))
      }
      return store.commit(puts.length === 0 ? change : withPuts(change, puts))
    },
  }
}

interface Told {
  readonly entry: Entry
  readonly event: string
  readonly request: string
}

function toldOf(entry: Entry): readonly Told[] {
  const event = eventOf(entry)
  return event && entry.request !== null ? [{ entry, event: event.type, request: entry.request }] : []
}

/** One subscription, or the address of the request. */
interface Addressee {
  readonly webhook: string | null
  readonly url: string
}

interface Wanted {
  readonly to: Addressee
  readonly wants: (event: string) => boolean
}

function subscribed({ id, url, events }: Webhook): Wanted {
  return { to: { webhook: id, url }, wants: (event) => events.length === 0 || events.includes(event) }
}

/** What is only recorded of a request, without changing it, is rare: then it is read. */
async function calledBack(
  { request: put, members = [] }: Change,
  id: string,
  store: Pick<Store, 'request'>,
): Promise<readonly Wanted[]> {
  const written = [...(put ? [put] : []), ...members].find(({ next }) => next.id === id)?.next
  const request = written ?? (await store.request(id))
  const url = request?.callbackUrl
  return url === undefined ? [] : [{ to: { webhook: null, url }, wants: () => true }]
}

interface Sending {
  readonly delivery: WebhookDelivery
  readonly job: Job
}

function sendingOf({ entry, event, request }: Told, to: Addressee, ids: Pick<Ids, 'next'>): Sending {
  const delivery: WebhookDelivery = {
    id: ids.next('msg'),
    version: 1,
    webhook: to.webhook,
    request,
    event,
    entry: entry.id,
    state: 'waiting',
    attempts: 0,
    last: null,
    createdAt: entry.ts,
    endedAt: null,
  }
  return { delivery, job: deliverJob(delivery, to.url) }
}

function withPuts(change: Change, sendings: readonly Sending[]): Change {
  return {
    ...change,
    webhookDeliveries: [
      ...(change.webhookDeliveries ?? []),
      ...sendings.map(({ delivery }) => ({ expected: null, next: delivery })),
    ],
    jobs: [...(change.jobs ?? []), ...sendings.map(({ job }) => job)],
  }
}

/** The next attempt at a delivery, in the queue of its host; at once, or at a time. */
export function deliverJob(delivery: WebhookDelivery, url: string, at?: string): Job {
  const { id, attempts } = delivery
  return {
    task: 'deliver',
    delivery: id,
    nth: attempts,
    queue: queueOf(url, id),
    ...(at !== undefined && { at }),
  }
}

/** So many hosts have queues of their own; agents name hosts, and a queue is a row that stays. */
const hosts = 4_096

/**
 * The job queue does the jobs of one queue one after the other, on all replicas together. Each host has two, so at most two messages
 * are on their way to it; one that is slow holds up nothing but what is for itself.
 */
function queueOf(url: string, delivery: string): string {
  const host = URL.canParse(url) ? new URL(url).host : url
  const nth = (text: string, of: number) => createHash('sha256').update(text).digest().readUInt32BE() % of
  return `webhooks ${nth(host, hosts)} ${nth(delivery, 2)}`
}
