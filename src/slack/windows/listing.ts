import type { KnownBlock, ModalView } from '@slack/types'
import { viewOf } from '../../approvals/inspect.ts'
import { oneLook } from '../../approvals/oneLook.ts'
import type { Ports } from '../../approvals/ports.ts'
import type { RequestView } from '../../card/view.ts'
import type { Account } from '../../core/identity.ts'
import type { SlackContext } from '../context.ts'
import { context, header, plain, section } from '../text/blocks.ts'
import { type ListName, lists, partButton, rowBlocks } from './lists.ts'
import { label } from './shell.ts'

/** Requests of one person, as `/approvals` and Home show them. */
export interface Listing extends Readonly<Record<ListName, Listed>> {
  /** Milliseconds: what is left of a deadline is told as of then. */
  readonly now: number
}

interface Listed {
  readonly count: number
  /** The first of them, as many as are shown. */
  readonly views: readonly RequestView[]
}

/** How many of each are listed, so that all fit in one message; the rest is counted, and shown page by page. */
const shown = { waiting: 8, reviews: 3, emergencies: 2, asked: 7 } as const

/** The same for whoever asks for it. @throws Refusal `looked_often` */
export function listFor(slack: SlackContext, user: string, account: Account): Promise<Listing> {
  slack.countLook(user)
  return listingOf(slack.ports, account)
}

/** What waits for this account, what it could do in an emergency, and what its person asked for; newest first. */
export async function listingOf(given: Ports, account: Account): Promise<Listing> {
  const ports = await oneLook(given, account)
  const listed = async (list: ListName): Promise<Listed> => {
    const requests = await lists[list].find(ports, account)
    const views = await Promise.all(requests.slice(0, shown[list]).map((one) => viewOf(ports, one)))
    return { count: requests.length, views }
  }
  const [waiting, reviews, emergencies, asked] = await Promise.all([
    listed('waiting'),
    listed('reviews'),
    listed('emergencies'),
    listed('asked'),
  ])
  return { now: ports.clock().getTime(), waiting, reviews, emergencies, asked }
}

/** The lists with a button to open each request, and words for when nothing waits. What is rare shows only when there is some. */
export function listBlocks(listing: Listing): KnownBlock[] {
  return [
    header('Waiting for you'),
    ...(listing.waiting.count > 0 ? rows('waiting', listing) : [context(plain(nothing.waiting))]),
    ...(listing.reviews.count > 0 ? [header('Broken glasses to review'), ...rows('reviews', listing)] : []),
    ...(listing.emergencies.count > 0
      ? [header('Denied by policy, and yours to lift in an emergency'), ...rows('emergencies', listing)]
      : []),
    header('You asked for'),
    ...(listing.asked.count > 0 ? rows('asked', listing) : [context(plain(nothing.asked))]),
  ]
}

/** The same in a window. @throws Refusal `looked_often` */
export async function makeListing(slack: SlackContext, user: string, account: Account): Promise<ModalView> {
  return {
    type: 'modal',
    callback_id: 'listing',
    title: label('My approvals'),
    close: label('Close'),
    blocks: listBlocks(await listFor(slack, user, account)),
  }
}

const nothing = {
  waiting:
    'Nothing is waiting for you. When an agent needs your agreement, it appears here and in its channel.',
  asked: 'No agent has asked for anything on your behalf yet.',
} as const

function rows(list: ListName, listing: Listing): KnownBlock[] {
  const views = listing[list].views.slice(0, shown[list])
  const more = listing[list].count - views.length
  const before = views.at(-1)?.request.id ?? null
  return [
    ...rowBlocks(views, listing.now),
    ...(more > 0
      ? [
          {
            ...section(plain(`and ${more} more`)),
            accessory: partButton('list', 'Show them', { list, before }),
          },
        ]
      : []),
  ]
}
