import { effectiveLegs } from '../core/request.ts'
import { factsOf, summaryOf } from './facts.ts'
import { callingOpen } from './needs.ts'
import { atTime, listed, nothing, say, type Text } from './span.ts'
import { missingFor } from './together.ts'
import type { RequestView } from './view.ts'

export interface Reminder {
  readonly says: Text
  /** The action in one sentence: from outside, revealed, not cut. */
  readonly about: string
}

/**
 * Calls the sets of the legs that are still open, and only those; with the action, because people read it where the card
 * is not. Null when none is open.
 */
export function reminderContent(view: RequestView): Reminder | null {
  if (view.lines) return reminderOfLines(view.lines)
  const { request } = view
  const open = effectiveLegs(request)
    .map((leg) => ({ leg, missing: leg.count - (view.filled.get(leg.name)?.length ?? 0) }))
    .filter(({ missing }) => missing > 0)
  if (request.state !== 'pending' || open.length === 0) return null
  const needed = open.slice(0, 20).map(({ leg, missing }) => say`${missing} of ${callingOpen(view, leg)}`)
  const until = request.expiresAt ? say` until ${atTime(request.expiresAt)}` : nothing
  return { says: say`Still needed${until}: ${listed(needed)}.`, about: summaryOf(factsOf(request)) }
}

/** Of a card that asks about several requests: whom it still asks, about which. */
function reminderOfLines(lines: readonly RequestView[]): Reminder | null {
  const { seats } = missingFor(lines)
  const waiting = lines.filter((one) => one.request.state === 'pending')
  if (waiting.length === 0 || seats.length === 0) return null
  const [first] = waiting.flatMap(({ request }) => request.expiresAt ?? []).sort()
  const until = first === undefined ? nothing : say` until ${atTime(first)}`
  const actions = new Set(waiting.map((one) => summaryOf(factsOf(one.request))))
  return {
    says: say`Still needed${until}: ${listed(seats.slice(0, 20))}.`,
    about: [...actions].join('; '),
  }
}
