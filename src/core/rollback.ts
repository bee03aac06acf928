import { createHash } from 'node:crypto'
import type { Resource } from './action.ts'
import type { State } from './lifecycle.ts'
import type { AnyRequest } from './request.ts'

/* A rollback is a request of its own whose action undoes what an earlier one did (docs/rollbacks.md). */

/** Its grant was redeemed, and how it ended is known or given up: something may be there to undo. */
const ran: readonly State[] = ['succeeded', 'failed', 'unreported']

export function hasRun({ state }: Pick<AnyRequest, 'state'>): boolean {
  return ran.includes(state)
}

/** Whether there can be a rollback of it: one was declared with it, or it has run. */
export function canHaveRollbacks(request: Pick<AnyRequest, 'state' | 'set'>): boolean {
  return hasRun(request) || request.set !== undefined
}

/** A rollback in one of these keeps others of the same request away: it may still run, or it has undone it. */
const liveStates = ['pending', 'approved', 'executing', 'succeeded'] as const satisfies readonly State[]

export function isLive(rollback: Pick<AnyRequest, 'state' | 'executions'>): boolean {
  return liveStates.some((live) => live === rollback.state) || hasUndone(rollback)
}

/** Whether anybody has said that a rollback succeeded, in whatever state it is: a late report moves nothing, and is believed here. */
export function hasUndone({ state, executions = [] }: Pick<AnyRequest, 'state' | 'executions'>): boolean {
  return state === 'succeeded' || executions.some((one) => one.state === 'succeeded')
}

/**
 * How it is known that it has begun to run: it was redeemed, or, while it is not, somebody has reported that it runs. Null before that. A
 * redemption after such a report is another beginning.
 */
export function begunBy({
  grant,
  executions = [],
}: Pick<AnyRequest, 'grant' | 'executions'>): 'redemption' | 'report' | null {
  if (grant?.redeemed) return 'redemption'
  return executions.length > 0 ? 'report' : null
}

/**
 * What executions of one resource are found by: 64 hex digits. Its environment makes no difference, because agents name that, too.
 * The migration that made the table of them computes the same.
 */
export function resourceKey({ type, id }: Resource): string {
  return createHash('sha256').update(`${type}\n${id}`).digest('hex')
}

/**
 * What a rollback is judged by at the moment of its effect: that nothing else has begun on what the first one acted on since that began, by
 * its redemption where it was redeemed. Since is in the order of commits: replicas have clocks of their own.
 */
export interface Untouched {
  /** Id of the request that it undoes. */
  readonly first: string
  readonly resource: Resource
}
