import type { ContextBlock, KnownBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types'
import type { Card, RequestView } from '../approvals/ports.ts'
import { shortDigest } from '../core/action.ts'
import type { State } from '../core/lifecycle.ts'
import { actions, button, context, header, mrkdwn, plain, preformatted, quote, section } from './blocks.ts'
import { buttonValue } from './buttons.ts'
import { type Facts, factsOf, summaryOf, word } from './facts.ts'
import { listed, person, sources, time } from './mrkdwn.ts'
import { cut, hasHidden, inline, reveal, revealLine } from './text.ts'

/** What is posted: blocks, and the text that notifications and screen readers use instead. */
export interface CardMessage {
  readonly text: string
  readonly blocks: KnownBlock[]
}

/** What a card says first, by state. Our words, never the agent's. */
const titles = {
  pending: 'Approval needed',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Cancelled',
  executing: 'Running',
  lapsed: 'Approved, but not used in time',
  revoked: 'Revoked',
  succeeded: 'Done',
  failed: 'Failed',
  unreported: 'Run, but not reported',
} as const satisfies Record<State, string>

/**
 * The card of one request, as design slack.md section 1 has it: what matters first, the agent's own words last and
 * labelled. While it is pending it can be decided on, unless the action does not fit: then the full view comes first.
 */
export function renderCard(card: Pick<Card, 'id' | 'status'>, view: RequestView): CardMessage {
  if (card.status === 'replaced') return replaced(view)
  const { request } = view
  const facts = factsOf(request)
  const blocks: KnownBlock[] = [
    header(titleOf(view, facts)),
    whereAndWhen(view, facts),
    ...outcome(view),
    whoAsks(view),
    ...parameters(facts),
    ...agentSays(view),
    ...whyAsked(view),
    ...needs(view),
    ...buttons(card, view, facts),
    context(plain(`${request.id} · sha256 ${shortDigest(request.digest)}`)),
  ]
  return { text: textOf(view, facts), blocks }
}

/** `Approval needed: db.export`: the state and the action's name. Plain text, at most 150 characters. */
export function titleOf(view: RequestView, facts: Facts): string {
  return cut(`${titles[view.request.state]}: ${facts.name}`, 150)
}

/** Who, what, where and the state, escaped: all that a notification or a screen reader has. */
function textOf(view: RequestView, facts: Facts): string {
  const { request } = view
  return inline(
    `${titles[request.state]}: ${summaryOf(facts)} (asked by the agent ${request.agent.name}, ${request.id})`,
    1_000,
  )
}

function whereAndWhen(view: RequestView, facts: Facts): ContextBlock {
  const { request } = view
  const where = [
    cut(facts.environment, 100),
    cut(facts.resource, 300),
    request.effect ?? 'effect unknown',
  ].join(' · ')
  const elements: (PlainTextElement | MrkdwnElement)[] = [plain(where)]
  if (request.state === 'pending' && request.expiresAt)
    elements.push(mrkdwn(`expires ${time(request.expiresAt, 'day')}`))
  return context(...elements)
}

/** By whom and when, once it is over; with the words of whoever denied it. */
function outcome(view: RequestView): KnownBlock[] {
  const { request } = view
  if (request.state === 'pending' || !request.settledAt) return []
  const kind = request.state === 'denied' ? 'deny' : 'approve'
  const deciders = request.decisions.filter((decision) => decision.kind === kind)
  const by = request.state === 'expired' || request.state === 'cancelled' ? [] : deciders
  const whom = by.length > 0 ? ` by ${listed(by.map((decision) => person(view, decision.person)))}` : ''
  const line = section(mrkdwn(`*${titles[request.state]}*${whom}, ${time(request.settledAt, 'day')}`))
  const reasons = kind === 'deny' ? by.flatMap((decision) => (decision.reason ? [decision.reason] : [])) : []
  return [line, ...reasons.map((reason) => quote(prose(reason, 500)))]
}

const claims = {
  agent_owner: "the agent's owner",
  email: 'named by the agent',
  slack_user_id: 'named by the agent',
} as const

function whoAsks(view: RequestView): SectionBlock {
  const { request } = view
  const model = request.run?.model ? ` (says it is ${cut(revealLine(word(request.run.model)), 80)})` : ''
  return {
    type: 'section',
    fields: [
      // Plain, because the model's name is the agent's word.
      plain(`Agent: ${cut(revealLine(request.agent.name), 100)}${model}`, 300),
      mrkdwn(`For: ${person(view, request.initiator.person)} (${claims[request.initiator.claim]})`),
      mrkdwn(`Owner: ${person(view, request.agent.owner)}`),
      mrkdwn(`Asked: ${time(request.createdAt, 'day')}`),
    ],
  }
}

/** Complete or not at all: half an action must never look like a whole one (threats: too-long). */
function parameters(facts: Facts): KnownBlock[] {
  if (!facts.fits) {
    const says =
      'This action is too long for a card. Open the full request to read all of it; you can decide on its last page.'
    return [section(mrkdwn(`*Not shown here.* ${says}`)), ...hiddenNote(facts)]
  }
  const text = facts.parameters.length > 0 ? facts.parameters.join('\n') : 'no parameters'
  return [preformatted(text), ...hiddenNote(facts)]
}

function hiddenNote(facts: Facts): KnownBlock[] {
  const says = ':warning: *Contains hidden characters.* They are shown as their codes, such as [U+202E].'
  return facts.hidden ? [context(mrkdwn(says))] : []
}

function agentSays(view: RequestView): KnownBlock[] {
  const reason = view.request.reason?.trim()
  if (!reason) return []
  const label = hasHidden(reason)
    ? 'Agent says (not checked; contains hidden characters):'
    : 'Agent says (not checked):'
  return [context(mrkdwn(label)), quote(prose(reason, 600))]
}

/** Somebody's prose on a card: it may not push the buttons out of sight. */
function prose(text: string, max: number): string {
  const lines = reveal(text.trim())
    .split('\n')
    .filter((line) => line.trim() !== '')
  const kept = lines.length > 6 ? [...lines.slice(0, 6), '…'] : lines
  return cut(kept.join('\n'), max) || '(empty)'
}

function whyAsked(view: RequestView): KnownBlock[] {
  const { verdict, state } = view.request
  if (state !== 'pending') return []
  const shown = verdict.why.slice(0, 5).map((one) => `${inline(one.rule, 110)} - ${inline(one.says, 350)}`)
  const more = verdict.why.length - shown.length
  const lines = [
    ...shown,
    ...(more > 0 ? [`and ${more} more rules`] : []),
    ...(verdict.message ? [inline(verdict.message, 500)] : []),
  ]
  const text = lines.length > 0 ? lines.join('\n') : 'no rule allows this action, so people are asked.'
  return [section(mrkdwn(`*Why you are asked:* ${text}`))]
}

/** `○ 1 of @security` for an empty seat, `● @Bob for data-owners, 14:09` for a filled one; and who may not decide. */
function needs(view: RequestView): KnownBlock[] {
  const { request } = view
  if (!request.requirement) return []
  const seats = request.requirement.legs.flatMap((leg) => {
    const filled = view.filled.get(leg.name) ?? []
    const open = leg.count - filled.length
    const done = filled.map((id) => `● ${person(view, id)} for ${inline(leg.name, 60)}${decidedAt(view, id)}`)
    return open > 0 && request.state === 'pending' ? [...done, `○ ${open} of ${sources(leg)}`] : done
  })
  const not = request.state === 'pending' ? [...new Set(request.behind.map((one) => one.person))] : []
  const barred = not.length > 0 ? [`· ${not.map((id) => `not ${person(view, id)}`).join(', ')}`] : []
  const parts = [...seats, ...barred]
  const title = view.request.state === 'pending' ? '*Needs*' : '*Agreed*'
  return parts.length > 0 ? [context(mrkdwn(fitting([title, ...parts])))] : []
}

/** As many whole parts as fit in one text: half a mention would be read as something else. */
function fitting(parts: readonly string[]): string {
  let text = ''
  for (const part of parts) {
    if (text.length + part.length > 2_900) return `${text}   and more`
    text = text === '' ? part : `${text}   ${part}`
  }
  return text
}

function decidedAt(view: RequestView, id: string): string {
  const decision = view.request.decisions.find((one) => one.person === id)
  return decision ? `, ${time(decision.at)}` : ''
}

function buttons(card: Pick<Card, 'id'>, view: RequestView, facts: Facts): KnownBlock[] {
  const { request } = view
  if (request.state !== 'pending') return []
  const value = buttonValue({ request: request.id, card: card.id })
  const more = {
    type: 'overflow' as const,
    action_id: 'more',
    options: [
      { text: plain('Full request'), value: `full|${value}` },
      { text: plain('Why am I asked?'), value: `why|${value}` },
      { text: plain('Who can decide?'), value: `who|${value}` },
    ],
  }
  // A new block id with each version, as Slack wants it for updated messages.
  const block = `decide.${request.version}`
  if (!facts.fits)
    return [actions(block, [{ ...button('full', 'Open full request', value), style: 'primary' }, more])]
  return [actions(block, [approveButton('approve', value, facts), denyButton('deny', value), more])]
}

/** One click with a confirm that repeats the action. */
export function approveButton(actionId: string, value: string, facts: Facts) {
  return {
    ...button(actionId, 'Approve', value),
    style: 'primary' as const,
    confirm: {
      title: plain('Approve this action?', 100),
      text: plain(`${cut(summaryOf(facts), 240)}\nExactly as shown.`, 300),
      confirm: plain('Approve', 30),
      deny: plain('Not yet', 30),
    },
  }
}

/** Opens a modal that asks for the reason. */
export function denyButton(actionId: string, value: string) {
  return { ...button(actionId, 'Deny', value), style: 'danger' as const }
}

/** Another card took this one's place: nothing here may look as if it could be decided. */
function replaced(view: RequestView): CardMessage {
  const says = `This card was replaced by a newer one for the same request (${view.request.id}).`
  return { text: says, blocks: [context(mrkdwn(says))] }
}
