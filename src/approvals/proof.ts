import { Refusal } from '../core/refusal.ts'
import type { ReasonDemand, Requirement } from '../core/requirement.ts'
import { reasonLacks } from '../policy/conditions/regex.ts'

/**
 * What an approval has to bring besides the click, as the requirement asks: a reason, texts typed letter by letter, a
 * proof of presence.
 *
 * @throws Refusal `step_up_unavailable`, `reason_rejected`, `confirmation_wrong`; the last two with the place of each fault:
 *   `/reason`, `/typed/0`
 */
export function refuseWithoutProof(
  requirement: Requirement,
  given: { readonly reason: string | null; readonly typed: readonly string[] },
): void {
  refuseStepUp(requirement.stepUp)
  if (requirement.reason) refuseWeakReason(requirement.reason, given.reason ?? '')
  refuseWrongTexts(requirement.confirm, given.typed)
}

/**
 * A bundle that asks for it does not become active as long as there is no method; a request that asks for it all the
 * same is not approved without.
 */
export function refuseStepUp(stepUp: boolean): void {
  if (stepUp) throw new Refusal('step_up_unavailable', 'the requirement asks for a step-up')
}

/** @throws Refusal `reason_rejected`, which says what is asked */
export function refuseWeakReason(demand: ReasonDemand, reason: string): void {
  const detail = reasonLacks(demand, reason)
  if (detail === null) return
  throw new Refusal('reason_rejected', 'the reason is not what the policy asks for', [
    { pointer: '/reason', detail },
  ])
}

/** Exactly these texts in this order: no trimming, no folding of case, nothing more and nothing less. */
function refuseWrongTexts(asked: readonly string[], typed: readonly string[]): void {
  const problems = Array.from({ length: Math.max(asked.length, typed.length) }, (_, at) => at)
    .filter((at) => asked[at] !== typed[at])
    .map((at) => ({
      pointer: `/typed/${at}`,
      detail:
        asked[at] === undefined
          ? 'Nothing else has to be typed.'
          : 'This is not the text that has to be typed.',
    }))
  if (problems.length > 0)
    throw new Refusal('confirmation_wrong', `${problems.length} typed texts do not fit`, problems)
}
