import type { Account, PersonId } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { type ActionRequest, standing } from '../core/request.ts'
import { roleBehind } from '../core/separation.ts'
import { whyNotStaff } from '../core/staff.ts'
import type { Entry } from '../ledger/entry.ts'
import { mayDecide } from './eligibility.ts'
import { personOf } from './identify.ts'
import type { Agent, Ports, RequestView } from './ports.ts'

/** An agent sees its own requests and no others. @throws Refusal `unknown_request` */
export async function showToAgent(ports: Ports, id: string, agent: Agent): Promise<ActionRequest> {
  const request = await ports.store.request(id)
  if (!request || request.agent.id !== agent.id)
    throw new Refusal('unknown_request', 'no such request of this agent')
  return request
}

/** The request with the names needed to show it. */
export async function viewOf(ports: Ports, request: ActionRequest): Promise<RequestView> {
  const ids = new Set([...request.behind, ...request.decisions].map((one) => one.person))
  const people = new Map<PersonId, { account: string; name: string }>()
  for (const person of ids) {
    const [first] = await ports.store.accountsOf(person)
    if (first) people.set(person, { account: first.id, name: first.name })
  }
  return { request, people, filled: standing(request)?.filled ?? new Map() }
}

/** Pending requests that this account could decide now, newest first. */
export async function waitingFor(ports: Ports, account: Account): Promise<readonly ActionRequest[]> {
  const pending = await ports.store.requests({ states: ['pending'], limit: 100 })
  const mine = await Promise.all(pending.map((request) => canDecide(ports, request, account)))
  return pending.filter((_, index) => mine[index])
}

/** The newest requests that this person is behind. */
export function askedBy(ports: Ports, person: PersonId): Promise<readonly ActionRequest[]> {
  return ports.store.requests({ behind: person, limit: 20 })
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
  if (roleBehind(person, request.behind)) return true
  if (request.decisions.some((decision) => decision.person === person)) return true
  return canDecide(ports, request, viewer)
}

async function canDecide(ports: Ports, request: ActionRequest, account: Account): Promise<boolean> {
  try {
    await mayDecide(ports, request, account.key)
    return true
  } catch (refusal) {
    if (refusal instanceof Refusal) return false
    throw refusal
  }
}
