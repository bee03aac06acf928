import type { Action } from '../core/action.ts'
import { isOfWhole } from '../core/deviation.ts'
import type { Digest } from '../core/digest.ts'
import type { Deviation } from '../core/execution.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { AnyRequest, Verdict } from '../core/request.ts'
import { saltedDigest } from '../ledger/entry.ts'

/** Instead of a value that people are not shown. Not even its length: that of a short one tells too much. */
export const mask = '•••• (sensitive)'

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

function maskedParams(params: JsonObject, hidden: readonly string[]): JsonObject {
  const entries = Object.entries(params).map(([name, value]): [string, Json] => [
    name,
    hidden.includes(name) ? mask : value,
  ])
  return Object.fromEntries(entries)
}

/** That it differs is told, and where; neither side is. */
function maskedDeviation(deviation: Deviation, hidden: readonly string[]): Deviation {
  if (deviation.kind !== 'field') return deviation
  // Of the whole action both sides are digests, without a salt.
  const isHidden =
    isOfWhole(deviation) ||
    hidden.some((name) => {
      const at = `/params/${name}`
      return deviation.pointer === at || deviation.pointer.startsWith(`${at}/`)
    })
  if (!isHidden) return deviation
  const { pointer } = deviation
  return {
    kind: 'field',
    pointer,
    ...('approved' in deviation && { approved: mask }),
    ...('actual' in deviation && { actual: mask }),
  }
}
