import { viewOf } from '../approvals/inspect.ts'
import { askedBy, emergenciesFor, type ListPage, reviewsFor, waitingFor } from '../approvals/lists.ts'
import { oneLook } from '../approvals/oneLook.ts'
import type { Ports } from '../approvals/ports.ts'
import type { RequestView } from '../card/view.ts'
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

/** Requests of one person, as they see them at a glance. */
export interface Listing extends Readonly<Record<ListName, Listed>> {
  /** Milliseconds: what is left of a deadline is told as of then. */
  readonly now: number
}

export interface Listed {
  readonly count: number
  /** The first of them, as many as are shown. */
  readonly views: readonly RequestView[]
}

/** How many of each are listed, so that all fit in one message; the rest is counted, and shown page by page where there are pages. */
export const shownOf = { waiting: 8, reviews: 3, emergencies: 2, asked: 7 } as const

/** What waits for this account, what it could do in an emergency, and what its person asked for; newest first. */
export async function listingOf(given: Ports, account: Account): Promise<Listing> {
  const ports = await oneLook(given, account)
  const listed = async (list: ListName): Promise<Listed> => {
    const requests = await lists[list].find(ports, account)
    const views = await Promise.all(requests.slice(0, shownOf[list]).map((one) => viewOf(ports, one)))
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

/** What a list says where nothing stands in it; null where nothing has to be said then. */
export const nothingIn: Readonly<Record<ListName, string | null>> = {
  waiting:
    'Nothing is waiting for you. When an agent needs your agreement, it appears here and in its channel.',
  reviews: null,
  emergencies: null,
  asked: 'No agent has asked for anything on your behalf yet.',
}

/** What stands over each where they stand below each other. */
export const headingOf: Readonly<Record<ListName, string>> = {
  waiting: 'Waiting for you',
  reviews: 'Broken glasses to review',
  emergencies: 'Denied by policy, and yours to lift in an emergency',
  asked: 'You asked for',
}
