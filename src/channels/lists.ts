import { askedBy, emergenciesFor, type ListPage, reviewsFor, waitingFor } from '../approvals/lists.ts'
import type { Ports } from '../approvals/ports.ts'
import { type ListedRow, listedRows } from '../card/listing.ts'
import type { People, RequestView } from '../card/view.ts'
import type { Account } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'

interface List {
  /** At most 24 characters: it is the title of a window. */
  readonly title: string
  readonly find: (ports: Ports, account: Account, page?: ListPage) => Promise<readonly ActionRequest[]>
}

/** The lists of a person, each newest first. */
export const lists = {
  waiting: { title: 'Waiting for you', find: waitingFor },
  reviews: { title: 'Broken glasses to review', find: reviewsFor },
  emergencies: { title: 'Denied by policy', find: emergenciesFor },
  asked: { title: 'You asked for', find: askedBy },
} as const satisfies Record<string, List>

export type ListName = keyof typeof lists

/** One request in a list, with whom it names. */
export interface Row {
  readonly row: ListedRow
  readonly people: People
}

/** `now` is in milliseconds. */
export function rowsOf(views: readonly RequestView[], now: number): readonly Row[] {
  const listed = listedRows(views, now)
  return views.flatMap(({ people }, nth) => {
    const row = listed[nth]
    return row ? [{ row, people }] : []
  })
}

/** Which part of which list: what comes after one request, or its beginning. */
export interface PartOfList {
  readonly list: ListName
  readonly before: string | null
}

/** What a button carries that shows a part of a list. */
export function partText({ list, before }: PartOfList): string {
  return `${list}|${before ?? ''}`
}

/** Null when the text is of no button like that. */
export function readPart(text: string): PartOfList | null {
  const [list = '', before = ''] = text.split('|')
  if (!isList(list) || !/^(req_[0-9a-z]{1,60})?$/.test(before)) return null
  return { list, before: before || null }
}

function isList(name: string): name is ListName {
  return Object.hasOwn(lists, name)
}
