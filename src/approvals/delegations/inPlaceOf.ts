import type { PersonId } from '../../core/identity.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Voter } from '../people/eligibility.ts'
import type { Ports } from '../ports.ts'
import { legsNow } from './inTheirPlace.ts'
import { standsFor } from './ofTheirs.ts'

/**
 * In whose place somebody who decides was told: those who are away, stand behind nothing, and could have agreed for one of the same legs
 * themselves. For the record only: the decision is the delegate's own, and fills one place.
 */
export async function inPlaceOf(
  ports: Ports,
  request: ActionRequest,
  voter: Pick<Voter, 'account' | 'legs'>,
): Promise<readonly PersonId[]> {
  const theirs = await standsFor(ports, await ports.delegations.standing(), voter.account.key)
  const asked = await Promise.all(
    theirs.map(async (one) => {
      const legs = await legsNow(ports, request, one.id)
      return legs.some((leg) => voter.legs.includes(leg)) ? [one.person] : []
    }),
  )
  return [...new Set(asked.flat())]
}
