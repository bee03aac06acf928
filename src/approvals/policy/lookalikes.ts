import type { Action } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { misspellings } from '../../policy/misspelt.ts'

/**
 * What looks like a known name and is not it comes before nobody: not on a card, where it would be taken for the other, nor
 * to rules that were written for what nobody knows (threats: own-spelling).
 *
 * @throws Refusal `lookalike_name`
 */
export function refuseLookalikes(bundle: Bundle, action: Action): void {
  const problems = misspellings(bundle, action)
  if (problems.length > 0)
    throw new Refusal('lookalike_name', 'a name is spelled almost like a known one', problems)
}
