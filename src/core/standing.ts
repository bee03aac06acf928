import type { CurrentPerson } from './identity.ts'
import { type Quorum, quorum } from './quorum.ts'
import { type CurrentRequest, type Decision, type Ended, effectiveLegs, type Lapse } from './request.ts'
import { roleBehind } from './separation.ts'

type CurrentDecision = Decision<CurrentPerson>

/** Who has agreed so far, matched to the legs. Null when nobody had to be asked. */
export function standing(request: CurrentRequest): Quorum | null {
  if (!request.requirement) return null
  const agreements = standingApprovals(request).map(({ person, legs }) => ({ person, legs }))
  return quorum(effectiveLegs(request), agreements)
}

/** The approvals that count, as far as our own record says. */
export function standingApprovals(request: CurrentRequest): readonly CurrentDecision[] {
  return request.decisions.filter((one) => one.kind === 'approve' && endingOf(request, one) === null)
}

/** How an approval stopped counting. `at` is null where the record does not say it yet, and the next release will find it. */
type Ending = Ended | { readonly how: 'lapsed'; readonly why: Lapse; readonly at: null }

/**
 * Why a decision does not count, or null while it does. Who turned out to be behind the action is known as soon as people
 * are linked, before anything is released: their approval counts for nobody who looks. What was released stays as it was
 * counted then.
 */
export function endingOf(request: CurrentRequest, decision: CurrentDecision): Ending | null {
  if (decision.ended) return decision.ended
  if (request.state !== 'pending' || decision.kind !== 'approve') return null
  const role = roleBehind(decision.person, request.behind)
  return role && { how: 'lapsed', why: { cause: 'behind', role }, at: null }
}
