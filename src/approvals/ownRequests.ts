import type { State } from '../core/lifecycle.ts'
import type { ActionRequest } from '../core/request.ts'

/** What an agent asked for, newest first: at most `limit`, of those whose id sorts before `before`. */
export interface OwnRequestQuery {
  readonly agent: string
  readonly states?: readonly State[]
  /** The name of the action, such as `db.export`. */
  readonly action?: string
  readonly limit: number
  readonly before?: string
}

/**
 * What was found. Only so many are looked through at a time, so a page may be short or empty although there are more:
 * `next` is where they begin (`before` of the next query), null at the end.
 */
export interface OwnRequests {
  readonly requests: readonly ActionRequest[]
  readonly next: string | null
}
