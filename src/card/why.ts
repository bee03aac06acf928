import type { AnyRequest } from '../core/request.ts'
import { recordedOf } from './recorded.ts'
import { between, outside, say, strong, type Text, warning } from './span.ts'
import { isLiftable } from './titles.ts'

/**
 * What a card says of the reasons for asking, while anybody is asked: what the rules say. Which rule it is, and by what values it
 * applies, is the answer to *Why am I asked?* (grounds.ts); the values that matter most are on top of the card already.
 */
export interface Why {
  readonly says: Text
  /** Conditions that could not be evaluated count as the stricter way; whoever decides should know (docs/policy.md#when-a-condition-fails-all-the-same). */
  readonly notEvaluated: readonly Text[]
  /** So many more of them are not shown. */
  readonly more: number
}

const shownRules = 5
const shownErrors = 3

export function whyOf({ request }: { readonly request: AnyRequest }): Why | null {
  const { verdict, state } = request
  if (state !== 'pending') return null
  const { unread } = recordedOf(request)
  const liftable = isLiftable(request)
  const rules = verdict.why.slice(0, shownRules).map((one) => [outside(one.says, 350)])
  const more = verdict.why.length - rules.length
  const lines = [
    ...rules,
    ...(more > 0 ? [say`and ${more} more rules`] : []),
    ...(verdict.message ? [[outside(verdict.message, 500)]] : []),
    ...unread.slice(0, 1).map(({ param, why }) => say`${outside(param, 70)}: ${outside(why, 250)}`),
  ]
  const unmatched = liftable
    ? say`no rule allows this action.`
    : say`no rule allows this action, so people are asked.`
  const label = liftable ? strong`Why it is denied:` : strong`Why you are asked:`
  return {
    says: say`${label} ${lines.length > 0 ? between(lines, '\n') : unmatched}`,
    notEvaluated: verdict.errors.slice(0, shownErrors).map((error) => say`${warning} ${outside(error, 400)}`),
    more: Math.max(verdict.errors.length - shownErrors, 0),
  }
}
