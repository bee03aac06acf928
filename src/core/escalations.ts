import type { AnyRequest, Escalated } from './request.ts'
import type { Escalation } from './requirement.ts'

/** An escalation of the requirement, and which of them it is. */
export interface EscalationStep extends Escalation {
  readonly nth: number
}

/** The escalations of the requirement that have not taken place, in order. */
export function escalationsLeft({ requirement, escalations }: AnyRequest): readonly EscalationStep[] {
  const took = new Set(escalations.map(({ nth }, place) => nth ?? place))
  return (requirement?.escalate ?? []).flatMap((one, nth) => (took.has(nth) ? [] : [{ ...one, nth }]))
}

/** The escalation that took place as the requirement's `nth`, if it has. */
export function escalatedAs<One extends Pick<Escalated, 'nth'>>(
  { escalations }: { readonly escalations: readonly One[] },
  nth: unknown,
): One | null {
  return escalations.find((one, place) => (one.nth ?? place) === nth) ?? null
}

/** When the requirement's `nth` escalation is due; null when it has none. */
export function escalatesAt(request: AnyRequest, nth: number): string | null {
  const step = request.requirement?.escalate[nth]
  return step ? new Date(Date.parse(request.createdAt) + step.afterSeconds * 1_000).toISOString() : null
}
