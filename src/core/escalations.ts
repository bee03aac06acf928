import type { AnyRequest } from './request.ts'
import type { Escalation } from './requirement.ts'

/** The escalations of the requirement that have not taken place, in order. */
export function escalationsLeft(request: AnyRequest): readonly Escalation[] {
  return request.requirement?.escalate.slice(request.escalations.length) ?? []
}

/** When the requirement's `nth` escalation is due; null when it has none. */
export function escalatesAt(request: AnyRequest, nth: number): string | null {
  const step = request.requirement?.escalate[nth]
  return step ? new Date(Date.parse(request.createdAt) + step.afterSeconds * 1_000).toISOString() : null
}
