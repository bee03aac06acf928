import type { Account, AccountKey, CurrentPerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { refuseUnlessStaff } from '../../core/staff.ts'
import { orRefuse } from '../people/askDirectory.ts'
import { personOf } from '../people/identify.ts'
import { isAmong } from '../people/legs.ts'
import type { Ports } from '../ports.ts'
import { makeStop, type Stopping } from './make.ts'
import type { Stop } from './records.ts'

/** A person stops something in their channel. */
export interface PersonStopping extends Pick<Stopping, 'what' | 'reason'> {
  readonly account: AccountKey
  readonly via: string
  /** Name of what they sent: delivered twice, it stops once. */
  readonly delivery: string
}

/**
 * Whoever the active policy names (`stop.who`) stops alone, whatever they are behind: it only takes away.
 *
 * @throws Refusal those of `mayStop` and `makeStop`
 */
export async function stopAsPerson(ports: Ports, ask: PersonStopping): Promise<Stop | null> {
  const { what, reason, via, delivery } = ask
  const { account, person } = await mayStop(ports, ask.account)
  return makeStop(ports, {
    what,
    reason,
    by: { kind: 'person', id: person, account: account.key, via },
    said: { data: {}, kept: { identity: { ...account } } },
    delivery,
  })
}

/** @throws Refusal `identity_unknown`, `not_staff`, `may_not_stop` */
export async function mayStop(
  ports: Ports,
  key: AccountKey,
): Promise<{ readonly account: Account; readonly person: CurrentPerson }> {
  const account = await orRefuse('identity_unknown', () => ports.directory.account(key))
  refuseUnlessStaff(account)
  const bundle = ports.policy()
  const sources = (bundle?.stop.who ?? []).flatMap((name) => bundle?.people.get(name) ?? [])
  if (!(await isAmong(ports, sources, account.key)))
    throw new Refusal('may_not_stop', 'the active policy does not name the account under stop.who')
  return { account, person: await personOf(ports, account) }
}
