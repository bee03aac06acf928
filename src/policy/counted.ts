import type { Action } from '../core/action.ts'
import type { Ask } from './ask.ts'
import type { Budget } from './budget.ts'
import { type Bundle, type CountedAction, conditionsOf } from './bundle.ts'
import { type BudgetComparison, budgetComparisons } from './conditions/budgetUse.ts'
import type { Facts } from './facts.ts'
import { entryFor } from './resources.ts'

/** What one request is under a budget. */
export interface Use {
  readonly budget: Budget
  /** Under which it is counted; null where nobody can be counted: the resource is in no entry of the inventory, or the initiator is only claimed. */
  readonly key: string | null
  /** Of what is added up; null where requests are only counted, and where it is none that could be asked for. */
  readonly amount: number | null
}

type Numbers = NonNullable<Facts['budget']>[string]

/** The actions that are counted, by name. */
export function countedActions(
  budgets: Bundle['budgets'],
  candidates: Bundle['candidates'],
): Bundle['counted'] {
  const counted = new Map<string, CountedAction>()
  for (const [action, rules] of candidates) {
    const counting = [...budgets.values()].filter(({ actions }) => actions.includes(action))
    if (counting.length === 0) continue
    const comparisons = rules.flatMap((rule) =>
      conditionsOf(rule).flatMap(({ compiled }) =>
        budgetComparisons(compiled.tree).map((one) => ({ ...one, rule })),
      ),
    )
    const named = new Set(comparisons.map(({ budget }) => budget))
    counted.set(action, {
      budgets: counting,
      read: counting.filter(({ name }) => named.has(name)),
      comparisons,
    })
  }
  return counted
}

/** What is counted, and for whom. */
export interface Asked {
  readonly action: Action
  /** Its id. */
  readonly agent: string
  /** Null, too, where nobody is known. */
  readonly initiator: Pick<NonNullable<Ask['initiator']>, 'id' | 'attested'> | null
}

/**
 * What a request is under each of the budgets: by the agent's id, the inventory entry, or the person who is attested to be its
 * initiator; never by an id as it was spelled, nor by a claim.
 */
export function usesOf(
  bundle: Pick<Bundle, 'inventory'>,
  budgets: readonly Budget[],
  asked: Asked,
): readonly Use[] {
  const { action } = asked
  return budgets.map((budget): Use => {
    const amount = budget.sum ? action.params[budget.sum.param] : null
    const whose = countedFor(bundle, budget.per, asked)
    return {
      budget,
      key: whose && JSON.stringify([budget.name, budget.per, ...whose]),
      amount: typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 ? amount : null,
    }
  })
}

function countedFor(
  { inventory }: Pick<Bundle, 'inventory'>,
  per: Budget['per'],
  { action, agent, initiator }: Asked,
): readonly string[] | null {
  if (per === 'agent') return [agent]
  if (per === 'initiator') return initiator?.attested ? [initiator.id] : null
  const entry = entryFor(inventory, action.resource)
  return entry && [entry.match.type, entry.match.id]
}

/** The numbers that conditions see: what was counted before, and this one. Sums are kept to what a number can hold. */
export function numbersWith(
  before: { readonly count: number; readonly sum: number },
  { budget, amount }: Pick<Use, 'budget' | 'amount'>,
): Numbers {
  const count = before.count + 1
  if (budget.sum === null) return { count }
  return { count, sum: Math.min(before.sum + (amount ?? 0), Number.MAX_SAFE_INTEGER) }
}

/** The facts of the first request that a budget counts, for tests and requests that were made up. */
export function firstNumbers(bundle: Bundle, asked: Asked): Facts['budget'] {
  const uses = usesOf(bundle, bundle.counted.get(asked.action.action)?.budgets ?? [], asked)
  const known = uses.flatMap((use) =>
    use.key === null ? [] : [[use.budget.name, numbersWith({ count: 0, sum: 0 }, use)] as const],
  )
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

/** Up to which number of a budget everything is judged as at this one; null where however many make no difference. */
export function sameUpTo(
  { comparisons }: CountedAction,
  number: Pick<BudgetComparison, 'budget' | 'of'> & { readonly value: number },
): number | null {
  const edges = comparisons
    .filter(({ budget, of }) => budget === number.budget && of === number.of)
    .flatMap(({ edges }) => edges)
    .filter((edge) => edge >= number.value)
  return edges.length === 0 ? null : Math.min(...edges)
}
