import type { KnownBlock, ModalView } from '@slack/types'
import { viewOf } from '../../approvals/inspect.ts'
import { oneLook } from '../../approvals/oneLook.ts'
import { staffAt } from '../../channels/seeing.ts'
import type { SlackContext } from '../context.ts'
import { actions, context, plain } from '../text/blocks.ts'
import { lists, type PartOfList, partButton, rowBlocks } from './lists.ts'
import { label } from './shell.ts'

/** Requests on one page of a list. */
export const pageLength = 20

/** One page of one list of a person. @throws Refusal `looked_often`, `not_staff`, `identity_unknown` */
export async function makeListPage(
  slack: SlackContext,
  user: string,
  { list, before }: PartOfList,
): Promise<ModalView> {
  slack.countLook(user)
  const account = await staffAt(slack.ports, slack.address(user))
  const ports = await oneLook(slack.ports, account)
  const page = { most: pageLength + 1, ...(before !== null && { before }) }
  const found = await lists[list].find(ports, account, page)
  const requests = found.slice(0, pageLength)
  const views = await Promise.all(requests.map((request) => viewOf(ports, request)))
  const last = found.length > pageLength ? requests.at(-1) : undefined
  return {
    type: 'modal',
    callback_id: 'listing',
    title: label(lists[list].title),
    close: label('Close'),
    blocks: [
      ...(views.length > 0
        ? rowBlocks(views, ports.clock().getTime())
        : [context(plain('There are no more.'))]),
      ...turning(
        before !== null && partButton('list_first', 'Newest', { list, before: null }),
        last && partButton('list_next', 'Next page', { list, before: last.id }),
      ),
    ],
  }
}

function turning(...buttons: readonly (ReturnType<typeof partButton> | false | undefined)[]): KnownBlock[] {
  const there = buttons.filter((one) => one !== false && one !== undefined)
  return there.length > 0 ? [actions('turn.list', there)] : []
}
