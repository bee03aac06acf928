import type { KnownBlock, ModalView, PlainTextElement } from '@slack/types'
import type { RequestView } from '../approvals/ports.ts'
import { actions, button, context, header, mrkdwn, plain, preformatted, quote, section } from './blocks.ts'
import { type ButtonValue, buttonValue } from './buttons.ts'
import { approveButton, denyButton, titleOf } from './card.ts'
import { type Facts, factsOf, summaryOf } from './facts.ts'
import { listed, person, sources, time } from './mrkdwn.ts'
import { pagesOf } from './pages.ts'
import { cut, inline, reveal, revealLine } from './text.ts'

/** Where a view came from, kept in its `private_metadata`: ours, and signed by Slack when it comes back. */
export interface ViewOrigin extends ButtonValue {
  readonly page: number
  /** Home is published again after a decision that began there. */
  readonly from: 'card' | 'list' | 'home'
}

export const reasonField = { block: 'reason', action: 'text', max: 1_000 } as const

/** Asks why, with the action repeated. The agent gets the reason. */
export function denyModal(view: RequestView, origin: ViewOrigin): ModalView {
  const facts = factsOf(view.request)
  return {
    ...shell('Deny this action', origin),
    callback_id: 'deny',
    submit: label('Deny'),
    blocks: [
      section(plain(summaryOf(facts))),
      {
        type: 'input',
        block_id: reasonField.block,
        label: plain('Why not?'),
        hint: plain('The agent is told this, word for word.'),
        element: {
          type: 'plain_text_input',
          action_id: reasonField.action,
          multiline: true,
          min_length: 1,
          max_length: reasonField.max,
        },
      },
      context(plain(view.request.id)),
    ],
  }
}

/** The whole action, in pages, and everything known around it. Approve and Deny stand on the last page only. */
export function fullModal(view: RequestView, origin: ViewOrigin): ModalView {
  const facts = factsOf(view.request)
  const pages = pagesOf(facts.text)
  const page = Math.min(Math.max(origin.page, 0), pages.length - 1)
  const last = page === pages.length - 1
  const here = { ...origin, page }
  return {
    ...shell('Full request', here),
    callback_id: 'full',
    blocks: [
      header(titleOf(view, facts)),
      context(plain(`Page ${page + 1} of ${pages.length} · ${view.request.id}`)),
      ...(pages[page] ?? []).map(preformatted),
      ...(facts.hidden
        ? [context(mrkdwn(':warning: *Contains hidden characters*, shown as their codes.'))]
        : []),
      ...(last ? around(view) : []),
      ...turning(page, pages.length),
      ...(last ? deciding(view, here, facts) : []),
    ],
  }
}

/** The number of pages that `fullModal` has for this request. */
export function pageCount(request: RequestView['request']): number {
  return pagesOf(factsOf(request).text).length
}

/** The rules that fired and what they said. */
export function whyModal(view: RequestView, origin: ViewOrigin): ModalView {
  return { ...shell('Why am I asked?', origin), callback_id: 'note', blocks: whyBlocks(view) }
}

/** Whose agreement is needed, who gave it, and who may not decide. */
export function whoModal(view: RequestView, origin: ViewOrigin): ModalView {
  return { ...shell('Who can decide?', origin), callback_id: 'note', blocks: whoBlocks(view) }
}

/** One message of ours: a result, a refusal, or that we are still looking. `text` is mrkdwn of our own making. */
export function noteModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    callback_id: 'note',
    title: label(title),
    close: label('Close'),
    blocks: [section(mrkdwn(text))],
  }
}

/** The rules that fired, for a modal or a message. */
export function whyBlocks(view: RequestView): KnownBlock[] {
  const { verdict } = view.request
  const rules = verdict.why
    .slice(0, 20)
    .map((one) => section(mrkdwn(`*${inline(one.rule, 110)}*\n${inline(one.says, 1_000)}`)))
  const none = section(mrkdwn('No rule decides on this action, so people are asked.'))
  return [
    ...(rules.length > 0 ? rules : [none]),
    ...(verdict.message ? [section(plain(reveal(verdict.message)))] : []),
    ...(verdict.policy ? [context(plain(`policy ${verdict.policy.slice(0, 19)}`))] : []),
  ]
}

function whoBlocks(view: RequestView): KnownBlock[] {
  const { request } = view
  const legs = (request.requirement?.legs ?? []).slice(0, 40).map((leg) => {
    const filled = (view.filled.get(leg.name) ?? []).map((id) => person(view, id))
    const so = filled.length > 0 ? ` Agreed: ${listed(filled)}.` : ' Nobody has agreed yet.'
    return section(mrkdwn(`*${inline(leg.name, 60)}*: ${leg.count} of ${sources(leg)}.${so}`))
  })
  const roles = {
    initiator: 'it is for them',
    agent_owner: 'owns the agent',
    key_creator: "created the agent's key",
    involved: 'named as involved',
  }
  const behind = request.behind.map((one) => `${person(view, one.person)} (${roles[one.role]})`)
  return [
    ...legs,
    section(mrkdwn(`*Cannot decide*, being behind the action: ${listed([...new Set(behind)])}.`)),
  ]
}

/** What the agent and the people said, on the last page. */
function around(view: RequestView): KnownBlock[] {
  const { request } = view
  const reason = request.reason?.trim()
    ? [context(mrkdwn('Agent says (not checked):')), quote(cut(reveal(request.reason.trim()), 8_000))]
    : []
  const decisions = request.decisions.map((one) =>
    context(
      mrkdwn(
        `${one.kind === 'approve' ? 'Approved' : 'Denied'} by ${person(view, one.person)}, ${time(one.at, 'day')}`,
      ),
    ),
  )
  const owner = person(view, request.agent.owner)
  const asked = `Asked ${time(request.createdAt, 'day')} for ${person(view, request.initiator.person)}, by an agent of ${owner}:`
  return [
    context(mrkdwn(asked), plain(`${cut(revealLine(request.agent.name), 100)} (${request.agent.id})`)),
    ...reason,
    header('Why people are asked'),
    ...whyBlocks(view),
    ...(request.requirement ? [header('Who can decide'), ...whoBlocks(view)] : []),
    ...decisions.slice(0, 20),
  ]
}

function turning(page: number, pages: number): KnownBlock[] {
  const back = page > 0 ? [button('turn_back', 'Back', String(page - 1))] : []
  const next =
    page < pages - 1
      ? [{ ...button('turn_next', 'Next page', String(page + 1)), style: 'primary' as const }]
      : []
  const elements = [...back, ...next]
  return elements.length > 0 ? [actions(`turn.${page}`, elements)] : []
}

function deciding(view: RequestView, origin: ViewOrigin, facts: Facts): KnownBlock[] {
  if (view.request.state !== 'pending') return []
  const value = buttonValue(origin)
  return [
    actions('decide', [approveButton('approve_in_view', value, facts), denyButton('deny_in_view', value)]),
  ]
}

function shell(title: string, origin: ViewOrigin) {
  return {
    type: 'modal' as const,
    title: label(title),
    close: label('Close'),
    private_metadata: JSON.stringify({
      request: origin.request,
      card: origin.card,
      page: origin.page,
      from: origin.from,
    }),
  }
}

function label(text: string): PlainTextElement {
  return plain(text, 24)
}
