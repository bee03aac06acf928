import type { Action } from '../core/action.ts'
import type { Verdict } from '../core/request.ts'
import { bindingsFor } from './bindings.ts'
import type { Bundle } from './bundle.ts'
import type { Facts } from './facts.ts'
import { judgeRule } from './judgeRule.ts'

/**
 * Whether a denial stands on what is known. False when every rule that denies does so only because a condition of it could
 * not be evaluated: good enough to ask nobody, too little to take away what people were asked already.
 */
export function surelyDenies(
  { bundle, action, facts }: { readonly bundle: Bundle; readonly action: Action; readonly facts: Facts },
  { code, rules, errors }: Verdict,
): boolean {
  if (errors.length === 0) return true
  const known = bundle.catalogue.get(action.action)
  if (code !== 'rules' || known === undefined) return false
  const bindings = bindingsFor({ bundle, action, facts }, known)
  return bundle.rules
    .filter(({ id }) => rules.includes(id))
    .some((rule) => judgeRule(rule, facts, () => bindings).errors.length === 0)
}
