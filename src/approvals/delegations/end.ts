import type { Account } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Actor, NewEntry } from '../../ledger/entry.ts'
import type { Put } from '../change.ts'
import type { Job } from '../job.ts'
import { newEntry } from '../newEntry.ts'
import { personLinked } from '../people/currentPeople.ts'
import { linkOf } from '../people/identify.ts'
import type { Ports } from '../ports.ts'
import { newsJob } from './news.ts'
import { ofTheirs, standsFor } from './ofTheirs.ts'
import { type Delegation, isStanding } from './records.ts'

/** Whoever ends it, by an account that the channel has authenticated. */
interface Ender {
  readonly account: Account
  readonly via: string
  /** Names the click or the command: delivered twice, it counts once. */
  readonly delivery: string
}

/**
 * Whoever was away is back, and is told again themselves.
 *
 * @throws Refusal `not_applicable` when nobody is told in their place, `busy`
 */
export async function endOwnDelegation(ports: Ports, by: Ender): Promise<Delegation> {
  const standing = await ports.store.standingDelegations(ports.clock())
  const [own] = await ofTheirs(ports, standing, by.account.key)
  if (!own) throw new Refusal('not_applicable', 'nobody is told in the place of this person')
  return end(ports, own, { ...by, ended: 'person' })
}

/**
 * The delegate does not stand in, any more or at all: whoever is away is told again themselves, and hears of that.
 *
 * @throws Refusal `not_applicable` when it is over, `not_asked` for anybody but the delegate, `busy`
 */
export async function declineDelegation(
  ports: Ports,
  { delegation, ...by }: Ender & { readonly delegation: string },
): Promise<Delegation> {
  const standing = await ports.store.standingDelegations(ports.clock())
  const one = standing.find((each) => each.delegation === delegation)
  if (!one) throw new Refusal('not_applicable', 'a delegation that is over, or never was')
  if (!(await standsFor(ports, [one], by.account.key)).includes(one))
    throw new Refusal('not_asked', 'somebody other than the delegate declines')
  return end(ports, one, { ...by, ended: 'delegate' })
}

async function end(
  ports: Ports,
  one: Delegation,
  by: Ender & { readonly ended: 'person' | 'delegate' },
): Promise<Delegation> {
  const { account, via, ended, delivery } = by
  const at = ports.clock().toISOString()
  const put = endedBy(one, ended, at)
  const actor: Actor = {
    kind: 'person',
    id: personLinked(await linkOf(ports, account)),
    account: account.key,
    via,
  }
  const committed = await ports.store.commit({
    delegations: [put],
    entries: [
      endedEntry(ports, one, { actor, why: ended === 'person' ? 'taken_back' : 'declined', account }),
    ],
    jobs: [toldOf(one, ended, at)],
    delivery,
  })
  if (committed !== 'conflict') return put.next
  // Ended or replaced in that moment: what it says now is judged anew.
  const now = await ports.store.delegation(one.id)
  if (now?.delegation !== one.delegation || !isStanding(now, ports.clock()))
    throw new Refusal('not_applicable', 'it was ended by somebody else in that moment')
  throw new Refusal('busy', 'the end of a delegation lost a race')
}

/** The other of the two hears it. */
function toldOf(one: Delegation, ended: 'person' | 'delegate', since: string): Job {
  return ended === 'person'
    ? newsJob(one, { to: one.delegate, why: 'ended', since })
    : newsJob(one, { to: one.id, why: 'declined', since })
}

export function endedBy(one: Delegation, by: 'person' | 'delegate', at: string): Put<Delegation> {
  return { expected: one.version, next: { ...one, version: one.version + 1, ended: { by, at } } }
}

export function endedEntry(
  ports: Ports,
  one: Delegation,
  by: {
    readonly actor: Actor
    readonly why: 'taken_back' | 'declined' | 'replaced'
    readonly account: Account
  },
): NewEntry {
  return newEntry(ports, {
    type: 'delegation.ended',
    actor: by.actor,
    subject: { kind: 'person', id: one.person },
    data: {
      delegation: one.delegation,
      person: one.person,
      account: one.id,
      delegate: one.delegatePerson,
      delegate_account: one.delegate,
      why: by.why,
    },
    kept: { identity: { ...by.account } },
  })
}
