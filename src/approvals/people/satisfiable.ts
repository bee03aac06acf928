import type { Account, AccountKey, CurrentPerson } from '../../core/identity.ts'
import { plainAddress } from '../../core/plainAddress.ts'
import { type Agreement, quorum } from '../../core/quorum.ts'
import type { Leg } from '../../core/request.ts'
import { type Behind, roleBehind } from '../../core/separation.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'
import { personLinked, strangerWith } from './currentPeople.ts'
import { accountOrNobody, addressesOf } from './humans.ts'

/**
 * The leg that can never be filled by people who are not behind the action, or null when none is known to be
 * A set that could not be read says nothing either way: its legs are left out here,
 * the request waits, and it expires unless the set can be read when somebody clicks.
 */
export async function hopelessLeg(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  legs: readonly Leg[],
  behind: readonly Behind<CurrentPerson>[],
): Promise<string | null> {
  const seats = legs.reduce((sum, leg) => sum + leg.count, 0)
  const counts = countingHumans(await addressesBehind(ports, behind), behind)
  const known: Leg[] = []
  const willing = new Map<CurrentPerson, string[]>()
  for (const leg of legs) {
    const people = await eligiblePeople(ports, leg, { counts, enough: seats })
    if (!people) continue
    known.push(leg)
    for (const person of people) willing.set(person, [...(willing.get(person) ?? []), leg.name])
  }
  const agreements: Agreement[] = [...willing].map(([person, legs]) => ({ person, legs }))
  const { filled } = quorum(known, agreements)
  return known.find((leg) => (filled.get(leg.name)?.length ?? 0) < leg.count)?.name ?? null
}

/** People who could fill a leg, at most `enough` of them; null when its sets could not all be read and too few are known. */
async function eligiblePeople(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  leg: Leg,
  limits: { readonly counts: Counts; readonly enough: number },
): Promise<ReadonlySet<CurrentPerson> | null> {
  const people = new Set<CurrentPerson>()
  let unread = false
  for (const source of leg.from) {
    try {
      const members = await ports.directory.members(source)
      for (let at = 0; at < members.length && people.size < limits.enough; at += limits.enough) {
        const some = members.slice(at, at + limits.enough)
        for (const member of await staffMembers(ports, some)) {
          const person = limits.counts(member)
          if (person) people.add(person)
        }
      }
    } catch (fault) {
      if (!(fault instanceof DirectoryFault)) throw fault
      unread = true
    }
  }
  return unread && people.size < limits.enough ? null : people
}

/** Who a member counts as: themselves, somebody before them who has the same address, or nobody when behind the action. */
type Counts = (member: StaffMember) => CurrentPerson | null

function countingHumans(addresses: ReadonlySet<string>, behind: readonly Behind<CurrentPerson>[]): Counts {
  const first = new Map<string, CurrentPerson>()
  return ({ person, address }) => {
    if (roleBehind(person, behind) || (address !== null && addresses.has(address))) return null
    if (address === null) return person
    const one = first.get(address) ?? person
    first.set(address, one)
    return one
  }
}

/** None when they could not be looked up: then that is found out at the click. */
async function addressesBehind(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  behind: readonly Behind<CurrentPerson>[],
): Promise<ReadonlySet<string>> {
  try {
    return await addressesOf(
      ports,
      behind.map(({ person }) => person),
    )
  } catch (fault) {
    if (fault instanceof DirectoryFault) return new Set()
    throw fault
  }
}

/**
 * The people of those accounts that are staff. An account that nobody has linked stands for itself, and one that the
 * directory does not know is nobody.
 *
 * @throws DirectoryFault when one of them could not be looked up
 */
export async function staffAmong(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  addresses: readonly string[],
): Promise<readonly CurrentPerson[]> {
  return (await staffMembers(ports, addresses)).map(({ person }) => person)
}

interface StaffMember {
  readonly person: CurrentPerson
  /** Their confirmed e-mail address, as it is compared. */
  readonly address: string | null
}

async function staffMembers(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  addresses: readonly string[],
): Promise<readonly StaffMember[]> {
  const found = await Promise.all(addresses.map((address) => accountOrNobody(ports.directory, address)))
  const staff = found.filter((account) => account !== null).filter((account) => !whyNotStaff(account))
  const links = await ports.store.accounts(staff.flatMap(keysOf))
  const person = new Map(links.map((link) => [link.id, personLinked(link)]))
  return staff.map((account) => {
    const known = keysOf(account).find((key) => person.has(key))
    return {
      person: (known === undefined ? undefined : person.get(known)) ?? strangerWith(account),
      address: account.email === null ? null : plainAddress(account.email),
    }
  })
}

function keysOf({ key, formerKeys = [] }: Account): readonly AccountKey[] {
  return [key, ...formerKeys]
}
