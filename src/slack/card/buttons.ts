import type { Button, KnownBlock, PlainTextOption } from '@slack/types'
import { escalationsLeft } from '../../approvals/escalate.ts'
import type { RequestView } from '../../approvals/ports.ts'
import type { Card } from '../../approvals/records.ts'
import type { ActionRequest } from '../../core/request.ts'
import { actions, button, plain } from '../text/blocks.ts'
import { cut } from '../text/text.ts'
import { isLiftable, isUnderReview } from '../text/titles.ts'
import { buttonValue } from './buttonValue.ts'
import { type Facts, summaryOf } from './facts.ts'

/**
 * What can be pressed on a card. An action that does not fit is opened first, and whatever decides it stands on the
 * last page of its full view; a denial by policy can be lifted and nothing else.
 */
export function cardButtons(card: Pick<Card, 'id'>, view: RequestView, facts: Facts): KnownBlock[] {
  const { request } = view
  const value = buttonValue({ request: request.id, card: card.id })
  // A new block id with each version, as Slack wants it for updated messages.
  const block = `decide.${request.version}`
  if (isUnderReview(request))
    return [actions(block, [reviewButton('close_review', value), menu(request, value, facts)])]
  if (request.state !== 'pending') return []
  const main: Button[] = facts.fits
    ? deciding(request, value, facts)
    : [{ ...button('full', 'Open full request', value), style: 'primary' }]
  return [actions(block, [...main, menu(request, value, facts)])]
}

function deciding(request: ActionRequest, value: string, facts: Facts): Button[] {
  if (isLiftable(request)) return [glassButton('break_glass', value)]
  return [
    asksInWriting(request)
      ? approveFormButton('approve_form', value)
      : approveButton('approve', value, facts),
    denyButton('deny', value),
    ...(escalationsLeft(request).length > 0 ? [escalateButton('escalate', value)] : []),
  ]
}

/** What is needed less often. The emergency path stands here, so that nobody takes it by a slip of the finger. */
function menu(request: ActionRequest, value: string, facts: Facts) {
  const glass =
    request.state === 'pending' && request.requirement?.breakGlass && !isLiftable(request) && facts.fits
  const options: PlainTextOption[] = [
    { text: plain('Full request'), value: `full|${value}` },
    { text: plain('Why am I asked?'), value: `why|${value}` },
    { text: plain('Who can decide?'), value: `who|${value}` },
    ...(glass ? [{ text: plain('Break glass…'), value: `break_glass|${value}` }] : []),
  ]
  return { type: 'overflow' as const, action_id: 'more', options }
}

/** The same on the last page of the full view: by then the whole action has been read. */
export function viewButtons(view: RequestView, value: string, facts: Facts): Button[] {
  const { request } = view
  if (isUnderReview(request)) return [reviewButton('close_review_in_view', value)]
  if (request.state !== 'pending') return []
  const glass = request.requirement?.breakGlass ? [glassButton('break_glass_in_view', value)] : []
  if (isLiftable(request)) return glass
  return [
    asksInWriting(request)
      ? approveFormButton('approve_form_in_view', value)
      : approveButton('approve_in_view', value, facts),
    denyButton('deny_in_view', value),
    ...(escalationsLeft(request).length > 0 ? [escalateButton('escalate_in_view', value)] : []),
    ...glass,
  ]
}

/** True when an approval needs a reason or typed texts, so that it takes a window instead of a click. */
function asksInWriting({ requirement }: ActionRequest): boolean {
  return requirement !== null && (requirement.reason !== null || requirement.confirm.length > 0)
}

/** One click with a confirm that repeats the action. */
function approveButton(actionId: string, value: string, facts: Facts): Button {
  return {
    ...button(actionId, 'Approve', value),
    style: 'primary',
    confirm: {
      title: plain('Approve this action?', 100),
      text: plain(`${cut(summaryOf(facts), 240)}\nExactly as shown.`, 300),
      confirm: plain('Approve', 30),
      deny: plain('Not yet', 30),
    },
  }
}

/** The rest open a window; the dots say so where the word alone could be taken for the deed. */
function approveFormButton(actionId: string, value: string): Button {
  return { ...button(actionId, 'Approve…', value), style: 'primary' }
}

function denyButton(actionId: string, value: string): Button {
  return { ...button(actionId, 'Deny', value), style: 'danger' }
}

function escalateButton(actionId: string, value: string): Button {
  return button(actionId, 'Escalate', value)
}

function glassButton(actionId: string, value: string): Button {
  return { ...button(actionId, 'Break glass…', value), style: 'danger' }
}

function reviewButton(actionId: string, value: string): Button {
  return { ...button(actionId, 'Close review…', value), style: 'primary' }
}
