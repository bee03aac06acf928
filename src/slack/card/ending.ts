import type { KnownBlock } from '@slack/types'
import type { RequestView } from '../../approvals/ports.ts'
import { context, mrkdwn, quote, section } from '../text/blocks.ts'
import { listed, person, time } from '../text/mrkdwn.ts'
import { prose } from '../text/text.ts'
import { decidersOf, titleOfState } from '../text/titles.ts'

/** By whom and when, once the asking is over; with the words of whoever denied it, or let it through alone. */
export function cardEnding(view: RequestView): KnownBlock[] {
  const { request } = view
  if (request.brokenGlass) return brokenGlass(view, request.brokenGlass)
  if (request.state === 'pending' || !request.settledAt) return []
  const by = decidersOf(view)
  const whom = by.length > 0 ? ` by ${listed(by.map((id) => person(view, id)))}` : ''
  const line = section(mrkdwn(`*${titleOfState(request)}*${whom}, ${time(request.settledAt, 'day')}`))
  const denials = request.state === 'denied' ? request.decisions.filter((one) => one.kind === 'deny') : []
  return [line, ...denials.flatMap((one) => (one.reason ? [quote(prose(one.reason, 500))] : []))]
}

/** Who let it through alone, why, and what became of the review. */
function brokenGlass(
  view: RequestView,
  glass: NonNullable<RequestView['request']['brokenGlass']>,
): KnownBlock[] {
  const past = view.request.verdict.kind === 'deny' ? ', past a denial by policy' : ''
  const line = `:warning: *Approved by breaking the glass*: ${person(view, glass.person)} alone${past}, ${time(glass.at, 'day')}`
  return [section(mrkdwn(line)), quote(prose(glass.reason, 500)), ...review(view, glass)]
}

function review(
  view: RequestView,
  { person: breaker, review: closed, reviewBy }: NonNullable<RequestView['request']['brokenGlass']>,
): KnownBlock[] {
  if (closed)
    return [
      context(mrkdwn(`*Reviewed* by ${person(view, closed.person)}, ${time(closed.at, 'day')}:`)),
      quote(prose(closed.note, 500)),
    ]
  const open = `*Review open*: somebody other than ${person(view, breaker)} has to look at it by ${time(reviewBy, 'day')}`
  return [context(mrkdwn(open))]
}
