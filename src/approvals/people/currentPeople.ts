import {
  type Account,
  type AccountKey,
  type CurrentPerson,
  type PersonId,
  samePerson,
} from '../../core/identity.ts'
import type { ActionRequest, CurrentRequest, Decision } from '../../core/request.ts'
import type { LinkRead } from '../change.ts'
import type { Ports, ReadPorts } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { joinGroups } from './joinGroups.ts'
import { firstAsked, ownersNow, withOwners } from './ownersNow.ts'

/**
 * When two people turn out to be one, the id that is given up is linked to the one that stays, under a key of its own
 * among the accounts. Records made before keep the id they were made with; whoever compares people asks here first.
 */
export function formerPerson(id: PersonId): string {
  return `person:${id}`
}

/** True for the row of an id that was given up: no account that somebody could use. */
export function isFormerPerson(link: Pick<LinkedAccount, 'id'>): boolean {
  return link.id.startsWith('person:')
}

/** The ids that were given up, among the rows of somebody. */
export function formerIdsIn(links: readonly LinkedAccount[]): readonly PersonId[] {
  return links.filter(isFormerPerson).map(({ id }) => id.slice(formerPerson('').length))
}

/** Who people are today, and what was read to know it: a commit that is judged by it names that. */
interface PeopleRead {
  readonly today: (id: PersonId) => CurrentPerson
  readonly links: readonly LinkRead[]
}

/** Who each of these ids is today. One lookup, because linking leaves no chains. */
export async function currentPeople(
  ports: Pick<ReadPorts, 'store'>,
  ids: Iterable<PersonId>,
): Promise<(id: PersonId) => CurrentPerson> {
  return (await readPeople(ports, ids)).today
}

/** How people are looked at; by itself, as they are for separation and quorum now. */
interface Looking {
  /** RFC 3339: people who were parted after that moment are still one. */
  readonly since?: string
  /** False where somebody gains by being joined: a link that is only claimed is no link then. */
  readonly claims?: false
}

async function readPeople(
  ports: Pick<ReadPorts, 'store'>,
  ids: Iterable<PersonId>,
  looking: Looking = {},
): Promise<PeopleRead> {
  const rows = new Map<string, LinkedAccount | null>()
  let wanted = [...new Set(ids)]
  while (wanted.length > 0) {
    const names = wanted.map(formerPerson)
    const found = await ports.store.accounts(names)
    for (const name of names) rows.set(name, found.find(({ id }) => id === name) ?? null)
    const next =
      looking.since === undefined
        ? []
        : found.flatMap(({ person, parted }) => [person, ...parted.map(({ from }) => from)])
    wanted = [...new Set(next)].filter((id) => !rows.has(formerPerson(id)))
  }
  const stillOne = joinedSince([...rows.values()], looking.since ?? null)
  const today = (id: PersonId): CurrentPerson => {
    const linked = personIn(rows.get(formerPerson(id)) ?? null, id, looking)
    return stillOne.get(linked) ?? linked
  }
  return { today, links: [...rows].map(([id, link]) => ({ id, version: link?.version ?? null })) }
}

/** One name for all who were parted after that moment: who was one with two others is one with both. */
function joinedSince(
  rows: readonly (LinkedAccount | null)[],
  since: string | null,
): ReadonlyMap<CurrentPerson, CurrentPerson> {
  const one = new Map<CurrentPerson, CurrentPerson>()
  if (since === null) return one
  const known = rows.filter((row) => row !== null)
  const linked = (id: PersonId) => personIn(known.find((row) => row.id === formerPerson(id)) ?? null, id, {})
  for (const { person, parted } of known)
    for (const { from, at } of parted) if (at > since) joinGroups(one, linked(person), linked(from))
  return one
}

/** Whoever an id stands for by its row; the id itself where no row says otherwise. */
function personIn(row: LinkedAccount | null, id: PersonId, { claims }: Looking): CurrentPerson {
  if (!row) return asToday(id)
  return claims === false ? ownPerson(row) : personLinked(row)
}

function asToday(id: PersonId): CurrentPerson {
  return id as CurrentPerson
}

/** The person an account belongs to: linking moves every account, so it is today's. */
export function personLinked(link: LinkedAccount): CurrentPerson {
  return link.person as CurrentPerson
}

/** The same for all that an account gives: a link that is only claimed is no link. */
export function ownPerson(link: LinkedAccount): CurrentPerson {
  return asToday(link.claimedFrom ?? link.person)
}

/** Somebody whom we see for the first time. */
export function newPerson(ports: Pick<Ports, 'ids'>): CurrentPerson {
  return ports.ids.next('per') as CurrentPerson
}

/** Whoever has an account that nobody has linked, and that nothing was done with: it stands for itself. */
export function strangerWith({ key }: Account): CurrentPerson {
  return key as CurrentPerson
}

/** Who that is today. */
export async function currentPerson(ports: Pick<ReadPorts, 'store'>, id: PersonId): Promise<CurrentPerson> {
  const today = await currentPeople(ports, [id])
  return today(id)
}

/** The request as if it had been made with today's people. */
export async function withCurrentPeople(
  ports: Pick<ReadPorts, 'store'>,
  request: ActionRequest,
): Promise<CurrentRequest> {
  return (await judgedPeople(ports, request)).current
}

/** Everybody in a request for whoever gains by being one of them: a link that is only claimed is no link. */
export async function ownPeopleIn(
  ports: Pick<ReadPorts, 'store'>,
  request: ActionRequest,
): Promise<readonly CurrentPerson[]> {
  const ids = peopleIn(request)
  const { today } = await readPeople(ports, ids, { claims: false })
  return ids.map(today)
}

/**
 * The same for whoever judges by it: with what the commit has to be conditional on, and who `others` are to the request.
 * Who was parted after it was made is one person in it for good; of what follows from another request, after that was (`firstAsked`).
 */
export async function judgedPeople(
  ports: Pick<ReadPorts, 'store'>,
  request: ActionRequest,
  others: readonly PersonId[] = [],
): Promise<{ readonly current: CurrentRequest } & PeopleRead> {
  const owners = await ownersNow(ports, request)
  const ids = [...peopleIn(request), ...awayIn(request), request.agent.owner, request.initiator.person]
  const asked = [...ids, ...owners.map(({ person }) => person)]
  const since = await firstAsked(ports, request)
  const { today, links } = await readPeople(ports, [...asked, ...others], { since })
  const renamed = asked.flatMap((id) => (today(id) === id ? [] : [[id, today(id)] as const]))
  const { notes: _, narrowed: _narrowed, ...rest } = request
  const people = renewed(request, today)
  const behind = withOwners(
    people.behind,
    owners.map(({ person, role }) => ({ person: today(person), role })),
  )
  return { current: { ...rest, ...people, behind, renamed: new Map(renamed) }, links, today }
}

/** The same of a request that was made just now, which is made of today's people: nothing has to be looked up. */
export function justMade(request: ActionRequest): CurrentRequest {
  const { notes: _, narrowed: _narrowed, ...rest } = request
  return { ...rest, ...renewed(request, asToday), renamed: new Map() }
}

/** An account that somebody uses, and its name. */
interface NamedAccount {
  readonly account: AccountKey
  /** With those that are theirs besides, beyond a claim; left out where there is one. */
  readonly accounts?: readonly AccountKey[]
  readonly name: string
}

/** An account that the person uses now; null when none is known. */
export async function accountOf(
  ports: Pick<ReadPorts, 'store'>,
  person: CurrentPerson,
): Promise<NamedAccount | null> {
  return (await accountsOf(ports, [person])).get(person) ?? null
}

/**
 * The same for several people, looked up at once. The one by which they `acted` comes first, so that nobody is named for what another
 * account did before it was said to be theirs; one that is only claimed to be theirs comes last.
 */
export async function accountsOf(
  ports: Pick<ReadPorts, 'store'>,
  people: readonly CurrentPerson[],
  acted: readonly AccountKey[] = [],
): Promise<ReadonlyMap<CurrentPerson, NamedAccount>> {
  const links = (await ports.store.accountsOf(...new Set(people))).filter((link) => !isFormerPerson(link))
  const named = new Map<CurrentPerson, NamedAccount>()
  for (const person of people) {
    const theirs = links.filter((link) => samePerson(personLinked(link), person))
    const first =
      theirs.find(({ id }) => acted.includes(id)) ??
      theirs.find(({ claimedFrom }) => claimedFrom === null) ??
      theirs[0]
    if (!first) continue
    const own = theirs.filter(({ claimedFrom }) => claimedFrom === first.claimedFrom).map(({ id }) => id)
    const accounts = [first.id, ...own.filter((id) => id !== first.id)]
    named.set(person, { account: first.id, ...(accounts.length > 1 && { accounts }), name: first.name })
  }
  return named
}

/**
 * The accounts of whoever that id stands for, without those that a link has joined to them which not everybody has
 * confirmed: for all that an account gives. For separation and quorum such a link counts already (`currentPeople`).
 */
export async function ownAccountsOf(
  ports: Pick<ReadPorts, 'store'>,
  id: PersonId,
): Promise<readonly LinkedAccount[]> {
  const [former] = await ports.store.accounts([formerPerson(id)])
  const links = await ports.store.accountsOf(former?.person ?? id)
  const claimedFrom = former?.claimedFrom ?? null
  return links.filter((link) => !isFormerPerson(link) && link.claimedFrom === claimedFrom)
}

/** Everybody who is behind a request or has done something with it. */
export function peopleIn(request: CurrentRequest): readonly CurrentPerson[]
export function peopleIn(request: ActionRequest): readonly PersonId[]
export function peopleIn({
  behind,
  decisions,
  escalations,
  notes,
  brokenGlass,
  narrowed,
}: ActionRequest | CurrentRequest): readonly PersonId[] {
  return [
    ...[...behind, ...decisions].map((one) => one.person),
    ...escalations.flatMap(({ by }) => (by === 'deadline' ? [] : [by])),
    ...(notes ?? []).flatMap(({ by }) => (by === 'agent' ? [] : [by])),
    ...(brokenGlass ? [brokenGlass.person] : []),
    ...(brokenGlass?.review ? [brokenGlass.review.person] : []),
    ...(narrowed ? [narrowed.person] : []),
  ]
}

/** Those in whose place others were told, who have done nothing with it for that. */
export function awayIn<P extends PersonId>({
  decisions,
}: {
  readonly decisions: readonly Decision<P>[]
}): readonly P[] {
  return decisions.flatMap(({ inPlaceOf = [] }) => inPlaceOf)
}

function renewed(request: ActionRequest, today: (id: PersonId) => CurrentPerson) {
  const renew = <T extends { readonly person: PersonId }>(one: T) => ({ ...one, person: today(one.person) })
  const { brokenGlass, notes, narrowed } = request
  return {
    agent: { ...request.agent, owner: today(request.agent.owner) },
    initiator: renew(request.initiator),
    behind: request.behind.map(renew),
    decisions: request.decisions.map(({ inPlaceOf, ...one }) => ({
      ...renew(one),
      ...(inPlaceOf && { inPlaceOf: inPlaceOf.map(today) }),
    })),
    escalations: request.escalations.map((one) => ({
      ...one,
      by: one.by === 'deadline' ? ('deadline' as const) : today(one.by),
    })),
    ...(notes && {
      notes: notes.map((one) => ({ ...one, by: one.by === 'agent' ? ('agent' as const) : today(one.by) })),
    }),
    ...(narrowed && { narrowed: renew(narrowed) }),
    brokenGlass: brokenGlass && {
      ...renew(brokenGlass),
      review: brokenGlass.review && renew(brokenGlass.review),
    },
  }
}
