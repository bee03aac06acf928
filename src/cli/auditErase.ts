import { askErasure } from '../approvals/erasure/askErasure.ts'
import type { Erasable } from '../approvals/erasure/records.ts'
import { type Extent, extentOf } from '../approvals/erasure/survey.ts'
import { personOf, resolveClaim } from '../approvals/people/identify.ts'
import type { Ports, StoreReader } from '../approvals/ports.ts'
import { Refusal } from '../core/refusal.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { thisShell } from '../server/shell.ts'
import { sayAsked } from './askedText.ts'
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
  if (leftOpen.length > 0)
    say(
      `${paint('yellow', '!')} Open still, so what they said there stays until it has ended; ask again then: ${leftOpen.slice(0, 10).join(', ')}${leftOpen.length > 10 ? ' …' : ''}`,
    )
}

/** What stands where this server has no hand in it. */
async function outOfReach(
  store: Pick<StoreReader, 'cards' | 'request'>,
  { what, id }: Erasable,
  { updateCards }: Pick<EraseOptions, 'updateCards'>,
): Promise<readonly string[]> {
  const lines = ['Not reached, because it stands elsewhere:']
  if (what === 'request') {
    const created = (await store.request(id))?.createdAt.slice(0, 10)
    for (const { conversation, message } of await store.cards(id))
      if (message !== null)
        lines.push(
          `  the message ${linkOf(conversation, message)}${updateCards ? ': the card is drawn again, its thread stays' : ''}`,
        )
    lines.push(
      `  evidence packs, exports and streams to a SIEM made since ${created}; backups of the database`,
    )
  } else {
    lines.push('  what was written in channels: cards and threads that name them')
    lines.push('  evidence packs, exports and streams to a SIEM; backups of the database')
    lines.push('  the names of their accounts, which are learnt again when they do something')
  }
  lines.push(
    '  the name of the action, its resource and environment, and ids of people: they stand in the ledger itself',
  )
  return lines
}

/** `slack:C0DATA` and `1764.0001`: Slack leads whoever is signed in there. */
function linkOf(conversation: string, message: string): string {
  const [kind, id] = conversation.split(':')
  // A direct message is named with its conversation.
  const [ts = '', channel = id] = message.split('/').reverse()
  return kind === 'slack' && channel !== undefined
    ? `https://slack.com/archives/${channel}/p${ts.replace('.', '')}`
    : `${conversation} ${message}`
}
