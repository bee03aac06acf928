import { didYouMean } from '../../core/nearest.ts'
import type { Ask } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { type Asked, firstNumbers } from '../../policy/counted.ts'
import type { Fault } from '../../policy/problem.ts'
import type { RequestShape } from './testsSchema.ts'

/** What a test says of budgets; of those that it does not name, the request is the first that is counted. */
export function countedBy(
  bundle: Bundle,
  { stated, ...asked }: Asked & { readonly stated: NonNullable<RequestShape['budgets']> },
): Pick<Ask, 'budget'> {
  const first = Object.entries(firstNumbers(bundle, asked) ?? {})
  const numbers = first.map(([name, { count, sum }]) => {
    const said = stated[name]
    const most = said?.sum ?? sum
    return [name, { count: said?.count ?? count, ...(most !== undefined && { sum: most }) }] as const
  })
  return numbers.length === 0 ? {} : { budget: Object.fromEntries(numbers) }
}

/** A number of a budget that does not count the action would be read by nothing. */
export function unknownBudgets(
  bundle: Bundle,
  { action = '', budgets }: RequestShape,
  index: number,
): readonly Fault[] {
  const counting = (bundle.counted.get(action)?.budgets ?? []).map(({ name }) => name)
  return Object.keys(budgets ?? {}).flatMap((name): readonly Fault[] => {
    if (counting.includes(name)) return []
    const message = `No budget "${name}" counts ${action}.${didYouMean(name, counting)}`
    return [{ path: ['tests', index, 'request'], code: 'schema/value', message }]
  })
}
