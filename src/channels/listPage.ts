import { viewOf } from '../approvals/inspect.ts'
import { oneLook } from '../approvals/oneLook.ts'
import type { Ports } from '../approvals/ports.ts'
import type { Account } from '../core/identity.ts'
import { lists, type PartOfList, type Row, rowsOf } from './lists.ts'

/** Requests on one page of a list. */
export const pageLength = 20

/** One page of one list of a person. */
export interface ListPageContent {
  readonly title: string
  /** None where others have decided them meanwhile. */
  readonly rows: readonly Row[]
  /** What its buttons show: the beginning, and what comes next. */
  readonly newest: PartOfList | null
  readonly next: PartOfList | null
}

export async function listPageFor(
  given: Ports,
  account: Account,
  { list, before }: PartOfList,
): Promise<ListPageContent> {
  const ports = await oneLook(given, account)
  const page = { most: pageLength + 1, ...(before !== null && { before }) }
  const found = await lists[list].find(ports, account, page)
  const requests = found.slice(0, pageLength)
  const views = await Promise.all(requests.map((request) => viewOf(ports, request)))
  const last = found.length > pageLength ? requests.at(-1) : undefined
  return {
    title: lists[list].title,
    rows: rowsOf(views, ports.clock().getTime()),
    newest: before === null ? null : { list, before: null },
    next: last ? { list, before: last.id } : null,
  }
}
