import type { KnownBlock } from '@slack/types'
import { askedBy, emergenciesFor, reviewsFor, viewOf, waitingFor } from '../../approvals/inspect.ts'
import { listedRows } from '../../card/listing.ts'
import { cut } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import type { Account } from '../../core/identity.ts'
import type { ActionRequest } from '../../core/request.ts'
import { buttonValue } from '../card/buttonValue.ts'
import type { SlackContext } from '../context.ts'
import { button, context, header, plain } from '../text/blocks.ts'
import { elementOf } from '../text/spans.ts'

/** Requests of one person, as `/approvals` and Home show them. */
export interface Listing {
  /** Milliseconds: what is left of a deadline is told as of then. */
  readonly now: number
  readonly waiting: Listed
  /** Broken glasses whose review they could close. */
  readonly reviews: Listed
  /** Denials by policy that they could lift in an emergency. */
  readonly emergencies: Listed
  readonly asked: Listed
}

interface Listed {
  readonly count: number
  /** The first of them, as many as are shown. */
  readonly views: readonly RequestView[]
}

type ListName = Exclude<keyof Listing, 'now'>

/** How many of each are listed, so that all fit in one message; the rest is counted. */
const shown = { waiting: 8, reviews: 3, emergencies: 2, asked: 7 } as const

/** What waits for this account, what it could do in an emergency, and what its person asked for; newest first. */
export async function listFor(slack: SlackContext, account: Account): Promise<Listing> {
  const [waiting, reviews, emergencies, asked] = await Promise.all([
    waitingFor(slack.ports, account),
    reviewsFor(slack.ports, account),
    emergenciesFor(slack.ports, account),
    askedBy(slack.ports, account),
  ])
  const listed = async (list: ListName, requests: readonly ActionRequest[]): Promise<Listed> => ({
    count: requests.length,
    views: await Promise.all(requests.slice(0, shown[list]).map((one) => viewOf(slack.ports, one))),
  })
  return {
    now: slack.ports.clock().getTime(),
    waiting: await listed('waiting', waiting),
    reviews: await listed('reviews', reviews),
    emergencies: await listed('emergencies', emergencies),
    asked: await listed('asked', asked),
  }
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

const nothing = {
  waiting:
    'Nothing is waiting for you. When an agent needs your agreement, it appears here and in its channel.',
  asked: 'No agent has asked for anything on your behalf yet.',
} as const

function rows(list: ListName, listing: Listing): KnownBlock[] {
  const { count } = listing[list]
  const views = listing[list].views.slice(0, shown[list])
  const more = count - views.length
  const listed = listedRows(views, listing.now)
  return [
    ...views.flatMap(({ people }, nth) => {
      const row = listed[nth]
      if (!row) return []
      const open = button('open', 'Open', buttonValue({ request: row.request, card: null }))
      return [
        { type: 'section' as const, text: plain(cut(row.summary, 500)), accessory: open },
        context(elementOf(people, row.state), elementOf(people, row.about), plain(row.request)),
      ]
    }),
    ...(more > 0 ? [context(plain(`and ${more} more`))] : []),
  ]
}
