import { type HistoryPage, historyFor } from '../approvals/history.ts'
import { viewOf } from '../approvals/inspect.ts'
import { oneLook } from '../approvals/oneLook.ts'
import type { Ports } from '../approvals/ports.ts'
import type { Account } from '../core/identity.ts'
import { filterText, type Naming, readFilter, type TypedFilter } from './historyFilter.ts'
import { pageLength } from './listPage.ts'
import { type Row, rowsOf } from './lists.ts'

/** Which part of whose history: what comes after one request, or its beginning. */
export interface PartOfHistory {
  readonly filter: TypedFilter
  readonly before: string | null
}

/** One page of what somebody may read. */
export interface HistoryContent {
  /** What is listed, in words. */
  readonly says: string
  readonly rows: readonly Row[]
  /** Said in the place of rows where there are none. */
  readonly empty: string
  /** What its buttons show: the beginning, and what comes next. */
  readonly newest: PartOfHistory | null
  readonly next: { readonly says: string; readonly part: PartOfHistory } | null
}

/**
 * Requests that somebody may read, newest first, a page at a time. What was typed chooses; who looks is what decides. `named`: whom the
 * filter names.
 */
export async function historyPageFor(
  given: Ports,
  account: Account,
  { part, named }: { readonly part: PartOfHistory; readonly named: Account | null },
): Promise<HistoryContent> {
  const { filter, before } = part
  const { person: whom, ...rest } = filter
  const person = whom === 'me' ? account : named
  const ports = await oneLook(given, account)
  const page = await historyFor(ports, account, {
    ...rest,
    ...(person && { person }),
    ...(before !== null && { before }),
    most: pageLength,
  })
  const views = await Promise.all(page.requests.map((request) => viewOf(ports, request)))
  const further = page.requests.length < pageLength ? 'Look further back' : 'Next page'
  return {
    says: saidOf(filter),
    rows: rowsOf(views, ports.clock().getTime()),
    empty: emptyText(part, page),
    newest: before === null ? null : { filter, before: null },
    next: page.next === null ? null : { says: further, part: { filter, before: page.next } },
  }
}

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

function emptyText({ filter, before }: PartOfHistory, { next }: HistoryPage): string {
  if (next !== null) return 'Nothing of it among those that were looked through so far.'
  if (before !== null) return 'There are no more.'
  if (filterText(filter) !== '')
    return 'Nothing that you may see fits. Try fewer filters, or go further back.'
  return 'Nothing yet. As soon as an agent asks for something on your behalf, or for something that you can decide, it stands here, whatever becomes of it.'
}

/** What a button carries that shows a part of a history. */
export function partOfHistoryText({ filter, before }: PartOfHistory): string {
  return `${before ?? ''}|${filterText(filter)}`
}

/** Null when the text is of no button like that. */
export function readPartOfHistory(text: string, naming: Naming): PartOfHistory | null {
  const at = text.indexOf('|')
  const before = text.slice(0, Math.max(at, 0))
  if (at < 0 || !/^(req_[0-9a-z]{1,60})?$/.test(before)) return null
  // No length of time is on a button, so it does not matter what time it is.
  const read = readFilter(text.slice(at + 1), { now: 0, naming })
  return 'wrong' in read ? null : { filter: read.filter, before: before || null }
}
