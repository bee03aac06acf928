import type { AnyRequest } from '../core/request.ts'
import { unreadLines } from './readings.ts'
import { recordedOf } from './recorded.ts'
import { between, ours, outside, say, strong, type Text, warning } from './span.ts'
import { isLiftable } from './titles.ts'

/**
 * What a card says of the reasons for asking, while anybody is asked: what the rules say. Which rule it is, and by what values it
 * applies, is the answer to *Why am I asked?* (grounds.ts); the values that matter most are on top of the card already.
 */
export interface Why {
  /** `Why you are asked:` */
  readonly label: Text
  readonly says: Text
  /**
   * Parameters that were not understood, and conditions that could not be evaluated, which count the stricter way: whoever decides
   * should know (docs/policy.md#when-a-condition-fails-all-the-same).
   */
  readonly notEvaluated: readonly Text[]
  /** So many more of them are not shown. */
  readonly more: number
}

const shownRules = 5
const shownErrors = 3
const shownBudgets = 3

/** What the rules say, the first so many of them, each cut at a length. Empty where no rule matched. */
export function reasonsIn(
  { why, message }: AnyRequest['verdict'],
  atMost: { readonly rules: number; readonly length: number },
): readonly Text[] {
  const rules = why.slice(0, atMost.rules).map((one) => [outside(one.says, atMost.length)])
  const more = why.length - rules.length
  return [
    ...rules,
    ...(more > 0 ? [say`and ${more} more ${ours(more === 1 ? 'rule' : 'rules')}`] : []),
    ...(message ? [[outside(message, atMost.length + 150)]] : []),
  ]
}

export function whyOf({ request }: { readonly request: AnyRequest }): Why | null {
  const { verdict, state } = request
  if (state !== 'pending') return null
  const liftable = isLiftable(request)
  const unclear = [
    ...unreadLines(recordedOf(request)),
    ...verdict.errors.map((error) => say`${warning} ${outside(error, 400)}`),
  ]
  const over = recordedOf(request).over.slice(0, shownBudgets)
  const lines = [
    ...reasonsIn(verdict, { rules: shownRules, length: 350 }),
    ...over.map((says) => [outside(says, 350)]),
  ]
  const unmatched = liftable
    ? say`no rule allows this action.`
    : say`no rule allows this action, so people are asked.`
  const label = liftable ? strong`Why it is denied:` : strong`Why you are asked:`
  return {
    label: [label],
    says: lines.length > 0 ? between(lines, '\n') : unmatched,
    notEvaluated: unclear.slice(0, shownErrors),
    more: Math.max(unclear.length - shownErrors, 0),
  }
}
