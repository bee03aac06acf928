/**
 * The local time of a zone, by the rules of Intl, whatever the machine's own zone is. A local time is a number like an
 * instant: the milliseconds since 1970 that clocks there show, as if they showed UTC.
 */
export interface LocalTime {
  /** What clocks show at an instant. */
  shownAt(instant: number): number
  /**
   * The first instant at which clocks show this time or a later one, for whole seconds: of a time that comes twice the
   * first, and of one that is skipped the moment at which the clocks jump over it. A later time never comes before.
   */
  firstAt(local: number): number
}

const hour = 3_600_000
const day = 24 * hour
/** No zone has ever been further from UTC, in hours. */
const furthest = 16

/**
 * Intl is asked once for the midnight of each day, and everything else is arithmetic, except around the days on which
 * the offset changes: no zone changes its offset and changes it back within a day.
 */
export function localTimeOf(timezone: string): LocalTime {
  const offsetAt = offsetsOf(timezone)
  const offsetOn = remembered((ofDay) => offsetAt(ofDay * day))
  const steady = (first: number, last: number): number | null => {
    const offset = offsetOn(first)
    for (let next = first + 1; next <= last; next += 1) if (offsetOn(next) !== offset) return null
    return offset
  }
  const searched = remembered((local) => search(local, offsetAt))
  return {
    shownAt(instant) {
      const today = Math.floor(instant / day)
      return instant + (steady(today, today + 1) ?? offsetAt(instant))
    },
    firstAt(local) {
      const today = Math.floor(local / day)
      const offset = steady(today - 1, today + 2)
      return offset === null ? searched(local) : local - offset
    },
  }
}

/** Milliseconds that clocks are ahead of UTC at an instant. */
type Offsets = (instant: number) => number

function offsetsOf(timezone: string): Offsets {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? Number.NaN
    const date = Date.UTC(part('year'), part('month') - 1, part('day'))
    const shown = date + part('hour') * hour + part('minute') * 60_000 + part('second') * 1_000
    return shown - Math.floor(instant / 1_000) * 1_000
  }
}

/** Where the offset changes near: every offset of these hours is tried, and without a fit the time was skipped. */
function search(local: number, offsetAt: Offsets): number {
  const around = Array.from({ length: 2 * furthest + 1 }, (_, n) => local + (n - furthest) * hour)
  const fitting = around.map((at) => local - offsetAt(at)).filter((at) => at + offsetAt(at) === local)
  if (fitting.length > 0) return Math.min(...fitting)
  const isPast = (at: number): boolean => at + offsetAt(at) > local
  let after = around.find(isPast) ?? local + furthest * hour
  let before = after - hour
  while (after - before > 1_000) {
    const middle = before + Math.floor((after - before) / 2_000) * 1_000
    if (isPast(middle)) after = middle
    else before = middle
  }
  return after
}

/** One entry for each day that is asked about, or each boundary of a window on a day when clocks change. */
function remembered(of: (key: number) => number): (key: number) => number {
  const known = new Map<number, number>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const found = of(key)
    known.set(key, found)
    return found
  }
}
