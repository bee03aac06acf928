import type { PersonId } from '../../core/identity.ts'

/** Milliseconds from what happened to its message: what comes meanwhile stands in the same one, and only how it stands by then. */
const gatherMs = 10_000
const minuteMs = 60_000

/** As many people as are remembered. */
const remembered = 10_000

/** When somebody is told what. */
export interface Gathering {
  /** RFC 3339: soon for the first, and for what comes in that minute when it is over, all at the same moment. */
  atFor(person: PersonId, now: Date): string
}

/**
 * Nobody gets two messages in a minute, so what would only find that out is not begun before it is over. This knows what one process has
 * put down; what another has is found when its time comes (`tellNews.ts`).
 */
export function createGathering(): Gathering {
  const quietUntil = new Map<PersonId, number>()
  return {
    atFor(person, now) {
      const soon = now.getTime() + gatherMs
      const quiet = quietUntil.get(person) ?? 0
      if (soon < quiet) return new Date(quiet).toISOString()
      if (quietUntil.size >= remembered) quietUntil.clear()
      quietUntil.set(person, (Math.floor(soon / minuteMs) + 1) * minuteMs)
      return new Date(soon).toISOString()
    },
  }
}
