import type { KnownBlock } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { AlarmCause } from '../../approvals/job.ts'
import type { RequestView } from '../../approvals/ports.ts'
import { button, context, header, mrkdwn, plain, quote, section } from '../text/blocks.ts'
import { person, time } from '../text/mrkdwn.ts'
import { cut, inline, prose } from '../text/text.ts'
import { buttonValue } from './buttonValue.ts'
import type { CardMessage } from './card.ts'
import { factsOf, summaryOf } from './facts.ts'

/**
 * What Security reads: that a glass was broken, by whom and why, or that nobody has reviewed it in time. The action is
 * named but its parameters are not shown: they stand on the card and in the full request, for whoever may see them.
 * Null when no glass is broken.
 */
export function alarmOf(view: RequestView, why: AlarmCause): CardMessage | null {
  const { request } = view
  const glass = request.brokenGlass
  if (!glass) return null
  const facts = factsOf(request)
  const title = why === 'broken' ? 'Glass broken' : 'Review overdue'
  const past =
    request.verdict.kind === 'deny' ? 'past a denial by policy' : 'without the people policy asks for'
  const says = `${person(view, glass.person)} let this through alone, ${past}, ${time(glass.at, 'day')}. Their reason:`
  const blocks: KnownBlock[] = [
    header(cut(`${title}: ${facts.name}`, 150)),
    section(plain(cut(summaryOf(facts), 1_000))),
    section(mrkdwn(`:warning: ${says}`)),
    quote(prose(glass.reason, 1_000)),
    section(mrkdwn(review(view, glass, why))),
    {
      type: 'actions',
      elements: [button('open', 'Open full request', buttonValue({ request: request.id, card: null }))],
    },
    context(plain(request.id)),
  ]
  return { text: inline(`${title}: ${summaryOf(facts)} (${request.id})`, 1_000), blocks }
}

function review(
  view: RequestView,
  { person: breaker, reviewBy }: NonNullable<RequestView['request']['brokenGlass']>,
  why: AlarmCause,
): string {
  const due = time(reviewBy, 'day')
  return why === 'overdue'
    ? `*Nobody has reviewed it*; that was due ${due}. Somebody other than ${person(view, breaker)} has to.`
    : `Somebody other than ${person(view, breaker)} has to review it by ${due}.`
}

const membersAnswer = z.object({ users: z.array(z.string()) })

/** Ids to post to for an alarm: a conversation or a person is one, a user group is each of its members. */
export async function hearers(client: WebClient, id: string): Promise<readonly string[]> {
  if (!id.startsWith('S')) return [id]
  return membersAnswer.parse(await client.usergroups.users.list({ usergroup: id })).users
}
