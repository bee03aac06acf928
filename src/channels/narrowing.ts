import { refuseUnnarrowable } from '../approvals/narrowing/less.ts'
import { mayDecide } from '../approvals/people/eligibility.ts'
import type { Attempts } from '../approvals/personCommand.ts'
import type { Ports } from '../approvals/ports.ts'
import { refuseStopped } from '../approvals/stops/refuse.ts'
import { factsOf } from '../card/facts.ts'
import type { Entered } from '../card/forms/form.ts'
import { leftOf, loweredIn, narrowedForm } from '../card/forms/narrow.ts'
import { digestAction } from '../core/action.ts'
import type { AccountKey } from '../core/identity.ts'
import { narrowableOf, narrowedParams } from '../core/narrowing.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Review } from './review.ts'

/** Nobody lets through what they were not shown: what would be left is shown whole, and counts when exactly that is sent. */
export const reviewNarrowing: Review = ({ view, origin, field, picked }) => {
  const { request } = view
  const narrowable = narrowableOf(request)
  // What nobody can lower any more, the verb refuses with the reason.
  if (narrowable.size === 0) return null
  const lowered = loweredIn(narrowable, { field, picked })
  const less = narrowedParams(narrowable, request.action.params, lowered)
  if ('problems' in less) return less
  const left = leftOf(request, less.params)
  return origin.left === left.digest ? null : { show: narrowedForm(view, { request: left, lowered }) }
}

/** What sending the window attempts, and what it had shown. The verb judges by the policy of now. */
export function narrowingWritten(
  request: ActionRequest,
  entered: Entered,
): Pick<Attempts['narrow'], 'lowered' | 'seen'> {
  const narrowable = narrowableOf(request)
  const lowered = loweredIn(narrowable, entered)
  const less = narrowedParams(narrowable, request.action.params, lowered)
  const action = { ...request.action, params: 'params' in less ? less.params : request.action.params }
  const { preview: _, ...asked } = request
  return { lowered, seen: factsOf({ ...asked, action, digest: digestAction(action) }).text }
}

/** Who may open the window. @throws Refusal `wrong_state`, those of `mayDecide`, `stopped`, `not_narrowable` */
export async function mayNarrow(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  if (request.state !== 'pending')
    throw new Refusal('wrong_state', `a window for a request that is ${request.state}`)
  await mayDecide(ports, request, account)
  await refuseStopped(ports, request)
  refuseUnnarrowable(ports.policy(), request)
}
