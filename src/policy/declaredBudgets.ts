import { didYouMean } from '../core/nearest.ts'
import type { Budget } from './budget.ts'
import { actionsNamed } from './candidates.ts'
import type { CatalogueAction } from './catalogue.ts'
import type { BudgetsShape } from './format/budgetSchema.ts'
import type { Fault } from './problem.ts'

type Catalogue = ReadonlyMap<string, CatalogueAction>

/** The budgets of a bundle, by name. What does not fit the catalogue is left out here and told by `budgetFaults`. */
export function budgetsOf(
  shape: BudgetsShape | undefined,
  catalogue: Catalogue,
): ReadonlyMap<string, Budget> {
  const budgets = [...(shape ?? [])].map(([name, written]): [string, Budget] => {
    const actions = actionsNamed(written.actions, catalogue)
    const currency = written.sum === undefined ? undefined : currenciesOf(written.sum, actions, catalogue)[0]
    const sum = written.sum !== undefined && currency ? { param: written.sum, currency } : null
    const { per, window, of } = written
    return [name, { name, actions, per, windowSeconds: window, of, sum }]
  })
  return new Map(budgets)
}

/** What of `budgets` does not fit the catalogue, in bundle.yaml. */
export function budgetFaults(shape: BudgetsShape | undefined, catalogue: Catalogue): readonly Fault[] {
  return [...(shape ?? [])].flatMap(([name, { actions, sum }]) => {
    const path = ['budgets', name]
    const unknown = actions.flatMap((pattern, at): Fault[] => {
      if (actionsNamed([pattern], catalogue).length > 0) return []
      const message = `"${pattern}" matches no action in actions.yaml.${didYouMean(pattern, catalogue.keys())}`
      return [{ path: [...path, 'actions', at], code: 'match/unknown-action', message }]
    })
    if (unknown.length > 0 || sum === undefined) return unknown
    return sumFaults(sum, actionsNamed(actions, catalogue), catalogue).map((message) => ({
      path: [...path, 'sum'],
      code: 'budget/sum',
      message,
    }))
  })
}

/** A negative amount, or one that may be missing, would let somebody fill up again what they have used. */
function sumFaults(param: string, actions: readonly string[], catalogue: Catalogue): readonly string[] {
  for (const action of actions) {
    const { params } = catalogue.get(action) ?? { params: 'open' as const }
    const declared = params === 'open' ? undefined : params.get(param)
    const amounts =
      params === 'open' ? [] : [...params].flatMap(([name, { amount }]) => (amount ? [name] : []))
    if (declared === undefined)
      return [
        `${action} has no parameter "${param}".${didYouMean(param, amounts)} Name an amount that each of the actions has.`,
      ]
    if (declared.amount === undefined)
      return [
        `"${param}" of ${action} is not declared as an amount: write {amount: {currency: EUR}} in actions.yaml.`,
      ]
    if (declared.optional)
      return [`"${param}" of ${action} may be left out, and then nothing would be counted: make it required.`]
    if (declared.sensitive)
      return [`"${param}" of ${action} is sensitive, and the sum would show it: remove one of the two.`]
  }
  const currencies = currenciesOf(param, actions, catalogue)
  if (currencies.length < 2) return []
  return [`The actions have amounts in ${currencies.join(' and ')}: make a budget for each currency.`]
}

function currenciesOf(param: string, actions: readonly string[], catalogue: Catalogue): readonly string[] {
  const found = actions.flatMap((action) => {
    const params = catalogue.get(action)?.params ?? 'open'
    return params === 'open' ? [] : (params.get(param)?.amount?.currency ?? [])
  })
  return [...new Set(found)].sort()
}
