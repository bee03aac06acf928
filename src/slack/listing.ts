import type { KnownBlock } from '@slack/types'
import { personOf } from '../approvals/identify.ts'
import { askedBy, waitingFor } from '../approvals/inspect.ts'
import type { Account } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'
import { button, context, header, mrkdwn, plain } from './blocks.ts'
import { buttonValue } from './buttons.ts'
import type { Desk } from './desk.ts'
import { factsOf, summaryOf } from './facts.ts'
import { time } from './mrkdwn.ts'
import { cut } from './text.ts'

/** Requests of one person, as `/approvals` and Home show them. */
export interface Listing {
  readonly waiting: readonly ActionRequest[]
  readonly asked: readonly ActionRequest[]
}

/** How many of each are listed; the rest is counted. */
const shown = 10

/** What waits for this account, and what its person asked for, newest first. */
export async function listFor(desk: Desk, account: Account): Promise<Listing> {
  const person = await personOf(desk.ports, account)
  const [waiting, asked] = await Promise.all([waitingFor(desk.ports, account), askedBy(desk.ports, person)])
  return { waiting, asked }
}

/** Both lists with a button to open each request, and words for when there is nothing. */
export function listBlocks(listing: Listing): KnownBlock[] {
  return [
    header('Waiting for you'),
    ...rows(
      listing.waiting,
      'Nothing waits for you. When an agent needs your agreement, it appears here and in its channel.',
    ),
    header('You asked for'),
    ...rows(listing.asked, 'No agent has asked for anything on your behalf yet.'),
  ]
}

function rows(requests: readonly ActionRequest[], empty: string): KnownBlock[] {
  if (requests.length === 0) return [context(plain(empty))]
  const more = requests.length - shown
  return [...requests.slice(0, shown).flatMap(row), ...(more > 0 ? [context(plain(`and ${more} more`))] : [])]
}

function row(request: ActionRequest): KnownBlock[] {
  const until =
    request.state === 'pending' && request.expiresAt ? `, expires ${time(request.expiresAt, 'day')}` : ''
  return [
    {
      type: 'section',
      text: plain(cut(summaryOf(factsOf(request)), 500)),
      accessory: { ...button('open', 'Open', buttonValue({ request: request.id, card: null })) },
    },
    context(mrkdwn(`*${request.state}*, asked ${time(request.createdAt, 'day')}${until}`), plain(request.id)),
  ]
}
