import type { Bundle } from '../../policy/bundle.ts'
import { type Finding, lintCodes } from './finding.ts'

/** Budgets that no rule reads: they count, and decide nothing. */
export function unreadBudgets({ budgets, counted }: Bundle): readonly Finding[] {
  const read = new Set([...counted.values()].flatMap((one) => one.read))
  return [...budgets.values()].flatMap((budget): readonly Finding[] => {
    if (read.has(budget)) return []
    const code = 'budget/unread'
    const message = `No rule reads the budget ${budget.name}, so it decides nothing: compare budget.${budget.name}.count in a rule, or remove it.`
    const place = { file: 'bundle.yaml', line: 1, column: 1, rule: null }
    return [{ level: lintCodes[code].level, code, ...place, message, excerpt: null }]
  })
}
