import { escalationsLeft } from '../../core/escalations.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Requirement } from '../../core/requirement.ts'
import { shortened } from '../policy/judge.ts'

/**
 * What was required of a request, with the time that is left of it: its deadline stays, more people are brought in when they would have been, and
 * those who were already are at once. So nobody gets longer for an action by asking for more of it and having that narrowed.
 */
export function goesOn(requirement: Requirement, request: ActionRequest, now: Date): Requirement {
  const { createdAt, expiresAt } = request
  const gone = Math.floor((now.getTime() - Date.parse(createdAt)) / 1_000)
  const left = expiresAt === null ? null : Math.ceil((Date.parse(expiresAt) - now.getTime()) / 1_000)
  const waiting = new Set(escalationsLeft(request).map(({ nth }) => nth))
  const escalate = requirement.escalate
    .map((one, nth) => ({
      ...one,
      afterSeconds: waiting.has(nth) ? Math.max(0, one.afterSeconds - gone) : 0,
    }))
    .sort((one, other) => one.afterSeconds - other.afterSeconds)
  return shortened({ ...requirement, escalate }, left)
}
