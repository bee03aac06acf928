import { type Account, type CurrentPerson, samePerson } from '../../core/identity.ts'
import { plainAddress } from '../../core/plainAddress.ts'
import type { LinkRead } from '../change.ts'
import { type Directory, NobodyThere, type ReadPorts } from '../ports.ts'
import { isFormerPerson, personLinked } from './currentPeople.ts'
import { joinGroups } from './joinGroups.ts'

/** Two accounts whose confirmed addresses are equal, but for what their owner can add to them. */
export interface OneAddress {
  readonly mine: Account
  readonly theirs: Account
}

/**
 * Which of some people count as one human for separation and quorum: those who are one person, and those whose accounts
 * have equal confirmed addresses, also by way of a third. It only ever takes away: no vote, seat, group or token follows
 * an address (threats: twin-accounts).
 */
export interface Humans {
  areOne(one: CurrentPerson, other: CurrentPerson): boolean
  /** The accounts that say so of two people; null when they are one person, two humans, or one only by way of others. */
  addressOf(one: CurrentPerson, other: CurrentPerson): OneAddress | null
  /** What was read of who has which account. */
  readonly links: readonly LinkRead[]
}

/** @throws DirectoryFault when an account could not be looked up: then nobody knows whose it is */
export async function humansAmong(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  people: Iterable<CurrentPerson>,
): Promise<Humans> {
  const known = await addressed(ports, people)
  const human = joined(known)
  return {
    areOne: (one, other) => samePerson(one, other) || samePerson(human(one), human(other)),
    addressOf: (one, other) => (samePerson(one, other) ? null : shared(known, one, other)),
    links: known.flatMap(({ links }) => links),
  }
}

/** The confirmed addresses of all accounts of some people, as they are compared, by person. @throws DirectoryFault */
export async function addressesOf(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  people: Iterable<CurrentPerson>,
): Promise<ReadonlyMap<CurrentPerson, readonly string[]>> {
  const known = await addressed(ports, people)
  return new Map(known.map(({ person, accounts }) => [person, [...accounts.keys()]]))
}

interface Addressed {
  readonly person: CurrentPerson
  /** By plain address. */
  readonly accounts: ReadonlyMap<string, Account>
  readonly links: readonly LinkRead[]
}

async function addressed(
  { store, directory }: Pick<ReadPorts, 'directory' | 'store'>,
  people: Iterable<CurrentPerson>,
): Promise<readonly Addressed[]> {
  const all = [...new Set(people)]
  const links = (await store.accountsOf(...all)).filter((link) => !isFormerPerson(link))
  const found = await Promise.all(links.map(({ id }) => accountOrNobody(directory, id)))
  return all.map((person) => {
    const accounts = new Map<string, Account>()
    const theirs: LinkRead[] = []
    for (const [nth, link] of links.entries()) {
      if (!samePerson(personLinked(link), person)) continue
      theirs.push({ id: link.id, version: link.version })
      const account = found[nth]
      if (account?.email) accounts.set(plainAddress(account.email), account)
    }
    return { person, accounts, links: theirs }
  })
}

/** The account, or null when the directory knows nobody of that address. @throws DirectoryFault */
export async function accountOrNobody(directory: Directory, address: string): Promise<Account | null> {
  try {
    return await directory.account(address)
  } catch (fault) {
    if (fault instanceof NobodyThere) return null
    throw fault
  }
}

/** For each person one of those with whom they share an address, always the same one. */
function joined(known: readonly Addressed[]): (person: CurrentPerson) => CurrentPerson {
  const one = new Map(known.map(({ person }) => [person, person]))
  const by = new Map<string, CurrentPerson>()
  for (const { person, accounts } of known)
    for (const address of accounts.keys()) {
      const other = by.get(address)
      if (other !== undefined) joinGroups(one, person, other)
      by.set(address, person)
    }
  return (person) => one.get(person) ?? person
}

function shared(known: readonly Addressed[], one: CurrentPerson, other: CurrentPerson): OneAddress | null {
  const accountsOf = (person: CurrentPerson) =>
    known.find((each) => samePerson(each.person, person))?.accounts ?? new Map<string, Account>()
  const theirs = accountsOf(other)
  for (const [address, mine] of accountsOf(one)) {
    const equal = theirs.get(address)
    if (equal) return { mine, theirs: equal }
  }
  return null
}
