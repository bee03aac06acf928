import type { Change } from '../../src/approvals/change.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { putsOf } from '../../src/store/batch.ts'
import { budgetEntries, budgetReturns } from '../../src/store/budgetRows.ts'
import type { Tables } from './memoryTables.ts'

/** More was counted since than what something was allowed by. */
export function isCounted(tables: Tables, { budgetReads = [] }: Change): boolean {
  return budgetReads.some(({ key, addedAtMost, amountAtMost }) => {
    const { added, amount } = headOf(tables, key)
    return (
      (addedAtMost !== null && added > addedAtMost) ||
      (amountAtMost !== null && amount > Number(amountAtMost))
    )
  })
}

/** Before the requests themselves are written: what people let through counts when it leaves those that wait. */
export function noteCounted(tables: Tables, change: Change): void {
  for (const { made, ...entry } of budgetEntries(putsOf(change))) {
    if (!made && tables.requests.get(entry.request)?.state !== 'pending') continue
    const { added, amount } = headOf(tables, entry.key)
    tables.budgetEntries.push(entry)
    tables.budgetHeads.set(entry.key, { added: added + 1, amount: amount + entry.amount })
  }
  const returned = budgetReturns(putsOf(change))
  keep(tables, ({ request }) => !returned.includes(request))
}

export function budgetReads(tables: Tables): Pick<Store, 'budgetNumbers'> {
  return {
    budgetNumbers: async (asked) =>
      asked.map(({ key, since, except }) => {
        const used = tables.budgetEntries.filter(
          (one) => one.key === key && one.at > since && one.request !== except,
        )
        const { added, amount } = headOf(tables, key)
        const sum = used.reduce((all, one) => all + one.amount, 0)
        return { count: used.length, sum: Math.min(sum, Number.MAX_SAFE_INTEGER), added, amount: `${amount}` }
      }),
  }
}

export function forgetBudgets(
  tables: Tables,
  { before, limit }: { readonly before: string; readonly limit: number },
): number {
  const old = tables.budgetEntries.filter(({ at }) => at < before).slice(0, limit)
  keep(tables, (one) => !old.includes(one))
  return old.length
}

function headOf(tables: Tables, key: string) {
  return tables.budgetHeads.get(key) ?? { added: 0, amount: 0 }
}

function keep(tables: Tables, stays: (one: Tables['budgetEntries'][number]) => boolean): void {
  tables.budgetEntries.splice(0, Number.POSITIVE_INFINITY, ...tables.budgetEntries.filter(stays))
}
