import type { ContextBlock, KnownBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types'
import type { RequestView } from '../../approvals/ports.ts'
import type { Card } from '../../approvals/records.ts'
import { shortDigest } from '../../core/digest.ts'
import { context, header, mrkdwn, plain, preformatted, quote, section } from '../text/blocks.ts'
import { person, time } from '../text/mrkdwn.ts'
import { cut, hasHidden, inline, prose, revealLine } from '../text/text.ts'
import { isLiftable, titleOfState } from '../text/titles.ts'
import { cardButtons } from './buttons.ts'
import { cardEnding } from './ending.ts'
import { type Facts, factsOf, summaryOf, word } from './facts.ts'
import { cardSeats } from './seats.ts'

/** What is posted: blocks, and the text that notifications and screen readers use instead. */
export interface CardMessage {
  readonly text: string
  readonly blocks: KnownBlock[]
}

/**
 * The card of one request: what matters first, the agent's own words last and labelled. While it is pending it can be decided on, unless the action does not fit: then the full view comes first.
 */
export function renderCard(card: Pick<Card, 'id' | 'status'>, view: RequestView): CardMessage {
  if (card.status === 'replaced') return replaced(view)
  const { request } = view
  const facts = factsOf(request)
  const blocks: KnownBlock[] = [
    header(titleOf(view, facts)),
    whereAndWhen(view, facts),
    ...cardEnding(view),
    whoAsks(view),
    ...parameters(facts),
    ...agentSays(view),
    ...whyAsked(view),
    ...cardSeats(view),
    ...cardButtons(card, view, facts),
    context(plain(`${request.id} · sha256 ${shortDigest(request.digest)}`)),
  ]
  return { text: textOf(view, facts), blocks }
}

/** `Approval needed: db.export`: the state and the action's name. Plain text, at most 150 characters. */
export function titleOf(view: RequestView, facts: Facts): string {
  return cut(`${titleOfState(view.request)}: ${facts.name}`, 150)
}

/** Who, what, where and the state, escaped: all that a notification or a screen reader has. */
function textOf(view: RequestView, facts: Facts): string {
  const { request } = view
  return inline(
    `${titleOfState(request)}: ${summaryOf(facts)} (asked by the agent ${request.agent.name}, ${request.id})`,
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
    elements.push(
      mrkdwn(`${isLiftable(request) ? 'can be lifted until' : 'expires'} ${time(request.expiresAt, 'day')}`),
    )
  return context(...elements)
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
  const none = isLiftable(view.request)
    ? 'no rule allows this action.'
    : 'no rule allows this action, so people are asked.'
  const label = isLiftable(view.request) ? 'Why it is denied' : 'Why you are asked'
  return [section(mrkdwn(`*${label}:* ${lines.length > 0 ? lines.join('\n') : none}`)), ...notEvaluated(view)]
}

/** Conditions that could not be evaluated count as the stricter way; whoever decides should know (docs/policy.md#when-a-condition-fails-all-the-same). */
function notEvaluated({ request }: RequestView): KnownBlock[] {
  const { errors } = request.verdict
  const more = errors.length > 3 ? [plain(`and ${errors.length - 3} more`)] : []
  const shown = errors.slice(0, 3).map((error) => plain(`⚠ ${cut(revealLine(error), 400)}`))
  return errors.length > 0 ? [context(...shown, ...more)] : []
}

/** Another card took this one's place: nothing here may look as if it could be decided. */
function replaced(view: RequestView): CardMessage {
  const says = `This card was replaced by a newer one for the same request (${view.request.id}).`
  return { text: says, blocks: [context(mrkdwn(says))] }
}
