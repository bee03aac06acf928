import {
  type Account,
  type AccountKey,
  type CurrentPerson,
  type PersonId,
  samePerson,
} from '../../core/identity.ts'
import type { ActionRequest, CurrentRequest } from '../../core/request.ts'
import type { LinkRead, Ports, ReadPorts } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'

/**
 * When two people turn out to be one, the id that is given up is linked to the one that stays, under a key of its own
 * among the accounts. Records made before keep the id they were made with; whoever compares people asks here first.
 */
export function formerPerson(id: PersonId): string {
  return `person:${id}`
}

/** True for the row of an id that was given up: no account that somebody could use. */
export function isFormerPerson(link: LinkedAccount): boolean {
  return link.id.startsWith('person:')
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

async function readPeople(ports: Pick<ReadPorts, 'store'>, ids: Iterable<PersonId>): Promise<PeopleRead> {
  const wanted = [...new Set(ids)].map(formerPerson)
  const found = wanted.length > 0 ? await ports.store.accounts(wanted) : []
  const rows = new Map(found.map((link) => [link.id, link]))
  const today = (id: PersonId) => {
    const link = rows.get(formerPerson(id))
    return link ? personLinked(link) : asToday(id) // no link says otherwise
  }
  return { today, links: wanted.map((id) => ({ id, version: rows.get(id)?.version ?? null })) }
}

function asToday(id: PersonId): CurrentPerson {
  return id as CurrentPerson
}

/** The person an account belongs to: linking moves every account, so it is today's. */
export function personLinked(link: LinkedAccount): CurrentPerson {
  return link.person as CurrentPerson
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

/** The same for whoever judges by it: with what the commit has to be conditional on. */
export async function judgedPeople(
  ports: Pick<ReadPorts, 'store'>,
  request: ActionRequest,
): Promise<{ readonly current: CurrentRequest; readonly links: readonly LinkRead[] }> {
  const owner = await ownerNow(ports, request)
  const ids = [...peopleIn(request), request.agent.owner, request.initiator.person, ...owner]
  const { today, links } = await readPeople(ports, ids)
  const renamed = ids.flatMap((id) => (today(id) === id ? [] : [[id, today(id)] as const]))
  const people = renewed(request, today)
  const behind = withOwner(people.behind, owner.map(today))
  return { current: { ...request, ...people, behind, renamed: new Map(renamed) }, links }
}

/**
 * Whoever owns the agent now, while anybody may still decide on what it asked. Who was behind the action when it was asked
 * stays so for life; an agent that was handed over since has one more (threats: own-request).
 */
async function ownerNow(
  { store }: Pick<ReadPorts, 'store'>,
  { state, agent, brokenGlass }: ActionRequest,
): Promise<readonly PersonId[]> {
  const isOpen = state === 'pending' || (brokenGlass !== null && brokenGlass.review === null)
  const known = isOpen ? await store.agent(agent.id) : null
  return known ? [known.owner] : []
}

function withOwner(
  behind: CurrentRequest['behind'],
  owners: readonly CurrentPerson[],
): CurrentRequest['behind'] {
  const more = owners.filter(
    (owner) => !behind.some(({ person, role }) => role === 'agent_owner' && samePerson(person, owner)),
  )
  return [...behind, ...more.map((person) => ({ person, role: 'agent_owner' as const }))]
}

/** The same of a request that was made just now, which is made of today's people: nothing has to be looked up. */
export function justMade(request: ActionRequest): CurrentRequest {
  return { ...request, ...renewed(request, asToday), renamed: new Map() }
}

/** An account that the person uses now, and its name; null when none is known. */
export async function accountOf(
  ports: Pick<ReadPorts, 'store'>,
  person: CurrentPerson,
): Promise<{ readonly account: AccountKey; readonly name: string } | null> {
  const links = await ports.store.accountsOf(person)
  const first = links.find((link) => !isFormerPerson(link))
  return first ? { account: first.id, name: first.name } : null
}

/** Everybody who is behind a request or has done something with it. */
export function peopleIn(request: CurrentRequest): readonly CurrentPerson[]
export function peopleIn(request: ActionRequest): readonly PersonId[]
export function peopleIn({
  behind,
  decisions,
  escalations,
  brokenGlass,
}: ActionRequest | CurrentRequest): readonly PersonId[] {
  return [
    ...[...behind, ...decisions].map((one) => one.person),
    ...escalations.flatMap(({ by }) => (by === 'deadline' ? [] : [by])),
    ...(brokenGlass ? [brokenGlass.person] : []),
    ...(brokenGlass?.review ? [brokenGlass.review.person] : []),
  ]
}

function renewed(request: ActionRequest, today: (id: PersonId) => CurrentPerson) {
  const renew = <T extends { readonly person: PersonId }>(one: T) => ({ ...one, person: today(one.person) })
  const { brokenGlass } = request
  return {
    agent: { ...request.agent, owner: today(request.agent.owner) },
    initiator: renew(request.initiator),
    behind: request.behind.map(renew),
    decisions: request.decisions.map(renew),
    escalations: request.escalations.map((one) => ({
      ...one,
      by: one.by === 'deadline' ? ('deadline' as const) : today(one.by),
    })),
    brokenGlass: brokenGlass && {
      ...renew(brokenGlass),
      review: brokenGlass.review && renew(brokenGlass.review),
    },
  }
}
