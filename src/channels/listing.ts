import { viewOf } from '../approvals/inspect.ts'
import { oneLook } from '../approvals/oneLook.ts'
import type { Ports } from '../approvals/ports.ts'
import type { RequestView } from '../card/view.ts'
import type { Account } from '../core/identity.ts'
import { type ListName, lists, type PartOfList, type Row, rowsOf } from './lists.ts'

/** Requests of one person: the first of each of their lists. */
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

/** How many there are, in words. */
export function countsText({ waiting, reviews, asked }: Listing): string {
  const toReview = reviews.count > 0 ? `, ${reviews.count} to review` : ''
  return `${waiting.count} waiting for you${toReview}, ${asked.count} you asked for`
}

/** One list under its heading. */
export interface ListSection {
  readonly heading: string
  /** With no rows it is what is said instead. */
  readonly says: string | null
  readonly rows: readonly Row[]
  /** How many more there are, and which part of the list they begin with. */
  readonly more: { readonly count: number; readonly part: PartOfList } | null
}

/** The lists, and words for when nothing waits. What is rare shows only when there is some. */
export function listSections(listing: Listing): readonly ListSection[] {
  return headings.flatMap(({ list, heading, nothing }): readonly ListSection[] => {
    const { count, views } = listing[list]
    if (count === 0) return nothing === null ? [] : [{ heading, says: nothing, rows: [], more: null }]
    const some = views.slice(0, shown[list])
    const more = count - some.length
    const before = some.at(-1)?.request.id ?? null
    return [
      {
        heading,
        says: null,
        rows: rowsOf(some, listing.now),
        more: more > 0 ? { count: more, part: { list, before } } : null,
      },
    ]
  })
}

const headings = [
  {
    list: 'waiting',
    heading: 'Waiting for you',
    nothing:
      'Nothing is waiting for you. When an agent needs your agreement, it appears here and in its channel.',
  },
  { list: 'reviews', heading: 'Broken glasses to review', nothing: null },
  { list: 'emergencies', heading: 'Denied by policy, and yours to lift in an emergency', nothing: null },
  { list: 'asked', heading: 'You asked for', nothing: 'No agent has asked for anything on your behalf yet.' },
] as const
