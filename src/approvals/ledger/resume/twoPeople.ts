import type { Account, CurrentPerson } from '../../../core/identity.ts'
import { Refusal } from '../../../core/refusal.ts'
import { orRefuse } from '../../people/askDirectory.ts'
import { humansAmong } from '../../people/humans.ts'
import { type PersonClaim, personOf, resolveClaim } from '../../people/identify.ts'
import type { Ports } from '../../ports.ts'

/** Somebody who agrees, as they are today. */
interface Agreeing {
  readonly person: CurrentPerson
  readonly account: Account
}

/** Who gives the command, and who decides it. */
export interface TwoPeople {
  readonly by: Agreeing
  readonly second: Agreeing
}

/**
 * Two full members who are not one human: not one account, not one person by a link, and not two accounts with one address.
 *
 * @throws Refusal `unknown_person`, `own_request` when they are one, `directory_unavailable`
 */
export async function twoPeople(
  ports: Ports,
  claims: { readonly by: PersonClaim; readonly second: PersonClaim },
): Promise<TwoPeople> {
  const [by, second] = [
    await agreeing(ports, claims.by, '/by'),
    await agreeing(ports, claims.second, '/second'),
  ]
  const humans = await orRefuse('directory_unavailable', () => humansAmong(ports, [by.person, second.person]))
  if (humans.areOne(by.person, second.person))
    throw new Refusal('own_request', 'whoever gives the command and whoever decides it are one person')
  return { by, second }
}

async function agreeing(ports: Ports, claim: PersonClaim, pointer: string): Promise<Agreeing> {
  const account = await resolveClaim(ports, claim, pointer)
  return { account, person: await personOf(ports, account) }
}
