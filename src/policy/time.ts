/** Days of the week as policy writes them, Monday first. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/**
 * A named stretch of time in the bundle's zone. A weekly one lasts from `from` up to `to`, not including it; where `to` is
 * earlier it ends on the next day, and `weekdays` names the days on which it begins. A dated one compares local dates.
 */
export type Window =
  | {
      readonly kind: 'weekly'
      readonly weekdays: readonly Weekday[]
      readonly from: string
      readonly to: string
    }
  | { readonly kind: 'dated'; readonly start: string; readonly end: string }

/** What conditions see of the time, already in the bundle's zone; stored with the verdict. */
export type TimeFacts = {
  /** RFC 3339, as it was asked. */
  readonly now: string
  /** 0 to 23. */
  readonly hour: number
  readonly weekday: Weekday
  /** `2026-11-24`. */
  readonly date: string
  /** Names of the windows that this moment is in, sorted. */
  readonly windows: readonly string[]
}

/** Tells the time facts of an RFC 3339 instant; null for text that is not one. */
export type Calendar = (instant: string) => TimeFacts | null

/**
 * The calendar of a bundle: a pure function of the instant, whatever the machine's own zone is. Summer time follows the
 * zone's rules: an hour that does not exist is in no window, one that comes twice is in it twice.
 *
 * Local time only changes with the minute in every zone in use, so the last minute's answer is kept.
 */
export function calendarOf(timezone: string, windows: ReadonlyMap<string, Window>): Calendar {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
  })
  const named = [...windows].sort(([left], [right]) => (left < right ? -1 : 1))
  let last: { readonly minute: number; readonly facts: Omit<TimeFacts, 'now'> } | null = null

  return (instant) => {
    const milliseconds = Date.parse(instant)
    if (Number.isNaN(milliseconds)) return null
    const minute = Math.floor(milliseconds / 60_000)
    if (last?.minute !== minute) {
      const local = localTime(format, new Date(milliseconds))
      const within = named.filter(([, window]) => isWithin(window, local)).map(([name]) => name)
      const { hour, weekday, date } = local
      last = { minute, facts: { hour, weekday, date, windows: within } }
    }
    return { now: instant, ...last.facts }
  }
}

interface LocalTime {
  readonly date: string
  readonly hour: number
  /** `HH:MM` */
  readonly clock: string
  readonly weekday: Weekday
}

function localTime(format: Intl.DateTimeFormat, at: Date): LocalTime {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  const short = part('weekday').toLowerCase()
  const weekday = weekdays.find((day) => day === short)
  if (weekday === undefined) throw new Error('Intl gave no weekday')
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    hour: Number(part('hour')),
    clock: `${part('hour')}:${part('minute')}`,
    weekday,
  }
}

function isWithin(window: Window, { date, clock, weekday }: LocalTime): boolean {
  if (window.kind === 'dated') {
    const local = `${date}T${clock}`
    return window.start <= local && local < window.end
  }
  const { from, to } = window
  const today = window.weekdays.includes(weekday)
  if (from < to) return today && from <= clock && clock < to
  const yesterday = window.weekdays.includes(dayBefore(weekday))
  return (today && from <= clock) || (yesterday && clock < to)
}

function dayBefore(day: Weekday): Weekday {
  return weekdays[(weekdays.indexOf(day) + 6) % 7] ?? 'mon'
}
