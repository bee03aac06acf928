import type { Recorded } from '../recorded.ts'
import { type Counter, counter, mostInCell } from './counting.ts'
import { type Ending, endings, type RequestFigures, type TimeBar, type TimeUnit } from './figures.ts'

const hour = 3_600_000
const day = 24 * hour

/** The finest one by which a period has at most this many bars. */
const most = 100
const lengths: readonly (readonly [TimeUnit, number])[] = [
  ['hour', hour],
  ['day', day],
  ['week', 7 * day],
  ['month', 30 * day],
]

/** How requests ended, by hour, day, week, month or year of UTC, whichever gives no more bars than can be looked at. */
export function overTime({ since, until }: { readonly since: string; readonly until: string }) {
  const bars = new Map<number, { readonly ended: Record<Ending, number>; readonly entries: Counter }>()
  let unit: TimeUnit | null = null
  let begins = Date.parse(since)
  return {
    /** Told of each entry, also of those before the period: the record may begin later than the period does. */
    begins(ts: string): void {
      if (unit !== null) return
      begins = Math.max(begins, Date.parse(ts))
      unit = unitOf(begins, Date.parse(until))
    },
    add(ending: Ending, one: Recorded): void {
      const at = startOf(Date.parse(one.entry.ts), unit ?? 'day')
      const bar = bars.get(at) ?? {
        ended: Object.fromEntries(endings.map((name) => [name, 0])) as Record<Ending, number>,
        entries: counter(mostInCell),
      }
      bars.set(at, bar)
      bar.ended[ending] += 1
      bar.entries.add(one)
    },
    end(): RequestFigures['overTime'] {
      const found = [...bars.keys()].sort((a, b) => a - b)
      const [first, last] = [found[0], found.at(-1)]
      if (first === undefined || last === undefined || unit === null) return { unit: unit ?? 'day', bars: [] }
      const ends = Math.max(Date.parse(until) - 1, last)
      const [from, to] =
        unit === 'year' ? [first, last] : [Math.min(startOf(begins, unit), first), startOf(ends, unit)]
      const all: TimeBar[] = []
      for (let at = from; at <= to; at = nextAfter(at, unit)) {
        const bar = bars.get(at)
        all.push({
          begins: new Date(at).toISOString(),
          ended: bar?.ended ?? noEndings,
          entries: bar?.entries.listed() ?? { count: 0, first: [] },
        })
      }
      return { unit, bars: all }
    },
  }
}

const noEndings = Object.fromEntries(endings.map((name) => [name, 0])) as Record<Ending, number>

function unitOf(since: number, until: number): TimeUnit {
  return lengths.find(([, length]) => (until - since) / length <= most)?.[0] ?? 'year'
}

/** When the hour, day, week (from Monday), month or year began, in UTC. */
function startOf(at: number, unit: TimeUnit): number {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  if (unit === 'hour') return Math.floor(at / hour) * hour
  if (unit === 'day') return Math.floor(at / day) * day
  // 1 January 1970 was a Thursday.
  if (unit === 'week') return Math.floor((at / day + 3) / 7) * 7 * day - 3 * day
  return Date.UTC(year, unit === 'month' ? month : 0)
}

function nextAfter(at: number, unit: TimeUnit): number {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  if (unit === 'hour') return at + hour
  if (unit === 'day') return at + day
  if (unit === 'week') return at + 7 * day
  return unit === 'month' ? Date.UTC(year, month + 1) : Date.UTC(year + 1, 0)
}
