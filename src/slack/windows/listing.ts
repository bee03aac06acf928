import type { KnownBlock, ModalView } from '@slack/types'
import {
  headingOf,
  type Listing,
  type ListName,
  listingOf,
  lists,
  nothingIn,
} from '../../channels/listing.ts'
import type { Account } from '../../core/identity.ts'
import type { SlackContext } from '../context.ts'
import { context, header, plain, section } from '../text/blocks.ts'
import { partButton, rowBlocks } from './lists.ts'
import { label } from './shell.ts'

/** The same for whoever asks for it. @throws Refusal `looked_often` */
export function listFor(slack: SlackContext, user: string, account: Account): Promise<Listing> {
  slack.countLook(user)
  return listingOf(slack.ports, account)
}

/** The lists with a button to open each request, and words for when nothing waits. What is rare shows only when there is some. */
export function listBlocks(listing: Listing): KnownBlock[] {
  return listNames.flatMap((list) => {
    const nothing = nothingIn[list]
    if (listing[list].count > 0) return [header(headingOf[list]), ...rows(list, listing)]
    return nothing === null ? [] : [header(headingOf[list]), context(plain(nothing))]
  })
}

const listNames = Object.keys(lists) as readonly ListName[] // the table's own keys

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

function rows(list: ListName, listing: Listing): KnownBlock[] {
  const views = listing[list].views
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
