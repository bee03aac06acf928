import type { RequestView } from '../approvals/ports.ts'
import { Refusal, type RefusalCode } from '../core/refusal.ts'
import { listed, person, time } from './mrkdwn.ts'

/** What to do about a refusal, where there is something to do. */
const advice: Partial<Record<RefusalCode, string>> = {
  own_request: 'Ask one of the people that the card names.',
  not_in_leg: 'The card names who can. If you should be among them, ask whoever keeps that group.',
  identity_unknown: 'Slack could not say who you are or which groups you are in. Try again in a few seconds.',
  foreign_payload: 'Use the newest card of this request, or `/approvals`.',
  reason_needed: 'Write it after the word: `deny because …`.',
  view_needed: 'Use the button *Open full request*.',
  unknown_request: 'Only people who are behind a request, or can decide on it, see it.',
}

/** What a clicker is told about a refusal: the public sentence and what to do, never the detail. */
export function refusalText(refusal: Refusal): string {
  const more = advice[refusal.code]
  return more ? `${refusal.says} ${more}` : refusal.says
}

/** What a clicker is told when something broke that nobody refused. */
export const brokenText =
  'Something went wrong on our side, and it is not certain that this was recorded. Look at the card, or `/approvals show`, before you try again.'

export const queuedText =
  'This takes longer than usual. Your decision is safely queued; the card changes when it counts.'

export const uncertainText =
  'This takes longer than usual and nothing is recorded yet. You will hear how it ended.'

/** The state a request is really in, for whoever came too late. */
export function stateText(view: RequestView): string {
  const { request } = view
  if (request.state === 'pending') return 'It is still waiting for somebody to decide.'
  const kind = request.state === 'denied' ? 'deny' : 'approve'
  const people = request.decisions.filter((one) => one.kind === kind).map((one) => person(view, one.person))
  const decided = request.state !== 'expired' && request.state !== 'cancelled' && people.length > 0
  const by = decided ? ` by ${listed(people)}` : ''
  return `It is *${request.state}*${by}${request.settledAt ? `, ${time(request.settledAt, 'day')}` : ''}.`
}

/** Any error as what the clicker is told. */
export function textFor(error: unknown): string {
  return error instanceof Refusal ? refusalText(error) : brokenText
}
