import type { ActionRequest } from '../../core/request.ts'
import type { Requirement } from '../../core/requirement.ts'
import { shortened } from '../policy/judge.ts'

/**
 * What was required of a request, with the time that is left of it: its deadline stays, and more people are brought in when they would have been.
 * So nobody gets longer for an action by asking for more of it and having that narrowed.
 */
export function goesOn(
  requirement: Requirement,
  { createdAt, expiresAt }: Pick<ActionRequest, 'createdAt' | 'expiresAt'>,
  now: Date,
): Requirement {
  const gone = Math.floor((now.getTime() - Date.parse(createdAt)) / 1_000)
  const left = expiresAt === null ? null : Math.ceil((Date.parse(expiresAt) - now.getTime()) / 1_000)
  const escalate = requirement.escalate.map((one) => ({
    ...one,
    afterSeconds: Math.max(0, one.afterSeconds - gone),
  }))
  return shortened({ ...requirement, escalate }, left)
}
