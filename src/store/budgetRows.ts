import type { BudgetRead, Put } from '../approvals/change.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Row } from './rows.ts'

type Puts = readonly Put<ActionRequest>[]

/** What a change was judged by, counts, and counts no more. */
export function budgetTables(
  puts: Puts,
  reads: readonly BudgetRead[] = [],
): Readonly<Record<string, readonly Row[]>> {
  return {
    budget_reads: reads.map(budgetReadRow),
    budget_entries: budgetEntries(puts).map(budgetEntryRow),
    budget_returns: budgetReturns(puts).map((request_id) => ({ request_id })),
  }
}

/** What is counted of requests that a change lets through. `made`: it begins as approved; otherwise it counts if it waited before. What counts only what policy allows counts nothing that people let through. */
export function budgetEntries(puts: Puts): readonly BudgetEntry[] {
  return puts.flatMap(({ expected, next }) => {
    const { id, state, settledAt, verdict } = next
    if (state !== 'approved' || settledAt === null) return []
    const made = expected === null
    return (verdict.counts ?? [])
      .filter(({ of }) => verdict.kind === 'allow' || of === 'all')
      .map(({ key, amount }) => ({ key, request: id, at: settledAt, amount: amount ?? 0, made }))
  })
}

interface BudgetEntry {
  readonly key: string
  readonly request: string
  readonly at: string
  readonly amount: number
  readonly made: boolean
}

/**
 * Requests that are counted no more because they ended unused: their time was over, or they were taken back, before anybody had a
 * grant. A token that was given out may have been used where nobody tells us, so what it stands for stays counted.
 */
export function budgetReturns(puts: Puts): readonly string[] {
  return puts.flatMap(({ next }) => (endedUnused(next) && next.verdict.counts ? next.id : []))
}

function endedUnused({ state, grant }: ActionRequest): boolean {
  return (state === 'lapsed' || state === 'revoked') && !grant
}

function budgetEntryRow({ key, request, at, amount, made }: BudgetEntry): Row {
  return { key, request_id: request, at, amount, made }
}

function budgetReadRow({ key, addedAtMost, amountAtMost }: BudgetRead): Row {
  return { key, added: addedAtMost, amount: amountAtMost }
}
