import { formatDuration } from '../../core/duration.ts'
import type { Budget } from '../../policy/budget.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { entriesOf } from '../../policy/resources.ts'
import type { Comparison } from './comparison.ts'

/**
 * Edits of budgets that can weaken. The rules may say the same as before: a number that counts less, or begins anew, lets more
 * through at the same limit.
 */
export function budgetEdits({ base, head }: Pick<Comparison, 'base' | 'head'>): readonly string[] {
  return [
    ...[...head.budgets.values()].flatMap((now) => {
      const old = base.budgets.get(now.name)
      if (old === undefined)
        return [`The budget ${now.name} is new: it begins at nothing, whatever was let through before.`]
      const less = countsLess(old, now)
      return less.length === 0 ? [] : [`The budget ${now.name} counts otherwise: ${less.join('; ')}.`]
    }),
    ...finerEntries(base, head),
  ]
}

function countsLess(old: Budget, now: Budget): readonly string[] {
  const gone = old.actions.filter((action) => !now.actions.includes(action))
  return [
    ...(gone.length > 0 ? [`${gone.join(', ')} no longer`] : []),
    ...(old.per === now.per ? [] : [`per ${now.per} instead of per ${old.per}, from nothing on`]),
    ...(now.windowSeconds < old.windowSeconds
      ? [`over ${formatDuration(now.windowSeconds)} instead of ${formatDuration(old.windowSeconds)}`]
      : []),
    ...(old.of === 'all' && now.of === 'allowed' ? ['only what policy allows by itself'] : []),
    ...sumEdits(old, now),
  ]
}

function sumEdits({ sum: old }: Budget, { sum: now }: Budget): readonly string[] {
  if (now === null) return []
  if (old === null) return [`it adds up "${now.param}", and nothing of what came before`]
  if (old.param !== now.param) return [`it adds up "${now.param}" instead of "${old.param}"`]
  return old.currency === now.currency ? [] : [`it adds up ${now.currency} instead of ${old.currency}`]
}

/** Each entry is counted by itself, so two where there was one have twice as much. */
function finerEntries(base: Bundle, head: Bundle): readonly string[] {
  const counted = [...head.budgets.values()].filter(
    ({ per, name }) => per === 'resource' && base.budgets.has(name),
  )
  if (counted.length === 0) return []
  const patterns = (bundle: Bundle) =>
    entriesOf(bundle.inventory).map(({ match }) => `${match.type} ${match.id}`)
  const old = patterns(base)
  const more = patterns(head).filter((one) => !old.includes(one))
  if (more.length === 0) return []
  const shown = more.slice(0, 5).join(', ')
  const rest = more.length > 5 ? ` and ${more.length - 5} more` : ''
  return [
    `New entries of the inventory are counted by themselves, from nothing on, by ${counted.map(({ name }) => name).join(', ')}: ${shown}${rest}.`,
  ]
}
