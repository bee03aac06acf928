import { childrenOf, type Node, pathOf } from './node.ts'
import { stepsOf } from './path.ts'
import type { Fault } from './scope.ts'

/** The number of a budget that a condition compares, and what the verdict may hang on. */
export interface BudgetComparison {
  readonly budget: string
  readonly of: 'count' | 'sum'
  /** Between each of these numbers and the next one, the comparison changes. */
  readonly edges: readonly number[]
  /** The most there may be on its lower side; null where it compares for being equal. */
  readonly most: number | null
}

/**
 * The comparisons of a condition with numbers of budgets. A verdict by such a number holds until the next edge: that is what its commit
 * is conditional on, so that others can be counted meanwhile (docs/policy.md#budgets).
 */
export function budgetComparisons(root: Node): readonly BudgetComparison[] {
  const own = comparisonIn(root)
  return own === null ? childrenOf(root).flatMap(budgetComparisons) : [own]
}

/** Every other use of a budget than a comparison with a whole number, which has no edges that are known. */
export function budgetFaultsIn(root: Node): readonly Fault[] {
  if (comparisonIn(root) !== null) return []
  if (root.kind === 'ident' && root.name === 'budget') return [{ at: root.at, code: 'cel/budget', message }]
  return childrenOf(root).flatMap(budgetFaultsIn)
}

const message =
  'A budget is compared with a whole number, and nothing else: budget.<name>.count <= 20, or budget.<name>.sum <= 100000.'

type Edges = (limit: number) => Pick<BudgetComparison, 'edges' | 'most'>

const upTo: Edges = (limit) => ({ edges: [limit], most: limit })
const below: Edges = (limit) => ({ edges: [limit - 1], most: limit - 1 })
const equal: Edges = (limit) => ({ edges: [limit - 1, limit], most: null })

/** By the operator, with the budget on its left. */
const operators: Readonly<Record<string, { readonly edges: Edges; readonly mirrored: Edges }>> = {
  '_<=_': { edges: upTo, mirrored: below },
  '_>_': { edges: upTo, mirrored: below },
  '_<_': { edges: below, mirrored: upTo },
  '_>=_': { edges: below, mirrored: upTo },
  '_==_': { edges: equal, mirrored: equal },
  '_!=_': { edges: equal, mirrored: equal },
}

function comparisonIn(node: Node): BudgetComparison | null {
  if (node.kind !== 'call' || node.target !== null) return null
  const operator = Object.hasOwn(operators, node.name) ? operators[node.name] : undefined
  const [left, right] = node.args
  if (!operator || !left || !right) return null
  const isLeft = numberOf(left) !== null
  const [used, limit] = isLeft ? [numberOf(left), wholeOf(right)] : [numberOf(right), wholeOf(left)]
  if (used === null || limit === null) return null
  return { ...used, ...(isLeft ? operator.edges : operator.mirrored)(limit) }
}

function numberOf(node: Node): Pick<BudgetComparison, 'budget' | 'of'> | null {
  if (node.kind !== 'select' || node.has) return null
  const path = pathOf(node)
  const [root, budget, of, ...more] = path === null ? [] : stepsOf(path)
  if (root !== 'budget' || budget === undefined || more.length > 0) return null
  return of === 'count' || of === 'sum' ? { budget, of } : null
}

function wholeOf(node: Node): number | null {
  if (node.kind !== 'literal' || typeof node.value !== 'bigint') return null
  const value = Number(node.value)
  return Number.isSafeInteger(value) ? value : null
}
