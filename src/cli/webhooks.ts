import type { Word } from '../approvals/people/word.ts'
import type { Ports } from '../approvals/ports.ts'
import type { DeliveryQuery } from '../approvals/queries.ts'
import { SendFault } from '../approvals/webhooks/outgoing.ts'
import { replayDead, replayDelivery } from '../approvals/webhooks/replay.ts'
import {
  addWebhook,
  type MadeWebhook,
  removeWebhook,
  rotateWebhook,
  testWebhook,
} from '../approvals/webhooks/subscriptions.ts'
import { Refusal } from '../core/refusal.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { thisShell } from '../server/shell.ts'
import { paint, say } from './say.ts'

const word = (): Word => ({ via: 'cli', shell: thisShell() })
const done = paint('green', '✓')

/** How many lines a page has. */
const pageSize = 50

export function addWebhookCommand(url: string, options: { readonly events?: string }): Promise<number> {
  return withPorts(async (ports) => {
    const events = (options.events ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
    const made = await addWebhook(ports, { ...word(), url, events })
    say(
      `${done} ${paint('bold', made.webhook.id)} is told ${events.length > 0 ? events.join(', ') : 'everything'}.`,
    )
    saySecret(made)
    say(`Try it with: countersign webhooks test ${made.webhook.id}`)
  })
}

export function listWebhooksCommand(): Promise<number> {
  return withPorts(async ({ store }) => {
    const webhooks = await store.webhooks()
    if (webhooks.length === 0) say('No webhooks. Add one with: countersign webhooks add <url>')
    for (const { id, url, events, createdAt, earlier } of webhooks) {
      const told = events.length > 0 ? events.join(', ') : 'everything'
      const rotated = earlier === null ? '' : `  earlier secret until ${earlier.until.slice(0, 16)}Z`
      say(`${id}  ${url}  ${told}  since ${createdAt.slice(0, 10)}${rotated}`)
    }
  })
}

export function rotateWebhookCommand(id: string): Promise<number> {
  return withPorts(async (ports) => {
    const made = await rotateWebhook(ports, { ...word(), webhook: id })
    say(`${done} ${paint('bold', id)} has a new secret. For a day, the earlier one signs beside it.`)
    saySecret(made)
  })
}

export function removeWebhookCommand(id: string): Promise<number> {
  return withPorts(async (ports) => {
    await removeWebhook(ports, { ...word(), webhook: id })
    say(`${done} ${paint('bold', id)} is told nothing any more.`)
  })
}

export function testWebhookCommand(id: string): Promise<number> {
  return withPorts(async (ports) => {
    const answer = await testWebhook(ports, id).catch((fault: unknown) => {
      if (fault instanceof SendFault) return fault
      throw fault
    })
    if (answer instanceof SendFault) {
      say(`${paint('red', '✗')} It was not delivered: ${answer.message}.`)
      return 1
    }
    const ok = answer.status >= 200 && answer.status < 300
    say(`${ok ? done : paint('red', '✗')} It answered ${answer.status}.`)
    return ok ? 0 : 1
  })
}

/** What the command line has of a page of deliveries. */
interface PageOptions {
  readonly dead?: true
  readonly request?: string
  readonly before?: string
}

export function listDeliveriesCommand({ dead, request, before }: PageOptions): Promise<number> {
  return withPorts(async ({ store }) => {
    const query: DeliveryQuery = {
      limit: pageSize,
      ...(dead && { state: 'dead' }),
      ...(request !== undefined && { request }),
      ...(before !== undefined && { before }),
    }
    const deliveries = await store.webhookDeliveries(query)
    if (deliveries.length === 0) say(dead ? 'Nothing was given up.' : 'Nothing was sent.')
    for (const { id, state, event, webhook, request: about, attempts, last, createdAt } of deliveries)
      say(
        `${id}  ${state.padEnd(9)}  ${createdAt.slice(0, 19)}Z  ${event}  ${about}  to ${webhook ?? 'its callback'}  ${attempts}×${last === null ? '' : `  ${last}`}`,
      )
    if (deliveries.length === pageSize) say(`More: --before ${deliveries.at(-1)?.id}`)
  })
}

export function replayCommand(
  delivery: string | undefined,
  { dead }: { readonly dead?: true },
): Promise<number> {
  return withPorts(async (ports) => {
    if ((delivery === undefined) === (dead === undefined))
      throw new Refusal('invalid_request', 'one message, or all that were given up', [
        { pointer: '/delivery', detail: 'Name a delivery, or --dead alone.' },
      ])
    if (delivery === undefined) {
      const count = await replayDead(ports, word())
      say(count === 0 ? 'Nothing was given up.' : `${done} ${count} are sent again.`)
      return
    }
    await replayDelivery(ports, { ...word(), delivery })
    say(`${done} ${paint('bold', delivery)} is sent again.`)
  })
}

/** The exit code is 0 unless the work says another. */
function withPorts(work: (ports: Ports) => Promise<number | undefined>): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => (await work(ports)) ?? 0)
}

function saySecret({ secret }: MadeWebhook): void {
  say()
  say(`  secret  ${paint('cyan', secret)}`)
  say()
  say('It is shown only now. Receivers verify with it, by any library for Standard Webhooks.')
}
