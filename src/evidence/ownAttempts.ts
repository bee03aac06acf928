import type { JsonObject } from '../core/json.ts'
import type { Query } from './query.ts'

/** What would let an action through, or cover up that one was. Whoever is behind it and denies it harms nobody. */
const letThrough = ['approve', 'break_glass', 'close_review']
/** Whoever is behind the request, or broke the glass that they would review. */
const own = ['own_request', 'own_break_glass']

/** Attempts of people to let through what they are behind: the one query by which all of the evidence counts them. */
export const ownAttempts: Query = {
  types: ['decision.refused'],
  where: [
    { path: 'data.kind', is: letThrough },
    { path: 'data.code', is: own },
  ],
}

/** The same, of the facts of a `decision.refused`. */
export function isOwnAttempt({ kind, code }: JsonObject): boolean {
  return letThrough.some((one) => one === kind) && own.some((one) => one === code)
}
