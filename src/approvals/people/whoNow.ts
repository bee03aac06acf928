import type { RequestView } from '../../card/view.ts'
import type { LegNow, WhoNow } from '../../card/whoNow.ts'
import type { Account, AccountKey, CurrentPerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { type ActionRequest, effectiveLegs } from '../../core/request.ts'
import type { Leg, Source } from '../../core/requirement.ts'
import { endingOf } from '../../core/standing.ts'
import { awayNow } from '../delegations/awayNow.ts'
import { DirectoryFault, NobodyThere, type Ports } from '../ports.ts'
import { isFormerPerson } from './currentPeople.ts'
import { mayDecide } from './eligibility.ts'
import { membership } from './membership.ts'

/** As many accounts are named; of more it is said how many there are. */
const mostNamed = 10

/** Accounts of people who cannot decide that are looked for in each set. */
const mostBarred = 40

/**
 * Who can still decide, leg by leg. One question for each set and for each account of the few people who cannot: nobody in a
 * group of hundreds is looked up, so it says what groups say and promises nothing more. Null where nobody is asked any more.
 */
export async function whoNow(
  ports: Ports,
  of: { readonly request: ActionRequest; readonly view: RequestView },
  viewer: Account,
): Promise<WhoNow | null> {
  const { request } = of.view
  const legs = effectiveLegs(request)
  if (request.state !== 'pending' || legs.length === 0) return null
  const decided = request.decisions
    .filter((one) => endingOf(request, one) === null)
    .map(({ person }) => person)
  const barred = await accountsOf(ports, [...request.behind.map(({ person }) => person), ...decided])
  return {
    legs: await Promise.all(
      legs.map((leg) => legNow(ports, leg, { barred, agreed: of.view.filled.get(leg.name)?.length ?? 0 })),
    ),
    decided: [...new Set(decided)],
    viewer: await viewerNow(ports, of.request, viewer),
    ...(await awayNow(ports, of.request)),
  }
}

async function accountsOf(ports: Ports, people: readonly CurrentPerson[]): Promise<readonly AccountKey[]> {
  const links = await ports.store.accountsOf(...new Set(people))
  return links
    .filter((link) => !isFormerPerson(link))
    .map(({ id }) => id)
    .slice(0, mostBarred)
}

/** By the same rules as a click. */
async function viewerNow(ports: Ports, request: ActionRequest, { key }: Account): Promise<WhoNow['viewer']> {
  try {
    const { legs } = await mayDecide(ports, request, key)
    return { legs }
  } catch (refusal) {
    if (refusal instanceof Refusal) return { says: refusal.says }
    throw refusal
  }
}

async function legNow(
  ports: Ports,
  { name, count, from }: Leg,
  { barred, agreed }: { readonly barred: readonly AccountKey[]; readonly agreed: number },
): Promise<LegNow> {
  const sets = await Promise.all(from.map((source) => setNow(ports, source, barred)))
  const read = sets.filter((set) => set !== null)
  const unread = from.filter((_, nth) => sets[nth] === null)
  const members = new Set(read.flatMap((set) => set.members))
  const out = new Set(read.flatMap((set) => set.out))
  const free = [...members].filter((address) => !barred.some((key) => isOne(address, key)))
  // Where an account goes by another id than its group lists, names could not be told apart, so none is named.
  const isExact = members.size - free.length === out.size
  const left = Math.max(0, members.size - out.size)
  return {
    leg: name,
    missing: Math.max(0, count - agreed),
    left: unread.length > 0 ? null : left,
    named: isExact && unread.length === 0 && free.length <= mostNamed ? free.map(accountSource) : [],
    empty: from.filter((_, nth) => sets[nth]?.members.length === 0),
    unread,
  }
}

/** The addresses in a set, and which accounts of people who cannot decide are among them; null where it could not be read. */
async function setNow(
  ports: Ports,
  source: Source,
  barred: readonly AccountKey[],
): Promise<{ readonly members: readonly string[]; readonly out: readonly AccountKey[] } | null> {
  try {
    const members = await ports.directory.members(source)
    if (members.length === 0) return { members, out: [] }
    const isIn = await Promise.all(barred.map((key) => isMember(ports, source, key)))
    return { members, out: barred.filter((_, nth) => isIn[nth]) }
  } catch (fault) {
    if (fault instanceof DirectoryFault) return null
    throw fault
  }
}

/** An account that is not there any more is in no set. @throws DirectoryFault where that is not known */
async function isMember(ports: Ports, source: Source, key: AccountKey): Promise<boolean> {
  try {
    return (await membership(ports, source, key)).isIn
  } catch (fault) {
    if (fault instanceof NobodyThere) return false
    throw fault
  }
}

/** An address names its account by the last part, as the account's key does; here only names depend on it. */
function isOne(address: string, key: AccountKey): boolean {
  return address === key || address.split(':').at(-1) === key.split(':').at(-1)
}

function accountSource(address: string): Source {
  return { ref: address, kind: 'account', address }
}
