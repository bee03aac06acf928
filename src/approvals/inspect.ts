import type { Account, PersonId } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { type ActionRequest, type Source, standing } from '../core/request.ts'
import { roleBehind } from '../core/separation.ts'
import { whyNotStaff } from '../core/staff.ts'
import type { Entry } from '../ledger/entry.ts'
import { isAmong, mayBreakGlass, mayCloseReview, mayDecide } from './eligibility.ts'
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
  const ids = new Set(everybodyIn(request))
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
  return whereAllowed(pending, (request) => mayDecide(ports, request, account.key))
}

/** Pending denials by policy that this account could lift now by breaking the glass, newest first. */
export async function emergenciesFor(ports: Ports, account: Account): Promise<readonly ActionRequest[]> {
  const pending = await ports.store.requests({ states: ['pending'], limit: 100 })
  const denied = pending.filter(({ verdict }) => verdict.kind === 'deny')
  return whereAllowed(denied, (request) => mayBreakGlass(ports, request, account.key))
}

/** Requests whose glass was broken and whose review this account could close now, newest first. */
export async function reviewsFor(ports: Ports, account: Account): Promise<readonly ActionRequest[]> {
  const open = await ports.store.requests({ underReview: true, limit: 100 })
  return whereAllowed(open, (request) => mayCloseReview(ports, request, account.key))
}

/** The newest requests that this person is behind. */
export function askedBy(ports: Ports, person: PersonId): Promise<readonly ActionRequest[]> {
  return ports.store.requests({ behind: person, limit: 20 })
}

/**
 * One request with everything that happened to it, for people who are behind it, have done something with it or could,
 * or were told by an escalation or an alarm.
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
  if (everybodyIn(request).includes(person)) return true
  if (await isAllowed(() => mayDecide(ports, request, viewer.key))) return true
  if (await isAllowed(() => mayBreakGlass(ports, request, viewer.key))) return true
  const told = [...request.escalations.map(({ to }) => to), ...alarmed(request)]
  return isAllowed(() => isAmong(ports, told, viewer.key))
}

/** Whoever heard the alarm. An address may be of a group or of one person; a conversation's is neither, and nobody. */
function alarmed({ brokenGlass, requirement }: ActionRequest): readonly Source[] {
  const addresses = brokenGlass ? (requirement?.breakGlass?.notify ?? []) : []
  return addresses.flatMap((address) =>
    (['group', 'account'] as const).map((kind) => ({ ref: address, kind, address })),
  )
}

/** Everybody who is behind a request or has done something with it. */
function everybodyIn({ behind, decisions, escalations, brokenGlass }: ActionRequest): readonly PersonId[] {
  return [
    ...[...behind, ...decisions].map((one) => one.person),
    ...escalations.flatMap(({ by }) => (by === 'deadline' ? [] : [by])),
    ...(brokenGlass ? [brokenGlass.person] : []),
    ...(brokenGlass?.review ? [brokenGlass.review.person] : []),
  ]
}

async function whereAllowed(
  requests: readonly ActionRequest[],
  ask: (request: ActionRequest) => Promise<unknown>,
): Promise<readonly ActionRequest[]> {
  const allowed = await Promise.all(requests.map((request) => isAllowed(() => ask(request))))
  return requests.filter((_, index) => allowed[index])
}

/** Refused, or false, is not allowed; nor is what could not be found out. */
async function isAllowed(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await ask()) !== false
  } catch (refusal) {
    if (refusal instanceof Refusal) return false
    throw refusal
  }
}
