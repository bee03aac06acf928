import type { AccountKey, PersonId } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { type ActionRequest, effectiveLegs } from '../core/request.ts'
import { peopleIn } from './people/currentPeople.ts'
import { isAmong } from './people/legs.ts'
import type { Ports } from './ports.ts'

/** Somebody who looks at their lists, under every id that is theirs. */
export interface Onlooker {
  readonly account: AccountKey
  readonly people: ReadonlySet<PersonId>
}

/**
 * Whether a change of a request may change the lists of somebody: they are in it, own its agent, or are asked about it. Only
 * groups are read, which are remembered, so it may be asked about hundreds of people; what cannot be found out counts as yes.
 */
export async function isConcerned(
  ports: Ports,
  request: ActionRequest,
  { account, people }: Onlooker,
): Promise<boolean> {
  if ([...peopleIn(request), request.agent.owner].some((id) => people.has(id))) return true
  const { requirement, escalations } = request
  const asked = [
    ...effectiveLegs(request).flatMap(({ from }) => from),
    ...(requirement?.breakGlass?.who ?? []),
    ...escalations.map(({ to }) => to),
  ]
  try {
    return await isAmong(ports, asked, account)
  } catch (refusal) {
    if (refusal instanceof Refusal) return true
    throw refusal
  }
}
