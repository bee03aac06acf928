import type { KnownBlock } from '@slack/types'
import type { RequestView } from '../approvals/ports.ts'
import type { Entry, EntryType } from '../ledger/entry.ts'
import { mrkdwn, quote, section } from './blocks.ts'
import type { CardMessage } from './card.ts'
import { listed, person, sources } from './mrkdwn.ts'
import { cut, inline, reveal } from './text.ts'

type Teller = (view: RequestView, entry: Entry) => CardMessage | null

const quiet: Teller = () => null

/**
 * What the thread under a card says about each kind of entry: one short line that needs no answer. The card itself
 * tells what was asked, a refusal is told to the clicker only, and the rest is not about the request.
 */
const tellers: Readonly<Record<EntryType, Teller>> = {
  'request.submitted': quiet,
  'decision.made': decisionMade,
  'request.approved': () => line('*Approved.* The agent may go ahead.'),
  'request.denied': () => line('*Denied.* The agent was told, with the reason.'),
  'request.expired': () => line('*Expired.* Not enough people decided in time, so it is not approved.'),
  'request.cancelled': () => line('*Cancelled* by the agent. Nothing needs to be decided any more.'),
  'decision.refused': quiet,
  'card.posted': quiet,
  'reminder.sent': quiet,
  'agent.added': quiet,
  'agent.rotated': quiet,
  'agent.revoked': quiet,
  'person.added': quiet,
  'person.linked': quiet,
  'policy.activated': quiet,
}

/** One entry for the thread, or null when people need not hear of it. */
export function tellEntry(view: RequestView, entry: Entry): CardMessage | null {
  return tellers[entry.type](view, entry)
}

/** Mentions the sets of the legs that are still open, and only those. Null when none is. */
export function reminderOf(view: RequestView): CardMessage | null {
  const legs = view.request.requirement?.legs ?? []
  const open = legs.filter((leg) => (view.filled.get(leg.name)?.length ?? 0) < leg.count)
  if (open.length === 0) return null
  return line(
    `Still needed: ${listed(open.slice(0, 20).map((leg) => `${leg.count - (view.filled.get(leg.name)?.length ?? 0)} of ${sources(leg)}`))}.`,
  )
}

function decisionMade(view: RequestView, entry: Entry): CardMessage | null {
  const decision = view.request.decisions.find((one) => one.person === entry.actor.id)
  if (!decision) return null
  const who = person(view, decision.person)
  if (decision.kind === 'deny') {
    const reason = cut(reveal(decision.reason ?? ''), 1_000)
    return line(`${who} denied this.`, reason === '' ? [] : [quote(reason)])
  }
  const seat = view.request.requirement?.legs.find((leg) =>
    view.filled.get(leg.name)?.includes(decision.person),
  )
  return line(`${who} agreed${seat ? ` for ${inline(seat.name, 60)}` : ''}.`)
}

function line(text: string, more: readonly KnownBlock[] = []): CardMessage {
  return { text, blocks: [section(mrkdwn(text)), ...more] }
}
