import type { Action } from '../core/action.ts'
import type { Digest } from '../core/digest.ts'
import { maskedDeviation, maskedParams } from '../core/mask.ts'
import type { AnyRequest, Verdict } from '../core/request.ts'
import { saltedDigest } from '../ledger/entry.ts'

/** What of a verdict says which parameters people are not shown. */
type Judged = Pick<Verdict, 'facts'>

/** The sensitive parameters that no rule decided by, as policy found them when the request was made. */
export function hiddenIn({ facts }: Judged): readonly string[] {
  const { hidden } = facts
  return Array.isArray(hidden) ? hidden.filter((name) => typeof name === 'string') : []
}

/**
 * The digest by which people compare an action: where something is hidden, the one that the ledger has, under a salt. By the other one,
 * whoever sees the rest could try values until it fits.
 */
export function shownDigest({ digest, salt, verdict }: Digested): ShownDigest {
  const isSalted = salt !== undefined && hiddenIn(verdict).length > 0
  return isSalted
    ? { name: 'salted digest', digest: `sha256:${saltedDigest(salt, digest)}` }
    : { name: 'digest', digest }
}

export interface ShownDigest {
  readonly name: 'digest' | 'salted digest'
  readonly digest: Digest
}

interface Digested {
  readonly digest: Digest
  readonly salt?: string
  readonly verdict: Judged
}

/** An action as people may see it. */
export function shownAction(action: Action, verdict: Judged): Action {
  const hidden = hiddenIn(verdict)
  return hidden.length === 0 ? action : { ...action, params: maskedParams(action.params, hidden) }
}

/** A request as people may see it, with what was reported of it: the agent that asked is shown the request itself (threats: secrets). */
export function shownRequest<R extends AnyRequest>(request: R): R {
  const hidden = hiddenIn(request.verdict)
  if (hidden.length === 0) return request
  const { action, executions } = request
  return {
    ...request,
    action: shownAction(action, request.verdict),
    ...(executions && {
      executions: executions.map((one) => ({
        ...one,
        action: one.action && shownAction(one.action, request.verdict),
        deviations: one.deviations.map((deviation) => maskedDeviation(deviation, hidden)),
      })),
    }),
  }
}
