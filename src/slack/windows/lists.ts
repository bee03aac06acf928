import type { Button, KnownBlock, ModalView } from '@slack/types'
import { historyFilters, type Naming } from '../../channels/historyFilter.ts'
import { historyPageFor, type PartOfHistory, partOfHistoryText } from '../../channels/historyList.ts'
import { type Listing, type ListSection, listingOf, listSections } from '../../channels/listing.ts'
import { listPageFor } from '../../channels/listPage.ts'
import { type PartOfList, partText, type Row } from '../../channels/lists.ts'
import { accountAt, staffAt } from '../../channels/seeing.ts'
import type { Account } from '../../core/identity.ts'
import { rowBlocksOf } from '../card/listedRow.ts'
import type { SlackContext } from '../context.ts'
import { actions, button, context, header, mrkdwn, plain, section } from '../text/blocks.ts'
import { label } from './shell.ts'

export const historyUsage = `/approvals history ${historyFilters}`

/** Slack sends `<@U012AB3CD|name>`. */
export const slackNaming: Naming = {
  id: /^[UW][A-Z0-9]{2,30}$/,
  mention: /<@([A-Z0-9]+)(?:\|[^>]*)?>/g,
}

/** The lists of whoever asks for them. @throws Refusal `looked_often` */
export function listFor(slack: SlackContext, user: string, account: Account): Promise<Listing> {
  slack.countLook(user)
  return listingOf(slack.ports, account)
}

/** The lists with a button to open each request. */
export function listBlocks(listing: Listing): KnownBlock[] {
  return listSections(listing).flatMap(sectionBlocks)
}

function sectionBlocks({ heading, says, rows, more }: ListSection): KnownBlock[] {
  return [
    header(heading),
    ...(says === null ? rowBlocks(rows) : [context(plain(says))]),
    ...(more
      ? [
          {
            ...section(plain(`and ${more.count} more`)),
            accessory: button('list', 'Show them', partText(more.part)),
          },
        ]
      : []),
  ]
}

/** The same in a window. @throws Refusal `looked_often` */
export async function makeListing(slack: SlackContext, user: string, account: Account): Promise<ModalView> {
  return listWindow('My approvals', listBlocks(await listFor(slack, user, account)))
}

/** One page of one list of a person. @throws Refusal `looked_often`, `not_staff`, `identity_unknown` */
export async function makeListPage(slack: SlackContext, user: string, part: PartOfList): Promise<ModalView> {
  slack.countLook(user)
  const account = await staffAt(slack.ports, slack.address(user))
  const { title, rows, newest, next } = await listPageFor(slack.ports, account, part)
  return listWindow(title, [
    ...(rows.length > 0 ? rowBlocks(rows) : [context(plain('There are no more.'))]),
    ...turning('list', [
      newest && button('list_first', 'Newest', partText(newest)),
      next && button('list_next', 'Next page', partText(next)),
    ]),
  ])
}

/**
 * Requests that somebody may read, newest first, a page at a time.
 *
 * @throws Refusal `looked_often`, `not_staff`, `identity_unknown`
 */
export async function makeHistoryList(
  slack: SlackContext,
  user: string,
  part: PartOfHistory,
): Promise<ModalView> {
  slack.countLook(user)
  const account = await staffAt(slack.ports, slack.address(user))
  const { person = 'me' } = part.filter
  const named = person === 'me' ? null : await accountAt(slack.ports, slack.address(person))
  const { says, rows, empty, newest, next } = await historyPageFor(slack.ports, account, { part, named })
  return listWindow('History', [
    context(plain(says)),
    ...(rows.length > 0 ? rowBlocks(rows) : [section(plain(empty))]),
    ...turning('history', [
      newest && button('history_first', 'Newest', partOfHistoryText(newest)),
      next && button('history_next', next.says, partOfHistoryText(next.part)),
    ]),
    context(mrkdwn(`\`${historyUsage}\``)),
  ])
}

function listWindow(title: string, blocks: KnownBlock[]): ModalView {
  return { type: 'modal', callback_id: 'listing', title: label(title), close: label('Close'), blocks }
}

/** Two blocks for each request, with a button that opens it. */
export function rowBlocks(rows: readonly Row[]): KnownBlock[] {
  return rows.flatMap(({ row, people }) => rowBlocksOf(row, people))
}

function turning(what: string, buttons: readonly (Button | null)[]): KnownBlock[] {
  const there = buttons.filter((one) => one !== null)
  return there.length > 0 ? [actions(`turn.${what}`, there)] : []
}
