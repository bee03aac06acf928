import type { KnownBlock } from '@slack/types'
import { askedBy, emergenciesFor, reviewsFor, waitingFor } from '../../approvals/inspect.ts'
import { personOf } from '../../approvals/people/identify.ts'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { cut } from '../../card/text.ts'
import { isLiftable, isUnderReview } from '../../card/titles.ts'
import type { Account } from '../../core/identity.ts'
import type { ActionRequest } from '../../core/request.ts'
import { buttonValue } from '../card/buttonValue.ts'
import type { SlackContext } from '../context.ts'
import { button, context, header, mrkdwn, plain } from '../text/blocks.ts'
import { time } from '../text/mrkdwn.ts'

/** Requests of one person, as `/approvals` and Home show them. */
export interface Listing {
  readonly waiting: readonly ActionRequest[]
  /** Broken glasses whose review they could close. */
  readonly reviews: readonly ActionRequest[]
  /** Denials by policy that they could lift in an emergency. */
  readonly emergencies: readonly ActionRequest[]
  readonly asked: readonly ActionRequest[]
}

/** How many of each are listed, so that all fit in one message; the rest is counted. */
const shown = { waiting: 8, reviews: 3, emergencies: 2, asked: 7 } as const

/** What waits for this account, what it could do in an emergency, and what its person asked for; newest first. */
export async function listFor(slack: SlackContext, account: Account): Promise<Listing> {
  const person = await personOf(slack.ports, account)
  const [waiting, reviews, emergencies, asked] = await Promise.all([
    waitingFor(slack.ports, account),
    reviewsFor(slack.ports, account),
    emergenciesFor(slack.ports, account),
    askedBy(slack.ports, person),
  ])
  return { waiting, reviews, emergencies, asked }
}

/** The lists with a button to open each request, and words for when nothing waits. What is rare shows only when there is some. */
export function listBlocks(listing: Listing): KnownBlock[] {
  return [
    header('Waiting for you'),
    ...(listing.waiting.length > 0 ? rows('waiting', listing) : [context(plain(nothing.waiting))]),
    ...(listing.reviews.length > 0 ? [header('Broken glasses to review'), ...rows('reviews', listing)] : []),
    ...(listing.emergencies.length > 0
      ? [header('Denied by policy, and yours to lift in an emergency'), ...rows('emergencies', listing)]
      : []),
    header('You asked for'),
    ...(listing.asked.length > 0 ? rows('asked', listing) : [context(plain(nothing.asked))]),
  ]
}

const nothing = {
  waiting: 'Nothing waits for you. When an agent needs your agreement, it appears here and in its channel.',
  asked: 'No agent has asked for anything on your behalf yet.',
} as const

function rows(list: keyof Listing, listing: Listing): KnownBlock[] {
  const requests = listing[list]
  const more = requests.length - shown[list]
  return [
    ...requests.slice(0, shown[list]).flatMap(row),
    ...(more > 0 ? [context(plain(`and ${more} more`))] : []),
  ]
}

/** The API's own words. */
function stateOf(request: ActionRequest): string {
  if (isLiftable(request)) return 'denied by policy'
  return isUnderReview(request) ? `${request.state}, broken_glass` : request.state
}

function row(request: ActionRequest): KnownBlock[] {
  const until =
    request.state === 'pending' && request.expiresAt ? `, expires ${time(request.expiresAt, 'day')}` : ''
  return [
    {
      type: 'section',
      text: plain(cut(summaryOf(factsOf(request)), 500)),
      accessory: { ...button('open', 'Open', buttonValue({ request: request.id, card: null })) },
    },
    context(
      mrkdwn(`*${stateOf(request)}*, asked ${time(request.createdAt, 'day')}${until}`),
      plain(request.id),
    ),
  ]
}
