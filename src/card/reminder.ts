import { effectiveLegs } from '../core/request.ts'
import { factsOf, summaryOf } from './facts.ts'
import { atTime, calling, listed, nothing, say, type Text } from './span.ts'
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
  const { request } = view
  const open = effectiveLegs(request)
    .map((leg) => ({ from: leg.from, missing: leg.count - (view.filled.get(leg.name)?.length ?? 0) }))
    .filter(({ missing }) => missing > 0)
  if (request.state !== 'pending' || open.length === 0) return null
  const needed = open.slice(0, 20).map(({ from, missing }) => say`${missing} of ${calling(from)}`)
  const until = request.expiresAt ? say` until ${atTime(request.expiresAt)}` : nothing
  return { says: say`Still needed${until}: ${listed(needed)}.`, about: summaryOf(factsOf(request)) }
}
