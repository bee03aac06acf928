import type { KnownBlock } from '@slack/types'
import type { RequestView } from '../../approvals/ports.ts'
import { effectiveLegs } from '../../core/request.ts'
import type { Entry, EntryType } from '../../ledger/entry.ts'
import { context, mrkdwn, plain, quote, section } from '../text/blocks.ts'
import { listed, person, plainSources, sources, time } from '../text/mrkdwn.ts'
import { cut, inline, prose, reveal } from '../text/text.ts'
import type { CardMessage } from './card.ts'
import { factsOf, summaryOf } from './facts.ts'

type Teller = (view: RequestView, entry: Entry) => CardMessage | null

const quiet: Teller = () => null

/**
 * What the thread under a card says about each kind of entry: one short line that needs no answer. The card itself
 * tells what was asked, a refusal is told to the clicker only, and the rest is not about the request.
 */
const tellers: Readonly<Record<EntryType, Teller>> = {
  'request.submitted': quiet,
  'decision.made': decisionMade,
  'request.approved': ({ request }) =>
    request.brokenGlass ? null : line('*Approved.* The agent may go ahead.'),
  'request.denied': () => line('*Denied.* The agent was told, with the reason.'),
  'request.expired': ({ request }) =>
    line(
      request.verdict.kind === 'deny'
        ? '*Expired.* Nobody lifted the denial in time, so it stays denied.'
        : '*Expired.* Not enough people decided in time, so it is not approved.',
    ),
  'request.cancelled': () => line('*Cancelled* by the agent. Nothing needs to be decided any more.'),
  'decision.refused': quiet,
  'request.escalated': escalated,
  'glass.broken': glassBroken,
  'alarm.sent': quiet,
  'review.overdue': reviewOverdue,
  'review.closed': reviewClosed,
  'card.posted': quiet,
  'channel.failed': quiet,
  'reminder.sent': quiet,
  'agent.added': quiet,
  'agent.rotated': quiet,
  'agent.revoked': quiet,
  'person.added': quiet,
  'person.linked': quiet,
  'policy.activated': () => line('*In force.* Every request is judged by the new policy from now on.'),
  'policy.refused': policyRefused,
}

/** One entry for the thread, or null when people need not hear of it. */
export function tellEntry(view: RequestView, entry: Entry): CardMessage | null {
  return tellers[entry.type](view, entry)
}

/**
 * Mentions the sets of the legs that are still open, and only those; with the action, its id and a link, because people
 * read it where the card is not. Null when none is open.
 */
export function reminderOf(view: RequestView, link: string | null): CardMessage | null {
  const { request } = view
  const legs = effectiveLegs(request)
  const open = legs.filter((leg) => (view.filled.get(leg.name)?.length ?? 0) < leg.count)
  if (request.state !== 'pending' || open.length === 0) return null
  const needed = open
    .slice(0, 20)
    .map((leg) => `${leg.count - (view.filled.get(leg.name)?.length ?? 0)} of ${sources(leg.from)}`)
  const until = request.expiresAt ? ` until ${time(request.expiresAt)}` : ''
  const says = `Still needed${until}: ${listed(needed)}.${link === null ? '' : ` ${link}`}`
  const about = summaryOf(factsOf(request))
  return {
    text: `${says} ${inline(about, 1_000)} (${request.id})`,
    blocks: [section(mrkdwn(says)), context(plain(`${cut(about, 1_000)} · ${request.id}`))],
  }
}

function decisionMade(view: RequestView, entry: Entry): CardMessage | null {
  const decision = view.request.decisions.find((one) => one.person === entry.actor.id)
  if (!decision) return null
  const who = person(view, decision.person)
  if (decision.kind === 'deny') {
    const reason = cut(reveal(decision.reason ?? ''), 1_000)
    return line(`${who} denied this.`, reason === '' ? [] : [quote(reason)])
  }
  const seat = effectiveLegs(view.request).find((leg) => view.filled.get(leg.name)?.includes(decision.person))
  const reason = decision.reason ? [quote(prose(decision.reason, 1_000))] : []
  return line(`${who} agreed${seat ? ` for ${inline(seat.name, 60)}` : ''}.`, reason)
}

/** Mentions the people who are brought in, and says why. */
function escalated(view: RequestView, entry: Entry): CardMessage | null {
  const one = view.request.escalations.find((_, nth) => nth === entry.data.nth)
  if (!one) return null
  const why =
    one.by === 'deadline' ? 'because nobody had decided in time' : `by ${person(view, one.by)}, who says why:`
  const help =
    one.legs.length > 0 ? ` They may now agree for ${listed(one.legs.map((leg) => inline(leg, 60)))}.` : ''
  const reason = one.reason === null ? [] : [quote(prose(one.reason, 1_000))]
  // Whoever was brought in is asked only as long as it helps.
  const whom = view.request.state === 'pending' ? sources([one.to]) : plainSources([one.to])
  return line(`*Escalated* to ${whom} ${why}${one.by === 'deadline' ? '.' : ''}${help}`, reason)
}

function glassBroken(view: RequestView): CardMessage | null {
  const glass = view.request.brokenGlass
  if (!glass) return null
  const past = view.request.verdict.kind === 'deny' ? ', past a denial by policy' : ''
  return line(
    `:warning: *${person(view, glass.person)} broke the glass*: approved alone${past}. The agent may go ahead. Somebody else has to review it by ${time(glass.reviewBy, 'day')}.`,
    [quote(prose(glass.reason, 1_000))],
  )
}

/** Calls those who could have broken the glass themselves: one of them, or of the legs, closes it. */
function reviewOverdue(view: RequestView): CardMessage | null {
  const glass = view.request.brokenGlass
  if (!glass || glass.review) return null
  const who = view.request.requirement?.breakGlass?.who ?? []
  return line(
    `:warning: *The review is overdue* since ${time(glass.reviewBy, 'day')}. ${sources(who)}: somebody other than ${person(view, glass.person)} has to look at this and close it, with the button on the card.`,
  )
}

function reviewClosed(view: RequestView): CardMessage | null {
  const review = view.request.brokenGlass?.review
  if (!review) return null
  return line(`*Review closed* by ${person(view, review.person)}.`, [quote(prose(review.note, 1_000))])
}

/** The sentence is ours; nothing in it is from outside. */
function policyRefused(_: RequestView, { data }: Entry): CardMessage {
  const why = typeof data.says === 'string' ? data.says : 'It could not be activated.'
  return line(`*Not in force.* ${why} The policy that was active stays active.`)
}

function line(text: string, more: readonly KnownBlock[] = []): CardMessage {
  return { text, blocks: [section(mrkdwn(text)), ...more] }
}
