import {
  mayAnswer,
  mayBreakGlass,
  mayCloseReview,
  mayDecide,
  mayTakeBackGlass,
  mayWithdraw,
} from '../approvals/people/eligibility.ts'
import type { Ports } from '../approvals/ports.ts'
import { refuseStopped } from '../approvals/stops/refuse.ts'
import { escalationsLeft } from '../core/escalations.ts'
import type { AccountKey } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'

// Who may open the window of a verb: whoever may not hears it before they have written anything. The verb judges again.

export async function mayDecidePending(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<void> {
  refuseSettled(request)
  await mayDecide(ports, request, account)
}

export async function mayAnswerPending(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<void> {
  refuseSettled(request)
  await mayAnswer(ports, request, account)
}

export async function mayWithdrawNow(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<void> {
  if (request.state !== 'approved') refuseSettled(request)
  const may = request.brokenGlass ? mayTakeBackGlass : mayWithdraw
  await may(ports, request, account)
}

export async function mayApprovePending(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<void> {
  await mayDecidePending(ports, request, account)
  await refuseStopped(ports, request)
}

export async function mayEscalate(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  await mayDecidePending(ports, request, account)
  if (escalationsLeft(request).length === 0)
    throw new Refusal('nothing_to_escalate', 'a click on Escalate where every escalation took place')
}

export async function mayBreakPending(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<void> {
  refuseSettled(request)
  if (!request.requirement?.breakGlass)
    throw new Refusal('no_break_glass', 'a click on Break glass where policy offers no emergency path')
  await mayBreakGlass(ports, request, account)
  await refuseStopped(ports, request)
}

export async function mayCloseOpenReview(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<void> {
  if (!request.brokenGlass || request.brokenGlass.review)
    throw new Refusal('no_open_review', 'a click on Close review where none is open')
  await mayCloseReview(ports, request, account)
}

function refuseSettled(request: ActionRequest): void {
  if (request.state !== 'pending')
    throw new Refusal('wrong_state', `a window for a request that is ${request.state}`)
}
