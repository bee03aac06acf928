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

/** A rollback in one of these keeps others of the same request away: it may still run, or it has undone it. */
const liveStates = ['pending', 'approved', 'executing', 'succeeded'] as const satisfies readonly State[]

export function isLive({ state }: Pick<AnyRequest, 'state'>): boolean {
  return liveStates.some((live) => live === state)
}

/** When it began to run, as far as we know (RFC 3339): its redemption, or the first that was reported of it. Null before that. */
export function begunAt({ grant, executions = [] }: Pick<AnyRequest, 'grant' | 'executions'>): string | null {
  return grant?.redeemed?.at ?? executions[0]?.at ?? null
}

/**
 * What executions of one resource are found by: 64 hex digits. Its environment makes no difference, because agents name that, too.
 * The migration that made the table of them computes the same.
 */
export function resourceKey({ type, id }: Resource): string {
  return createHash('sha256').update(`${type}\n${id}`).digest('hex')
}

/** What a rollback is judged by at the moment of its effect: that nothing else has run on what the first one acted on since that began. */
export interface Untouched {
  /** Id of the request that it undoes. */
  readonly first: string
  readonly resource: Resource
  /** RFC 3339, UTC, milliseconds. */
  readonly since: string
}
