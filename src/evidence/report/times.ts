import type { Recorded } from '../recorded.ts'
import { counter, mostInCell } from './counting.ts'
import { isByPeople } from './ending.ts'
import type { Ending, TimeFigures } from './figures.ts'

const minute = 60
const hour = 60 * minute

const spans = [
  ['under 1 minute', minute],
  ['1 to 5 minutes', 5 * minute],
  ['5 to 15 minutes', 15 * minute],
  ['15 to 60 minutes', hour],
  ['1 to 4 hours', 4 * hour],
  ['4 to 24 hours', 24 * hour],
  ['a day or more', null],
] as const

/** How long people took. Kept as counts of whole seconds: as many as the longest deadline has, however many requests there are. */
export function decisionTimes() {
  const decided = counter()
  const seconds = new Map<number, number>()
  const inSpan = spans.map(() => counter(mostInCell))
  return {
    add(ending: Ending, { one, askedAt }: { readonly one: Recorded; readonly askedAt: string | null }): void {
      if (!isByPeople(ending)) return
      decided.add(one)
      if (askedAt === null) return
      // Two processes may have written them, each by its own clock.
      const took = Math.max(0, Math.round((Date.parse(one.entry.ts) - Date.parse(askedAt)) / 1_000))
      seconds.set(took, (seconds.get(took) ?? 0) + 1)
      inSpan[spans.findIndex(([, below]) => below === null || took < below)]?.add(one)
    },
    end(): TimeFigures {
      const sorted = [...seconds].sort(([a], [b]) => a - b)
      const measured = sorted.reduce((sum, [, count]) => sum + count, 0)
      return {
        decided: decided.listed(),
        measured,
        median: quantile(sorted, Math.ceil(measured * 0.5)),
        ninetieth: quantile(sorted, Math.ceil(measured * 0.9)),
        longest: sorted.at(-1)?.[0] ?? null,
        spans: spans.map(([name, below], nth) => ({
          ...{ name, below },
          entries: inSpan[nth]?.listed() ?? { count: 0, first: [] },
        })),
      }
    },
  }
}

/** The smallest time that as many took at most (nearest rank); null when there is none. */
function quantile(sorted: readonly (readonly [number, number])[], rank: number): number | null {
  let before = 0
  for (const [seconds, count] of sorted) {
    before += count
    if (before >= rank) return seconds
  }
  return null
}
