import type { JsonObject } from '../../core/json.ts'
import { didYouMean } from '../../core/nearest.ts'
import { type Problem, Refusal } from '../../core/refusal.ts'
import type { Actor, EntryType, NewEntry } from '../../ledger/entry.ts'
import { eventTypes } from '../events.ts'
import { newEntry } from '../newEntry.ts'
import { onlyClaimed, saidBy, type Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import type { Posted } from './outgoing.ts'
import type { Webhook } from './records.ts'

/** Seconds for which the secret before the last rotation signs beside the new one. */
const earlierFor = 86_400

/** More would be somebody's mistake: each event goes to every one of them. */
const mostWebhooks = 100

/** A subscription, and the secret that signs for it, which is shown once. */
export interface MadeWebhook {
  readonly webhook: Webhook
  /** `whsec_` and the base64 of 32 random bytes. */
  readonly secret: string
}

/**
 * From now on, what happens is told to this address: events of these types, or all when none is named.
 *
 * @throws Refusal `invalid_request` for the address or the types, `not_applicable` when there are too many, `busy`
 */
export async function addWebhook(
  ports: Ports,
  ask: Word & { readonly url: string; readonly events: readonly string[] },
): Promise<MadeWebhook> {
  const wrong = await ports.outgoing.refuse(ask.url)
  const problems: Problem[] = [
    ...(wrong === null ? [] : [{ pointer: '/url', detail: wrong }]),
    ...ask.events.flatMap((event) => unknownEvent(event)),
  ]
  if (problems.length > 0) throw new Refusal('invalid_request', 'a webhook that cannot be', problems)
  if ((await ports.store.webhooks()).length >= mostWebhooks)
    throw new Refusal('not_applicable', `there are ${mostWebhooks} webhooks already`)
  const id = ports.ids.next('whk')
  const secret = newSecret(ports)
  const webhook: Webhook = {
    id,
    version: 1,
    url: ask.url,
    events: [...new Set(ask.events)],
    status: 'active',
    sealed: ports.sealer.seal(secret, sealedFor(id)),
    earlier: null,
    createdAt: ports.clock().toISOString(),
  }
  const data = { host: new URL(ask.url).host, events: [...webhook.events] }
  await commit(
    ports,
    { expected: null, next: webhook },
    byOperator(ports, 'webhook.added', { webhook, word: ask, data }),
  )
  return { webhook, secret }
}

/** A new secret. The one before signs beside it for a day. @throws Refusal `not_applicable`, `busy` */
export async function rotateWebhook(
  ports: Ports,
  ask: Word & { readonly webhook: string },
): Promise<MadeWebhook> {
  const webhook = await activeWebhook(ports, ask.webhook)
  const secret = newSecret(ports)
  const until = new Date(ports.clock().getTime() + earlierFor * 1_000).toISOString()
  const next: Webhook = {
    ...webhook,
    version: webhook.version + 1,
    sealed: ports.sealer.seal(secret, sealedFor(webhook.id)),
    earlier: { sealed: webhook.sealed, until },
  }
  const data = { earlier_until: until }
  await commit(
    ports,
    { expected: webhook.version, next },
    byOperator(ports, 'webhook.rotated', { webhook, word: ask, data }),
  )
  return { webhook: next, secret }
}

/** Nothing is sent there any more; what waits is given up when its turn comes. @throws Refusal `not_applicable`, `busy` */
export async function removeWebhook(
  ports: Ports,
  ask: Word & { readonly webhook: string },
): Promise<Webhook> {
  const webhook = await activeWebhook(ports, ask.webhook)
  const next = { ...webhook, version: webhook.version + 1, status: 'removed', earlier: null } as const
  await commit(
    ports,
    { expected: webhook.version, next },
    byOperator(ports, 'webhook.removed', { webhook, word: ask, data: { why: 'command' } }),
  )
  return next
}

/** Sends one message of the type `webhook.test` now, once. @throws Refusal `not_applicable`; SendFault when there was no answer */
export async function testWebhook(ports: Ports, id: string): Promise<Posted> {
  const webhook = await activeWebhook(ports, id)
  const at = ports.clock()
  const body = JSON.stringify({ type: 'webhook.test', timestamp: at.toISOString(), data: { webhook: id } })
  const message = {
    url: webhook.url,
    id: ports.ids.next('msg'),
    at,
    body,
    secrets: secretsOf(ports, webhook),
  }
  return ports.outgoing.post(message)
}

/** The secrets that sign now. @throws SealFault */
export function secretsOf(
  { sealer, clock }: Pick<Ports, 'sealer' | 'clock'>,
  { id, sealed, earlier }: Webhook,
): readonly string[] {
  const counts = earlier !== null && clock().toISOString() < earlier.until
  return [sealed, ...(counts ? [earlier.sealed] : [])].map((one) => sealer.open(one, sealedFor(id)))
}

/** @throws Refusal `not_applicable` */
async function activeWebhook({ store }: Ports, id: string): Promise<Webhook> {
  const webhook = await store.webhook(id)
  if (webhook?.status !== 'active') throw new Refusal('not_applicable', 'no webhook of that id')
  return webhook
}

async function commit(
  { store }: Ports,
  put: { readonly expected: number | null; readonly next: Webhook },
  entry: NewEntry,
): Promise<void> {
  const committed = await store.commit({ webhooks: [put], entries: [entry] })
  if (committed !== 'applied') throw new Refusal('busy', 'the webhook changed meanwhile')
}

/** What the operator did with a webhook, on whose word. */
export function byOperator(
  ports: Ports,
  type: Extract<EntryType, `webhook.${string}`>,
  {
    webhook,
    word,
    data,
  }: { readonly webhook: Pick<Webhook, 'id'>; readonly word: Word; readonly data: JsonObject },
): NewEntry {
  const said = saidBy(word, onlyClaimed)
  return webhookEntry(ports, type, {
    webhook,
    actor: { kind: 'system', id: 'operator', via: word.via },
    data: { ...data, ...said.data },
    kept: said.kept,
  })
}

/** The address itself is never in an entry: it may hold a secret. */
export function webhookEntry(
  ports: Ports,
  type: Extract<EntryType, `webhook.${string}`>,
  {
    webhook,
    ...says
  }: {
    readonly webhook: Pick<Webhook, 'id'>
    readonly actor: Actor
    readonly data: JsonObject
    readonly kept?: ReturnType<typeof saidBy>['kept']
  },
): NewEntry {
  return newEntry(ports, { type, subject: { kind: 'webhook', id: webhook.id }, ...says })
}

function unknownEvent(event: string): readonly Problem[] {
  if (eventTypes.includes(event)) return []
  return [
    {
      pointer: '/events',
      detail: `There is no event “${event.slice(0, 60)}”.${didYouMean(event, eventTypes)}`,
    },
  ]
}

function newSecret({ ids }: Pick<Ports, 'ids'>): string {
  return `whsec_${Buffer.from(ids.secret(), 'base64url').toString('base64')}`
}

const sealedFor = (id: string) => ({ purpose: 'webhook', row: id })
