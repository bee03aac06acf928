import type { Button, KnownBlock, ModalView } from '@slack/types'
import { type HistoryPage, historyFor } from '../../approvals/history.ts'
import { viewOf } from '../../approvals/inspect.ts'
import { oneLook } from '../../approvals/oneLook.ts'
import { accountAt, staffAt } from '../../channels/seeing.ts'
import type { SlackContext } from '../context.ts'
import { actions, button, context, mrkdwn, plain, section } from '../text/blocks.ts'
import { filterText, historyUsage, readFilter, type TypedFilter } from './historyFilter.ts'
import { pageLength } from './listPage.ts'
import { rowBlocks } from './lists.ts'
import { label } from './shell.ts'

/** Which part of whose history: what comes after one request, or its beginning. */
export interface PartOfHistory {
  readonly filter: TypedFilter
  readonly before: string | null
}

/**
 * Requests that somebody may read, newest first, a page at a time. What was typed chooses; who looks is what decides.
 *
 * @throws Refusal `looked_often`, `not_staff`, `identity_unknown`
 */
export async function makeHistoryList(
  slack: SlackContext,
  user: string,
  { filter, before }: PartOfHistory,
): Promise<ModalView> {
  slack.countLook(user)
  const account = await staffAt(slack.ports, slack.address(user))
  const { person: named, ...rest } = filter
  const person =
    named === undefined ? null : named === 'me' ? account : await accountAt(slack.ports, slack.address(named))
  const ports = await oneLook(slack.ports, account)
  const page = await historyFor(ports, account, {
    ...rest,
    ...(person && { person }),
    ...(before !== null && { before }),
    most: pageLength,
  })
  const views = await Promise.all(page.requests.map((request) => viewOf(ports, request)))
  return {
    type: 'modal',
    callback_id: 'listing',
    title: label('History'),
    close: label('Close'),
    blocks: [
      context(plain(saidOf(filter))),
      ...(views.length > 0 ? rowBlocks(views, ports.clock().getTime()) : [empty({ filter, before }, page)]),
      ...turning({ filter, before }, page),
      context(mrkdwn(`\`${historyUsage}\``)),
    ],
  }
}

/** What is listed, in words. */
function saidOf(filter: TypedFilter): string {
  const { since, ...others } = filter
  const words = [
    ...filterText(others).split(' ').filter(Boolean),
    ...(since === undefined ? [] : [`since ${since.slice(0, 10)} ${since.slice(11, 16)} UTC`]),
  ]
  return words.length === 0
    ? 'What you asked for, decided on, could decide or were told of, newest first.'
    : `Only ${words.join(', ')}: of what you asked for, decided on, could decide or were told of, newest first.`
}

function empty({ filter, before }: PartOfHistory, { next }: HistoryPage): KnownBlock {
  if (next !== null) return section(plain('Nothing of it among those that were looked through so far.'))
  if (before !== null) return section(plain('There are no more.'))
  if (filterText(filter) !== '')
    return section(plain('Nothing that you may see fits. Try fewer filters, or go further back.'))
  return section(
    plain(
      'Nothing yet. As soon as an agent asks for something on your behalf, or for something that you can decide, it stands here, whatever becomes of it.',
    ),
  )
}

function turning(part: PartOfHistory, { requests, next }: HistoryPage): KnownBlock[] {
  const { filter, before } = part
  const further = requests.length < pageLength ? 'Look further back' : 'Next page'
  const there = [
    ...(before === null ? [] : [partButton('history_first', 'Newest', { filter, before: null })]),
    ...(next === null ? [] : [partButton('history_next', further, { filter, before: next })]),
  ]
  return there.length > 0 ? [actions('turn.history', there)] : []
}

function partButton(actionId: string, text: string, { filter, before }: PartOfHistory): Button {
  return button(actionId, text, `${before ?? ''}|${filterText(filter)}`)
}

/** Null when the text is of no button like that. */
export function readPartOfHistory(text: string): PartOfHistory | null {
  const at = text.indexOf('|')
  const before = text.slice(0, Math.max(at, 0))
  if (at < 0 || !/^(req_[0-9a-z]{1,60})?$/.test(before)) return null
  // No length of time is on a button, so it does not matter what time it is.
  const read = readFilter(text.slice(at + 1), 0)
  return 'wrong' in read ? null : { filter: read.filter, before: before || null }
}
