import type { Account, PersonId } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { type ActionRequest, standing } from '../core/request.ts'
import { roleBehind } from '../core/separation.ts'
import { whyNotStaff } from '../core/staff.ts'
import type { Entry } from '../ledger/entry.ts'
import { legsOf } from './eligibility.ts'
import { personOf } from './identify.ts'
import { accountOf, allWithCurrentPeople, formerPerson, isFormerPerson, withCurrentPeople } from './people.ts'
import type { Agent, Ports, RequestView } from './ports.ts'

/** An agent sees its own requests and no others. @throws Refusal `unknown_request` */
export async function showToAgent(ports: Ports, id: string, agent: Agent): Promise<ActionRequest> {
  const request = await ports.store.request(id)
  if (!request || request.agent.id !== agent.id)
    throw new Refusal('unknown_request', 'no such request of this agent')
  return request
}

/** The request with the names needed to show it; people who turned out to be one are shown as one. */
export async function viewOf(ports: Ports, request: ActionRequest): Promise<RequestView> {
  const shown = await withCurrentPeople(ports, request)
  const ids = new Set([...shown.behind, ...shown.decisions].map((one) => one.person))
  const people = new Map<PersonId, { account: string; name: string }>()
  for (const person of ids) {
    const known = await accountOf(ports, person)
    if (known) people.set(person, known)
  }
  return { request: shown, people, filled: standing(shown)?.filled ?? new Map() }
}

/** Requests are looked through this many at a time. */
const pageSize = 200

/** More than anybody reads: what is beyond waits behind these. */
const enough = 100

/**
 * Pending requests that this account could decide now, newest first, at most a hundred. Looks through all that are
 * pending, so that a flood of other requests hides nothing (threats: flood).
 */
export async function waitingFor(ports: Ports, account: Account): Promise<readonly ActionRequest[]> {
  if (whyNotStaff(account)) return []
  const person = await personOf(ports, account)
  const waiting: ActionRequest[] = []
  let page: readonly ActionRequest[] = []
  do {
    const before = page.at(-1)?.id
    page = await ports.store.requests({ states: ['pending'], limit: pageSize, ...(before && { before }) })
    for (const request of await allWithCurrentPeople(ports, page)) {
      const { behind, decisions } = request
      if (roleBehind(person, behind) || decisions.some((decision) => decision.person === person)) continue
      if (await isAsked(ports, request, account)) waiting.push(request)
    }
  } while (page.length === pageSize && waiting.length < enough)
  return waiting.slice(0, enough)
}

/** The newest requests that this person is behind, under any id they have had. */
export async function askedBy(ports: Ports, person: PersonId): Promise<readonly ActionRequest[]> {
  const links = await ports.store.accountsOf(person)
  const ids = [person, ...links.filter(isFormerPerson).map((link) => link.id.slice(formerPerson('').length))]
  const found = await Promise.all(ids.map((behind) => ports.store.requests({ behind, limit: 20 })))
  const newest = new Map(found.flat().map((request) => [request.id, request]))
  return [...newest.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, 20)
}

/**
 * One request with everything that happened to it, for people who are behind it, have decided on it, or could.
 *
 * @throws Refusal `unknown_request` for everybody else
 */
export async function story(
  ports: Ports,
  id: string,
  viewer: Account,
): Promise<{ readonly view: RequestView; readonly entries: readonly Entry[] }> {
  const request = await ports.store.request(id)
  if (!request || !(await mayRead(ports, request, viewer)))
    throw new Refusal('unknown_request', 'not a request of the viewer')
  const [view, entries] = await Promise.all([viewOf(ports, request), ports.store.entries(id)])
  return { view, entries }
}

async function mayRead(ports: Ports, request: ActionRequest, viewer: Account): Promise<boolean> {
  if (whyNotStaff(viewer)) return false
  const person = await personOf(ports, viewer)
  const { behind, decisions } = await withCurrentPeople(ports, request)
  if (roleBehind(person, behind)) return true
  if (decisions.some((decision) => decision.person === person)) return true
  return isAsked(ports, request, viewer)
}

/** In a leg now. A set that cannot be read asks nobody. */
async function isAsked(ports: Ports, request: ActionRequest, account: Account): Promise<boolean> {
  try {
    return (await legsOf(ports, request.requirement?.legs ?? [], account.key)).length > 0
  } catch (refusal) {
    if (refusal instanceof Refusal) return false
    throw refusal
  }
}
