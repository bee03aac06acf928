import { canonical, plainCopy } from './canonical.ts'
import { CountersignError } from './countersignError.ts'
import type { ActionRequest, NarrowedTo } from './wire.ts'

/** What an approver left of a request, where one narrowed it (docs/api.md#narrowed); null of every other. */
export function leftOf({ state, outcome_code: code, narrowed_to: left }: ActionRequest): NarrowedTo | null {
  return state === 'denied' && code === 'narrowed' && left ? left : null
}

/** Says which parameters are less, and never a value: whoever wants them finds them in `request.narrowed_to`. */
export function narrowedError(request: ActionRequest, left: NarrowedTo): CountersignError {
  const text = (value: unknown) => (value === undefined ? '' : canonical(plainCopy(value)))
  const less = Object.keys(left.params).filter(
    (name) => text(left.params[name]) !== text(request.params[name]),
  )
  const says = `An approver let less through than was asked: ${less.join(', ')}. ${left.id} asks for that instead.`
  return new CountersignError('narrowed', says, { request })
}
