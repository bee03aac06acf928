import { bundleLimits } from './limits.ts'
import { localTimeOf } from './localTime.ts'
import { type WorkingHours, weekdays } from './time.ts'

const day = 86_400_000

/**
 * How many seconds of clocks pass from a moment until so many seconds of working hours have; at most 30 days. Each day's hours are
 * those between the instants at which clocks there show their beginning and end, so a day on which clocks change is as long as it is.
 */
export function clockSeconds(
  { workingHours, timezone }: { readonly workingHours: WorkingHours; readonly timezone: string },
  seconds: number,
  now: string,
): number {
  const zone = localTimeOf(timezone)
  const start = Date.parse(now)
  const end = start + bundleLimits.expirySeconds * 1_000
  let left = seconds * 1_000
  const today = Math.floor(zone.shownAt(start) / day) * day
  for (let date = today; zone.firstAt(date) < end; date += day) {
    if (!isWorkingDay(workingHours, date)) continue
    const begins = Math.max(start, zone.firstAt(date + millisecondsOf(workingHours.from)))
    const ends = zone.firstAt(date + millisecondsOf(workingHours.to))
    const works = Math.max(0, ends - begins)
    if (works >= left) return Math.ceil((Math.min(begins + left, end) - start) / 1_000)
    left -= works
  }
  return bundleLimits.expirySeconds
}

function isWorkingDay({ weekdays: days, holidays }: WorkingHours, date: number): boolean {
  const shown = new Date(date)
  const weekday = weekdays[(shown.getUTCDay() + 6) % 7]
  return (
    weekday !== undefined && days.includes(weekday) && !holidays.includes(shown.toISOString().slice(0, 10))
  )
}

function millisecondsOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}
