import { usableUntil } from '../../core/grant.ts'
import type { ActionRequest } from '../../core/request.ts'
import { hasRun } from '../../core/rollback.ts'
import { reportBy } from '../grants/unreported.ts'

/** When a request that has run ended (RFC 3339): by the report that ended it, or when nobody had reported in time. */
function endedAt(first: ActionRequest): string {
  if (first.state === 'unreported') return reportBy({ ...first, executions: inTime(first) })
  return inTime(first).at(-1)?.at ?? first.grant?.redeemed?.at ?? first.createdAt
}

function inTime({ executions = [] }: ActionRequest): NonNullable<ActionRequest['executions']> {
  return executions.filter(({ late }) => !late)
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
