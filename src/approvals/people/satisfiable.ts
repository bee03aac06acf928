import type { Account, AccountKey, CurrentPerson } from '../../core/identity.ts'
import { plainAddress } from '../../core/plainAddress.ts'
import { type Agreement, quorum } from '../../core/quorum.ts'
import { widened } from '../../core/request.ts'
import type { Leg, Requirement, Source } from '../../core/requirement.ts'
import { type Behind, onlyClaimed, roleBehind } from '../../core/separation.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'
import { personLinked, strangerWith } from './currentPeople.ts'
import { accountOrNobody, addressesOf } from './humans.ts'

/** What claims take of the people of some legs. */
export interface TakenByClaims {
  /** Legs that they took too many people from, as far as is known. */
  readonly taken: readonly TakenLeg[]
  /** True when there may be more of them: a set could not be read. */
  readonly unsure: boolean
}

/** Whether the people of the legs can fill them, and what claims take of them. */
interface Staffing extends TakenByClaims {
  /**
   * The leg that can never be filled by people who are not behind the action, also by those who may be brought in later;
   * null when none is known to be. A set that could not be read says nothing either way: its legs are left out here, the
   * request waits, and it expires unless the set can be read when somebody clicks.
   */
  readonly hopeless: string | null
}

/**
 * Of the people who could have filled a leg, claims take the last that it needs, or more than half: whoever sends the
 * request chooses who decides (threats: claimed-initiator).
 */
export interface TakenLeg {
  readonly leg: string
  readonly taken: number
  readonly left: number
  readonly needed: number
}

/** Looks at as many people as it takes to know. */
export async function staffing(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  { legs, escalate }: Pick<Requirement, 'legs' | 'escalate'>,
  behind: readonly Behind<CurrentPerson>[],
): Promise<Staffing> {
  const seats = legs.reduce((sum, leg) => sum + leg.count, 0)
  const claimed = onlyClaimed(behind)
  // From so many on nothing is hopeless, and no claim has taken too many.
  const enough = Math.max(seats, claimed.length)
  const counts = countingHumans(await addressesBehind(ports, behind, claimed), behind, claimed)
  const known: Leg[] = []
  const taken: TakenLeg[] = []
  let unsure = false
  const willing = new Map<CurrentPerson, string[]>()
  for (const leg of legs) {
    const asked = await gathered(ports, leg.from, { counts, enough })
    if (asked.unread && asked.free.size < enough) unsure ||= claimed.length > 0
    else taken.push(...takenFrom(leg, asked))
    const more = await gathered(ports, broughtIn(leg, escalate), { counts, enough: seats - asked.free.size })
    const people = new Set([...asked.free, ...more.free])
    if ((asked.unread || more.unread) && people.size < seats) continue
    known.push(leg)
    for (const person of people) willing.set(person, [...(willing.get(person) ?? []), leg.name])
  }
  const agreements: Agreement[] = [...willing].map(([person, legs]) => ({ person, legs }))
  const { filled } = quorum(known, agreements)
  const hopeless = known.find((leg) => (filled.get(leg.name)?.length ?? 0) < leg.count)?.name ?? null
  return { hopeless, taken, unsure }
}

/** Whoever may be brought in later counts: they can help before it is too late. */
function broughtIn(leg: Leg, escalate: Requirement['escalate']): readonly Source[] {
  const asked = new Set(leg.from.map(({ address }) => address))
  return widened([leg], escalate).flatMap(({ from }) => from.filter(({ address }) => !asked.has(address)))
}

function takenFrom({ name, count }: Leg, { free, taken }: Gathered): readonly TakenLeg[] {
  const tooMany = taken.size > 0 && (free.size < count || taken.size > free.size)
  return tooMany ? [{ leg: name, taken: taken.size, left: free.size, needed: count }] : []
}

/** The people of some sets who are staff and not on record as behind the action. */
interface Gathered {
  readonly free: ReadonlySet<CurrentPerson>
  /** Those who are behind it by a claim only. */
  readonly taken: ReadonlySet<CurrentPerson>
  /** True when a set could not be read. */
  readonly unread: boolean
}

/** Of the free ones, `enough` are enough. */
async function gathered(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  sources: readonly Source[],
  limits: { readonly counts: Counts; readonly enough: number },
): Promise<Gathered> {
  const { counts, enough } = limits
  const [free, taken] = [new Set<CurrentPerson>(), new Set<CurrentPerson>()]
  let unread = false
  for (const source of sources) {
    try {
      const members = await ports.directory.members(source)
      for (let at = 0; at < members.length && free.size < enough; at += enough) {
        const some = members.slice(at, at + enough)
        for (const member of await staffMembers(ports, some)) {
          const one = counts(member)
          if (one) (one.claimed ? taken : free).add(one.person)
        }
      }
    } catch (fault) {
      if (!(fault instanceof DirectoryFault)) throw fault
      unread = true
    }
  }
  return { free, taken, unread }
}

/**
 * Who a member counts as: themselves, or somebody before them who has the same address; and whether a claim takes them.
 * Null when they are on record as behind the action.
 */
type Counts = (member: StaffMember) => { readonly person: CurrentPerson; readonly claimed: boolean } | null

interface AddressesBehind {
  readonly onRecord: ReadonlySet<string>
  readonly claimed: ReadonlySet<string>
}

function countingHumans(
  addresses: AddressesBehind,
  behind: readonly Behind<CurrentPerson>[],
  claimed: readonly CurrentPerson[],
): Counts {
  const first = new Map<string, CurrentPerson>()
  return ({ person, address }) => {
    const isClaimed = claimed.includes(person)
    if (roleBehind(person, behind) && !isClaimed) return null
    if (address === null) return { person, claimed: isClaimed }
    if (addresses.onRecord.has(address)) return null
    const one = first.get(address) ?? person
    first.set(address, one)
    return { person: one, claimed: isClaimed || addresses.claimed.has(address) }
  }
}

/** None when they could not be looked up: then that is found out at the click. */
async function addressesBehind(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  behind: readonly Behind<CurrentPerson>[],
  claimed: readonly CurrentPerson[],
): Promise<AddressesBehind> {
  try {
    const known = await addressesOf(
      ports,
      behind.map(({ person }) => person),
    )
    const of = (wanted: boolean) =>
      new Set([...known].flatMap(([person, theirs]) => (claimed.includes(person) === wanted ? theirs : [])))
    return { onRecord: of(false), claimed: of(true) }
  } catch (fault) {
    if (fault instanceof DirectoryFault) return { onRecord: new Set(), claimed: new Set() }
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
