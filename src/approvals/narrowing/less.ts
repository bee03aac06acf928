import { type Action, administrative } from '../../core/action.ts'
import { type Lowered, type Narrowable, narrowableIn, narrowedParams } from '../../core/narrowing.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { narrowMarks } from '../../policy/narrowMarks.ts'

/**
 * What the active policy lets approvers lower of a request. What is asked together with others is decided with them, as it was asked.
 *
 * @throws Refusal `not_narrowable`, `not_ready` without a policy
 */
export function refuseUnnarrowable(bundle: Bundle | null, request: ActionRequest): Narrowable {
  if (!bundle) throw new Refusal('not_ready', 'no policy that this process can judge by is active')
  const { action, set, rollsBack, verdict } = request
  if (set) throw refused('It was asked together with others, and is decided with them.')
  if (rollsBack !== undefined) throw refused('It undoes something, and half of that undoes nothing.')
  if (verdict.kind === 'deny' || administrative.includes(action.action))
    throw refused('It is not asked for as an action that could be less.')
  const narrowable = narrowableIn(narrowMarks(bundle.catalogue.get(action.action)), action.params)
  if (narrowable.size === 0) throw refused('The policy lets nobody lower anything of it.')
  return narrowable
}

/** The action of which less is asked. @throws Refusal as `refuseUnnarrowable`; `not_narrower`, with each place */
export function lessOf(bundle: Bundle | null, request: ActionRequest, lowered: Lowered): Action {
  const narrowable = refuseUnnarrowable(bundle, request)
  const less = narrowedParams(narrowable, request.action.params, lowered)
  if ('problems' in less)
    throw new Refusal('not_narrower', 'what would be left is not less than what was asked', less.problems)
  return { ...request.action, params: less.params }
}

function refused(detail: string): Refusal {
  return new Refusal('not_narrowable', 'what cannot be narrowed', [{ pointer: '', detail }])
}
