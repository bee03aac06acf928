import type { People } from '../../card/view.ts'
import type { AccountKey, CurrentPerson } from '../../core/identity.ts'
import { personLinked } from '../people/currentPeople.ts'
import type { ReadPorts } from '../ports.ts'
import type { Delegation } from './records.ts'

/** A delegation with its two people as we know them now. */
export interface NamedDelegation {
  readonly away: CurrentPerson
  readonly delegate: CurrentPerson
  readonly until: string
}

/** Their names, and each of the accounts that stand in the delegations for its person. */
export async function namedDelegations<D extends Pick<Delegation, 'id' | 'delegate' | 'until'>>(
  { store }: Pick<ReadPorts, 'store'>,
  delegations: readonly D[],
): Promise<{ readonly named: ReadonlyMap<D, NamedDelegation>; readonly people: People }> {
  const people = new Map<CurrentPerson, { readonly account: AccountKey; readonly name: string }>()
  const named = new Map<D, NamedDelegation>()
  if (delegations.length === 0) return { named, people }
  const links = await store.accounts([...new Set(delegations.flatMap((one) => [one.id, one.delegate]))])
  const persons = new Map(links.map((link) => [link.id, personLinked(link)]))
  for (const link of links) people.set(personLinked(link), { account: link.id, name: link.name })
  for (const one of delegations) {
    const [away, delegate] = [persons.get(one.id), persons.get(one.delegate)]
    if (away !== undefined && delegate !== undefined) named.set(one, { away, delegate, until: one.until })
  }
  return { named, people }
}
