import { askErasure } from '../approvals/erasure/askErasure.ts'
import type { Erasable } from '../approvals/erasure/records.ts'
import { type Extent, extentOf } from '../approvals/erasure/survey.ts'
import { personOf, resolveClaim } from '../approvals/people/identify.ts'
import type { Ports } from '../approvals/ports.ts'
import { Refusal } from '../core/refusal.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { thisShell } from '../server/shell.ts'
import { sayAsked } from './askedText.ts'
import { outOfReach, saidErased } from './eraseReach.ts'
import { paint, say } from './say.ts'

export interface EraseOptions {
  readonly request?: string
  readonly person?: string
  readonly by: string
  readonly reason: string
  readonly updateCards?: true
}

/** Erasing is an action: nothing goes before those whom the policy asks have agreed. Says what it would not reach. */
export function eraseCommand(options: EraseOptions): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const erasable = await erasableOf(ports, options)
    const extent = await extentOf(ports, erasable)
    if (extent.requests + extent.values === 0) return sayNothingLeft(ports, erasable, extent)
    sayExtent(erasable, extent)
    for (const line of await outOfReach(ports.store, erasable, options)) say(line)
    const asked = await askErasure(ports, {
      erasable,
      by: personClaim(options.by),
      reason: options.reason,
      updateCards: options.updateCards ?? false,
      via: 'cli',
      shell: thisShell(),
    })
    if (asked.outcome === 'unconfirmed') {
      say('Nothing is erased yet, and nobody else is asked yet.')
      sayAsked(asked.confirmation, config)
      return 0
    }
    const { request } = asked
    if (request.state === 'pending') {
      say(`Approval has been asked for (${request.id}). Until then nothing is erased.`)
      return 0
    }
    say(
      request.state === 'approved'
        ? `Nothing is erased: the policy allows record.erase without asking anybody, and a second person has to decide it (${request.id}). Change the rule.`
        : `${request.outcome} (${request.id})`,
    )
    if (erasable.what === 'person' && request.verdict.code === 'unsatisfiable')
      say(
        'Nobody who may decide it is left: whoever is behind these requests, or decided about them, may not. Erase them one by one, with --request.',
      )
    return 1
  })
}

/** Whoever asks again hears that it was done, and what of it stands elsewhere still. */
async function sayNothingLeft({ store }: Ports, erasable: Erasable, { leftOpen }: Extent): Promise<number> {
  const request = erasable.what === 'request' ? await store.request(erasable.id) : null
  const lines = request?.erased
    ? await saidErased(store, request)
    : [`Nothing of ${erasable.id} is left to erase.`]
  for (const line of lines) say(line)
  sayLeftOpen(leftOpen)
  return 0
}

/** A person by their id, an e-mail address or an account. @throws Refusal `invalid_request`, those of `resolveClaim` */
async function erasableOf(ports: Ports, { request, person }: EraseOptions): Promise<Erasable> {
  if ((request === undefined) === (person === undefined))
    throw new Refusal('invalid_request', 'one request or one person', [
      { pointer: '/erase', detail: 'Name either --request or --person.' },
    ])
  if (request !== undefined) return { what: 'request', id: request }
  const named = person ?? ''
  // Whoever has left cannot be looked up any more: by their id, as the ledger has it, they can still be named.
  if (named.startsWith('per_')) return { what: 'person', id: named }
  return {
    what: 'person',
    id: await personOf(ports, await resolveClaim(ports, personClaim(named), '/person')),
  }
}

function sayExtent({ what, id }: Erasable, { requests, values, leftOpen }: Extent): void {
  const of = what === 'request' ? 'what it asked and what was said about it' : 'their words in requests'
  say(
    `${paint('bold', id)}: ${values} values beside the ledger and ${of} (${requests === 1 ? '1 request' : `${requests} requests`}) are to be erased, for good.`,
  )
  sayLeftOpen(leftOpen)
}

function sayLeftOpen(leftOpen: readonly string[]): void {
  if (leftOpen.length > 0)
    say(
      `${paint('yellow', '!')} Open still, so what they said there stays until it has ended; ask again then: ${leftOpen.slice(0, 10).join(', ')}${leftOpen.length > 10 ? ' …' : ''}`,
    )
}
