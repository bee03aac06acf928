import { Temporal } from 'temporal-polyfill'

/**
 * The local time of a zone, whatever the machine's own zone is. A local time is a number like an instant: the milliseconds
 * since 1970 that clocks there show, as if they showed UTC.
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

export function localTimeOf(timezone: string): LocalTime {
  const zoned = (instant: number) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone)
  const found = new Map<number, number>() // one for each boundary of a window and day that is asked about
  return {
    shownAt: (instant) => instant + zoned(instant).offsetNanoseconds / 1e6,
    firstAt(local) {
      const known = found.get(local)
      if (known !== undefined) return known
      const shown = zonelessOf(local)
      // For a time that is skipped this is before the jump, by as much as the clocks jump.
      const earlier = shown.toZonedDateTime(timezone, { disambiguation: 'earlier' })
      const isSkipped = !earlier.toPlainDateTime().equals(shown)
      const first = (isSkipped && earlier.getTimeZoneTransition('next')) || earlier
      found.set(local, first.epochMilliseconds)
      return first.epochMilliseconds
    },
  }
}

function zonelessOf(local: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime()
}
