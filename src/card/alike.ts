import { administrative } from '../core/action.ts'
import type { JsonObject } from '../core/json.ts'
import type { ActionRequest } from '../core/request.ts'
import { factsOf } from './facts.ts'

/**
 * All that people would see of a request, except what tells two apart that ask the same: which it is, when it was asked, and in which words
 * its agent gives the reason. Whatever is added to requests makes a difference until somebody leaves it out here. Null of what has a card of
 * its own: what was asked with others, undoes, revises or narrows something, can only be lifted, changes the policy, or does not fit a card.
 */
export function askOf(request: ActionRequest): JsonObject | null {
  if (request.state !== 'pending' || request.verdict.kind !== 'require_approval') return null
  if (request.set || request.rollsBack !== undefined) return null
  if (request.revises !== undefined || request.narrows !== undefined) return null
  if (administrative.includes(request.action.action) || !factsOf(request).fits) return null
  const {
    id,
    version,
    salt,
    reason,
    idempotencyKey,
    bodyDigest,
    createdAt,
    expiresAt,
    callbackUrl,
    ...same
  } = request
  const { key, ...agent } = same.agent
  return plain({ ...same, agent, verdict: { ...same.verdict, facts: askedFacts(same.verdict.facts) } })
}

/** Without the moment of the asking, what the record said at that moment, and the reason. */
function askedFacts({ at, time, earlier, request, ...facts }: JsonObject): JsonObject {
  return facts
}

/** As it is stored: properties that are left out are no difference. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject // of plain values
}
