import { localTimeOf } from '../../policy/localTime.ts'

/** Where somebody reads the clock. */
interface Clockwork {
  /** Milliseconds. */
  readonly now: number
  /** IANA name, such as `Europe/Berlin`. */
  readonly zone: string
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Where nobody says a time: the end of a day's work, so that `until friday` is most of Friday. */
const endOfWork = 18 * hour

export const untilExamples =
  '`until friday`, `until tomorrow 12:00`, `until 2026-12-24`, `until 24 Dec 14:00`, `for 3 days`'

/** The moment that was typed, in milliseconds; or what is wrong with it, as a sentence. Whether one may be away until then is not judged here. */
export function momentTyped(
  typed: string,
  { now, zone }: Clockwork,
): { readonly at: number } | { readonly wrong: string } {
  const [word = '', ...rest] = typed.trim().toLowerCase().replaceAll(',', ' ').split(/\s+/)
  const time = localTimeOf(zone)
  const local = time.shownAt(now)
  if (word === 'for') {
    const length = lengthIn(rest.join(' '))
    if (length === null) return unclear
    // A day is one on the calendar, also where clocks change.
    return { at: length % day === 0 ? time.firstAt(local + length) : now + length }
  }
  if (word !== 'until' && word !== 'till' && word !== 'til') return unclear
  const found = localIn(rest, local)
  if (found === null) return unclear
  return 'wrong' in found ? found : { at: time.firstAt(found.local) }
}

const unclear = { wrong: `Until when? Write it like ${untilExamples}.` } as const

const units: Readonly<Record<string, number>> = {
  ...{ h: hour, hour, hours: hour },
  ...{ d: day, day, days: day },
  ...{ w: 7 * day, week: 7 * day, weeks: 7 * day },
}

/** Of `3 days`, `3d` or `a week`. */
function lengthIn(text: string): number | null {
  const [, count, unit = ''] = /^(\d{1,3}|an?|one) ?([a-z]+)$/.exec(text) ?? []
  if (count === undefined || !Object.hasOwn(units, unit)) return null
  const times = /^\d/.test(count) ? Number(count) : 1
  return times === 0 ? null : times * (units[unit] ?? 0)
}

type Found = { readonly local: number } | { readonly wrong: string } | null

/** What clocks show at that moment. */
function localIn(words: readonly string[], local: number): Found {
  const { dayWords, time } = splitTime(words)
  if (time === undefined) return null
  const today = Math.floor(local / day) * day
  if (dayWords.length === 0) {
    if (time === null) return null
    return { local: today + time + (today + time > local ? 0 : day) }
  }
  const found = dayIn(dayWords, today)
  if (found === null || 'wrong' in found) return found
  return { local: found.local + (time ?? endOfWork) }
}

/** The time at the end, in milliseconds since midnight: null where there is none, undefined where it is no time of a day. */
function splitTime(words: readonly string[]): {
  readonly dayWords: readonly string[]
  readonly time: number | null | undefined
} {
  const text = words.join(' ')
  const [all, hours, minutes = '0', half] =
    /(?:^| )(?:at )?(\d{1,2})(?::(\d\d))? ?(am|pm)$/.exec(text) ??
    /(?:^| )(?:at )?(\d{1,2}):(\d\d)$/.exec(text) ??
    []
  if (all === undefined) return { dayWords: words.filter((word) => word !== ''), time: null }
  const dayWords = text
    .slice(0, -all.length)
    .split(' ')
    .filter((word) => word !== '')
  return { dayWords, time: timeOf(Number(hours), Number(minutes), half) }
}

function timeOf(hours: number, minutes: number, half: string | undefined): number | undefined {
  if (minutes > 59 || hours > (half ? 12 : 23) || (half && hours === 0)) return undefined
  const full = half === undefined ? hours : (hours % 12) + (half === 'pm' ? 12 : 0)
  return full * hour + minutes * minute
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
] as const

/** Midnight of the day. */
function dayIn(words: readonly string[], today: number): Found {
  const text = words.join(' ')
  if (text === 'today') return { local: today }
  if (text === 'tomorrow') return { local: today + day }
  const weekday = nthOf(weekdays, text)
  if (weekday >= 0) return weekdayFrom(weekday, today)
  const [, year, month, date] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? []
  if (year !== undefined) return dateOf(Number(year), Number(month) - 1, Number(date))
  const [, dayFirst, monthAfter, yearAfter] =
    /^(\d{1,2})(?:st|nd|rd|th|\.)? ([a-z]+)\.?(?: (\d{4}))?$/.exec(text) ?? []
  if (dayFirst !== undefined) return datedIn(today, { date: dayFirst, month: monthAfter, year: yearAfter })
  const [, monthFirst, dayAfter, last] =
    /^([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(text) ?? []
  return monthFirst === undefined ? null : datedIn(today, { date: dayAfter, month: monthFirst, year: last })
}

/** The next one. On that day itself nobody knows which is meant. */
function weekdayFrom(weekday: number, today: number): Found {
  const name = weekdays[weekday] ?? ''
  const is = (((Math.floor(today / day) + 3) % 7) + 7) % 7
  if (is === weekday)
    return {
      wrong: `Today is ${name.replace(/^./, (first) => first.toUpperCase())}: write \`until today 18:00\`, or the date of the one that you mean.`,
    }
  return { local: today + ((weekday - is + 7) % 7) * day }
}

/** Without a year, the next time that the date comes. */
function datedIn(
  today: number,
  typed: Readonly<Record<'date' | 'month' | 'year', string | undefined>>,
): Found {
  const month = nthOf(months, typed.month ?? '')
  if (month < 0) return null
  const date = Number(typed.date)
  if (typed.year !== undefined) return dateOf(Number(typed.year), month, date)
  const thisYear = new Date(today).getUTCFullYear()
  const found = dateOf(thisYear, month, date)
  return found && 'local' in found && found.local < today ? dateOf(thisYear + 1, month, date) : found
}

function dateOf(year: number, month: number, date: number): Found {
  const local = Date.UTC(year, month, date)
  const shown = new Date(local)
  const isThere = shown.getUTCMonth() === month && shown.getUTCDate() === date
  return isThere ? { local } : { wrong: 'There is no such date.' }
}

/** By its name, or by at least its first three letters. */
function nthOf(names: readonly string[], typed: string): number {
  return typed.length < 3 ? -1 : names.findIndex((name) => name.startsWith(typed))
}

/** `Friday, 4 December 2026, 18:00 (Europe/Berlin)`. */
export function sayMoment(at: number, zone: string): string {
  const local = new Date(localTimeOf(zone).shownAt(at))
  const capital = (name = '') => name.replace(/^./, (first) => first.toUpperCase())
  const weekday = capital(weekdays[(local.getUTCDay() + 6) % 7])
  const month = capital(months[local.getUTCMonth()])
  const time = local.toISOString().slice(11, 16)
  return `${weekday}, ${local.getUTCDate()} ${month} ${local.getUTCFullYear()}, ${time} (${zone})`
}
