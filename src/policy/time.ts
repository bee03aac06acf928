import { type LocalTime, localTimeOf } from './localTime.ts'

/** Days of the week as policy writes them, Monday first. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/**
 * A named stretch of time in the bundle's zone. A weekly one lasts from `from` up to `to`, not including it; where `to` is
 * earlier it ends on the next day, and `weekdays` names the days on which it begins. A dated one lasts from `start` up
 * to `end`, not including it.
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
 * The calendar of a bundle: a pure function of the instant, whatever the machine's own zone is. `hour`, `weekday` and
 * `date` are what clocks show. A window is one unbroken stretch each time it comes, also where clocks change: its two
 * times are turned into instants, and those are compared. Of a time that comes twice the first is meant; one that is
 * skipped is the moment at which the clocks jump, so a window that is skipped altogether does not take place.
 *
 * Clocks change and windows begin at whole minutes in every zone in use, so the last minute's answer is kept.
 */
export function calendarOf(timezone: string, windows: ReadonlyMap<string, Window>): Calendar {
  const zone = localTimeOf(timezone)
  const named = [...windows]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, window]) => ({
      name,
      holds: window.kind === 'dated' ? dated(window, zone) : weekly(window, zone),
    }))
  let last: { readonly minute: number; readonly facts: Omit<TimeFacts, 'now'> } | null = null
  return (instant) => {
    const at = rfc3339.test(instant) ? Date.parse(instant) : Number.NaN
    if (Number.isNaN(at)) return null
    const minute = Math.floor(at / 60_000)
    if (last?.minute !== minute) last = { minute, facts: shownIn(at, zone.shownAt(at)) }
    return { now: instant, ...last.facts }
  }

  function shownIn(at: number, local: number): Omit<TimeFacts, 'now'> {
    const shown = new Date(local)
    const [date = ''] = shown.toISOString().split('T')
    const within = named.filter(({ holds }) => holds(at, local)).map(({ name }) => name)
    return { hour: shown.getUTCHours(), weekday: weekdayOf(local), date, windows: within }
  }
}

/** Without its offset, `Date` would read a time in the machine's own zone. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const day = 86_400_000

/** Whether an instant, at which clocks show `local`, is in a window. */
type Holds = (at: number, local: number) => boolean

function dated({ start, end }: Extract<Window, { kind: 'dated' }>, zone: LocalTime): Holds {
  const [first, last] = [zone.firstAt(Date.parse(`${start}Z`)), zone.firstAt(Date.parse(`${end}Z`))]
  return (at) => first <= at && at < last
}

/** It may have begun yesterday; or tomorrow, where clocks have gone back over midnight since. */
function weekly(window: Extract<Window, { kind: 'weekly' }>, zone: LocalTime): Holds {
  const [from, to] = [sinceMidnight(window.from), sinceMidnight(window.to)]
  const length = to > from ? to - from : to - from + day
  return (at, local) => {
    const today = Math.floor(local / day) * day
    return [today - day, today, today + day]
      .filter((midnight) => window.weekdays.includes(weekdayOf(midnight)))
      .map((midnight) => midnight + from)
      .some((begins) => zone.firstAt(begins) <= at && at < zone.firstAt(begins + length))
  }
}

function sinceMidnight(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number)
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000
}

/** 1 January 1970 was a Thursday. */
function weekdayOf(local: number): Weekday {
  return weekdays[(((Math.floor(local / day) + 3) % 7) + 7) % 7] ?? 'mon'
}

/** When people work, in the bundle's zone: from `from` up to `to` on these days, but for the holidays. */
export interface WorkingHours {
  readonly weekdays: readonly Weekday[]
  /** `09:00`. */
  readonly from: string
  /** `17:00`; later than `from`, at most `24:00`. */
  readonly to: string
  /** `2026-12-25`. */
  readonly holidays: readonly string[]
}
