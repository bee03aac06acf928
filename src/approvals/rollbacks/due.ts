import { usableUntil } from '../../core/grant.ts'
import type { ActionRequest } from '../../core/request.ts'
import { hasRun } from '../../core/rollback.ts'

/**
 * When a request that has run ended (RFC 3339): by the report that ended it, or when it was given up. Not when that was due: until it has
 * ended its rollback has no grant, however late we notice.
 */
function endedAt({ unreportedAt, executions = [], grant, createdAt }: ActionRequest): string {
  return unreportedAt ?? executions.findLast(({ late }) => !late)?.at ?? grant?.redeemed?.at ?? createdAt
}

/**
 * From when the grant of a rollback can be asked for: when people have released it; and of a declared one, when what it undoes has run.
 * Null before that.
 */
export function dueSince(rollback: ActionRequest, first: ActionRequest | null): string | null {
  const released = rollback.settledAt ?? rollback.createdAt
  if (!rollback.set || !first) return released
  if (!hasRun(first)) return null
  const ended = endedAt(first)
  return ended > released ? ended : released
}

/** Until when a rollback can be used (`usableUntil`), counted from when it could be. */
export function usableFrom(rollback: ActionRequest, first: ActionRequest): string {
  return usableUntil({ ...rollback, settledAt: dueSince(rollback, first) ?? rollback.settledAt })
}
