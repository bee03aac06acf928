import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { mayDecide } from '../people/eligibility.ts'
import type { Ports } from '../ports.ts'
import { ofTheirs } from './ofTheirs.ts'
import type { Delegation } from './records.ts'

/** Who is told about a request in the place of somebody, and for which legs; looked up as if they clicked now. */
export interface InTheirPlace {
  readonly delegation: Delegation
  readonly legs: readonly string[]
}

/**
 * Who would be told of a request in the place of an account: the delegate, for the legs for which they could decide themselves at this
 * moment. Null where whoever is asked is told themselves: nobody stands in, or who does has left, is behind the action, has decided, is in
 * none of the sets, is away as well, or cannot be looked up just now. One hop and no further: whoever the delegate named was asked to
 * stand in for the delegate, not for others.
 */
export async function inTheirPlace(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<InTheirPlace | null> {
  const standing = await ports.delegations.standing()
  // Two by two accounts of one person: the one that began last.
  const [delegation] = [...(await ofTheirs(ports, standing, account))].sort((one, other) =>
    one.startedAt < other.startedAt ? 1 : -1,
  )
  if (!delegation || (await ofTheirs(ports, standing, delegation.delegate)).length > 0) return null
  const legs = await legsNow(ports, request, delegation.delegate)
  return legs.length > 0 ? { delegation, legs } : null
}

/** The legs for which somebody could decide now; none where that is refused. */
export async function legsNow(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<readonly string[]> {
  try {
    return (await mayDecide(ports, request, account)).legs
  } catch (refusal) {
    if (refusal instanceof Refusal) return []
    throw refusal
  }
}
