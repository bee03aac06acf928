import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { atItsDeadline } from './byPerson.ts'
import { mayDecide, type Voter } from './people/eligibility.ts'
import type { Vote } from './personCommand.ts'
import type { Ports } from './ports.ts'

/**
 * Who denies a request that has expired, or expires in this moment, and the request as it is then. Null when it has not,
 * and when they could not have denied it in time either: then they are refused like anybody who is late. Nobody approves
 * what has expired (threats: late-approval, four-endings).
 *
 * @throws Refusal `identity_unknown`
 */
export async function lateDenier(
  ports: Ports,
  request: ActionRequest,
  attempt: Vote,
): Promise<{ readonly expired: ActionRequest; readonly voter: Voter } | null> {
  const expired = await atItsDeadline(ports, request)
  if (expired.state !== 'expired' || expired.erased) return null
  try {
    return { expired, voter: await mayDecide(ports, expired, attempt.account) }
  } catch (refusal) {
    if (refusal instanceof Refusal && !refusal.passes) return null
    throw refusal
  }
}
