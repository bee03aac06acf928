import type { State } from '../../core/lifecycle.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Entry } from '../../ledger/entry.ts'
import { eventOf } from '../events.ts'

/**
 * What a message says: that something happened, and where to look. No parameters and no words of anybody: whoever receives it may
 * not be allowed to see them, and asks us (docs/webhooks.md#what-is-sent). The same each time, because it is made of what was recorded.
 */
export function bodyOf(
  request: ActionRequest,
  told: {
    readonly entry: Entry
    readonly event: string
    readonly story: readonly Entry[]
    readonly baseUrl: string
  },
): string {
  const { id, action, set } = request
  return JSON.stringify({
    type: told.event,
    timestamp: told.entry.ts,
    data: {
      id,
      state: stateAfter(told.entry, told.story),
      action: action.action,
      ...(set && { set: set.id }),
      links: { self: `${told.baseUrl}/v1/requests/${id}` },
    },
  })
}

/** The state of a request after an entry of its story, which is in order. */
function stateAfter(entry: Entry, story: readonly Entry[]): State {
  const until = story.slice(0, story.findIndex(({ id }) => id === entry.id) + 1)
  return until.reduce<State>((state, one) => eventOf(one)?.state ?? state, 'pending')
}
