import type { Action } from '../../core/action.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { pathTo } from '../../policy/conditions/path.ts'
import type { Facts } from '../../policy/facts.ts'
import type { Clause } from '../logic/clause.ts'
import type { Test } from '../logic/formula.ts'
import { scalarFor } from '../logic/witness.ts'

/** This request itself is counted. */
const one: Test = { is: 'above', bound: 1, orEqual: true }

/** What budgets have counted, so that it most likely goes the way of the clause; null where no numbers were thought of. */
export function budgetFor(
  bundle: Bundle,
  way: Clause,
  { action, params }: Pick<Action, 'action' | 'params'>,
): Facts['budget'] | null {
  const budgets = bundle.counted.get(action)?.budgets ?? []
  const numbers: NonNullable<Facts['budget']> = {}
  for (const { name, sum } of budgets) {
    const at = (field: string) => way.get(pathTo(pathTo('budget', name), field)) ?? []
    const count = scalarFor([...at('count'), one], 'whole')
    const amount = sum ? params[sum.param] : null
    const least: Test = { is: 'above', bound: typeof amount === 'number' ? amount : 1, orEqual: true }
    const added = sum ? scalarFor([...at('sum'), least], 'whole') : null
    if (typeof count !== 'number' || (sum && typeof added !== 'number')) return null
    numbers[name] = { count, ...(typeof added === 'number' && { sum: added }) }
  }
  return budgets.length === 0 ? undefined : numbers
}
