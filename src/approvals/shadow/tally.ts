import { addedTo, type Counted } from '../../policyTools/simulation/beside.ts'
import type { Compared } from './judge.ts'
import type { ShadowTotals } from './records.ts'

/** What was found since it was last written. */
export interface Found {
  readonly isNothing: boolean
  readonly totals: ShadowTotals
  readonly kinds: readonly Counted[]
  with(outcome: 'failed' | 'dropped', requests: number): Found
  /** `counted` hears of each outcome how many there were more. */
  and(compared: Compared, counted: (outcome: keyof ShadowTotals, count: number) => void): Found
}

/** More kinds than that are not told apart between two writings; they stay among the totals. */
const mostKinds = 500

const none: ShadowTotals = { unchanged: 0, tightened: 0, loosened: 0, failed: 0, dropped: 0 }

export function foundNothing(): Found {
  return found(none, new Map())
}

function found(totals: ShadowTotals, kinds: ReadonlyMap<string, Counted>): Found {
  const plus = (one: ShadowTotals, outcome: keyof ShadowTotals, count: number): ShadowTotals => ({
    ...one,
    [outcome]: one[outcome] + count,
  })
  return {
    isNothing: Object.values(totals).every((count) => count === 0),
    totals,
    kinds: [...kinds.values()],
    with: (outcome, requests) => found(plus(totals, outcome, requests), kinds),
    and(compared, counted) {
      let sum = totals
      for (const { outcome, count } of compared.found) {
        const as = outcome === 'moved' ? 'unchanged' : outcome
        sum = plus(sum, as, count)
        counted(as, count)
      }
      if (compared.failed > 0) {
        sum = plus(sum, 'failed', compared.failed)
        counted('failed', compared.failed)
      }
      return found(sum, addedTo(kinds, compared.found, mostKinds))
    },
  }
}
