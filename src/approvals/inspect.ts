import { earlierOf } from '../card/earlier.ts'
import { shownRequest } from '../card/masked.ts'
import type { PromisedCredential, RequestView } from '../card/view.ts'
import { policyActivation } from '../core/action.ts'
import type { Account, AccountKey, CurrentPerson } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { type ActionRequest, type AnyRequest, type CurrentRequest, effectiveLegs } from '../core/request.ts'
import type { Source } from '../core/requirement.ts'
import { canHaveRollbacks } from '../core/rollback.ts'
import { roleBehind } from '../core/separation.ts'
import { isDecidedElsewhere } from '../core/set.ts'
import { whyNotStaff } from '../core/staff.ts'
import { standing } from '../core/standing.ts'
import type { Entry } from '../ledger/entry.ts'
import { withStandIns } from './delegations/standIns.ts'
import { isOwnAttempt, raisedAlarm, tellsOfAlarm } from './ownAttempt.ts'
import {
  accountsOf,
  awayIn,
  currentPerson,
  ownPeopleIn,
  ownPerson,
  peopleIn,
  personLinked,
  withCurrentPeople,
} from './people/currentPeople.ts'
import { mayBreakGlass, mayDecide } from './people/eligibility.ts'
import { linkOf } from './people/identify.ts'
import { isAmong } from './people/legs.ts'
import type { Ports, ReadPorts } from './ports.ts'
import type { PlacedRequest } from './queries.ts'
import type { Agent } from './records.ts'
import { heldOf } from './stops/held.ts'

/** An agent sees its own requests and no others. @throws Refusal `unknown_request` */
export async function showToAgent(
  ports: Pick<ReadPorts, 'store'>,
  id: string,
  agent: Agent,
): Promise<ActionRequest> {
  return ownedBy(agent, await ports.store.request(id))
}

/** The same, with its place in the ledger. @throws Refusal `unknown_request` */
export async function showPlacedToAgent(
  ports: Pick<ReadPorts, 'store'>,
  id: string,
  agent: Agent,
): Promise<PlacedRequest> {
  return ownedBy(agent, await ports.store.placedRequest(id))
}

function ownedBy<Found extends ActionRequest>(agent: Agent, request: Found | null): Found {
  if (!request || request.agent.id !== agent.id)
    throw new Refusal('unknown_request', 'no such request of this agent')
  return request
}

/** The request with the names needed to show it; people who turned out to be one are shown as one. */
export async function viewOf(
  ports: Pick<ReadPorts, 'store' | 'stops' | 'targets' | 'onCall'>,
  request: ActionRequest,
): Promise<RequestView> {
  const shown = await withCurrentPeople(ports, request)
  const kin = await rollbacksAround(ports, request)
  const precedent = await precedentOf(ports, request)
  const held = await shownHeld(ports, [request, ...(kin.rollbacks ?? []).filter(isDecidedElsewhere)])
  const revised = await instead(ports, request.revises)
  const narrows = await instead(ports, request.narrows)
  const narrowedTo = await instead(ports, request.narrowed?.to)
  const around = [
    ...peopleIn(shown),
    ...awayIn(shown),
    ...[revised, narrows, narrowedTo].flatMap((one) => (one ? peopleIn(one) : [])),
    ...stopperIn(held),
    ...(precedent?.decisions ?? []).map(({ person }) => person),
  ]
  const people = await accountsOf(ports, around, actedBy(request))
  const change = await changeOf(ports, request)
  const credentials = promised(ports, request)
  const onCall = await onCallNow(ports, request)
  return {
    request: shownRequest(shown),
    people,
    filled: standing(shown)?.filled ?? new Map(),
    ...(change && { change }),
    ...(held && { held }),
    ...(revised && { revised: shownRequest(revised) }),
    ...(narrows && { narrows: shownRequest(narrows) }),
    ...(narrowedTo && { narrowedTo: shownRequest(narrowedTo) }),
    ...(credentials.length > 0 && { credentials }),
    ...(onCall.size > 0 && { onCall }),
    ...(precedent && { precedent: shownRequest(precedent) }),
    ...kin,
  }
}

/** The accounts by which people had to do with it. */
function actedBy({ decisions, notes = [], brokenGlass, narrowed }: ActionRequest): readonly AccountKey[] {
  const acts = [...decisions, ...notes, brokenGlass, brokenGlass?.review, narrowed]
  return acts.flatMap((one) => one?.account ?? [])
}

/** Only while somebody can decide: how it ended does not depend on who is on call by then. */
async function onCallNow(
  { onCall }: Pick<ReadPorts, 'onCall'>,
  request: ActionRequest,
): Promise<NonNullable<RequestView['onCall']>> {
  if (request.state !== 'pending') return new Map()
  const sources = effectiveLegs(request).flatMap(({ from }) => from)
  const sets = new Map(sources.flatMap((one) => (one.kind === 'oncall' ? [[one.address, one] as const] : [])))
  return new Map(
    await Promise.all([...sets].map(async ([address, set]) => [address, await onCall.now(set)] as const)),
  )
}

/** What people approved last of the same kind, while they are asked again. */
async function precedentOf(
  ports: Pick<ReadPorts, 'store'>,
  request: ActionRequest,
): Promise<CurrentRequest | null> {
  const last = request.state === 'pending' ? earlierOf(request)?.last : null
  const [precedent] = last ? await ports.store.requestsOf([last.request]) : []
  return precedent ? withCurrentPeople(ports, precedent) : null
}

/** What undoes it, where anything can; and what it undoes. */
async function rollbacksAround(
  { store }: Pick<ReadPorts, 'store'>,
  request: ActionRequest,
): Promise<Pick<RequestView, 'rollbacks' | 'undoes'>> {
  const { id, rollsBack } = request
  const rollbacks = canHaveRollbacks(request) ? await store.rollbacksOf([id]) : []
  const [undoes] = rollsBack === undefined ? [] : await store.requestsOf([rollsBack])
  return {
    ...(rollbacks.length > 0 && { rollbacks: rollbacks.map(shownRequest) }),
    ...(undoes && { undoes: shownRequest(undoes) }),
  }
}

/** What was asked instead of another request, or that other one. */
async function instead(
  ports: Pick<ReadPorts, 'store'>,
  id: string | undefined,
): Promise<CurrentRequest | null> {
  const [found] = id === undefined ? [] : await ports.store.requestsOf([id])
  return found ? withCurrentPeople(ports, found) : null
}

/** The stop that holds one of what is decided together, with whoever stopped it as we know them now. */
async function shownHeld(
  ports: Pick<ReadPorts, 'store' | 'stops'>,
  requests: readonly AnyRequest[],
): Promise<RequestView['held'] | null> {
  const [held] = (await Promise.all(requests.map((one) => heldOf(ports, one)))).filter((one) => one !== null)
  if (!held) return null
  const { by } = held
  return { ...held, by: typeof by === 'string' ? by : { person: await currentPerson(ports, by.person) } }
}

function stopperIn(held: RequestView['held'] | null): readonly CurrentPerson[] {
  return held && typeof held.by !== 'string' ? [held.by.person] : []
}

/** What its agent can get a credential for, when it is approved. */
function promised(
  { targets }: Pick<ReadPorts, 'targets'>,
  { action }: ActionRequest,
): readonly PromisedCredential[] {
  return targets
    .filter((one) => one.serves(action))
    .map(({ target, ends, seconds, longestSeconds, doesNotBind }) => ({
      target,
      ends,
      seconds,
      longestSeconds,
      doesNotBind,
    }))
}

/** Of a change of the policy: what became of it, or that it can come into force no more. Null for everything else. */
async function changeOf(
  { store }: Pick<ReadPorts, 'store'>,
  { id, action, state }: ActionRequest,
): Promise<NonNullable<RequestView['change']> | null> {
  if (action.action !== policyActivation) return null
  if (state === 'pending') {
    const active = await store.activePolicy()
    return active !== null && active.filesDigest !== action.params.base_files ? 'outdated' : null
  }
  if (state !== 'approved') return null
  const types = (await store.entries(id)).map(({ type }) => type)
  if (types.includes('policy.activated')) return 'in_force'
  return types.includes('policy.refused') ? 'refused' : null
}

/**
 * One request with everything that happened to it and to its rollbacks, for people who are behind it, have done something with it or could,
 * or were told by an escalation or an alarm. That their own attempts raised an alarm is not told to people behind it.
 *
 * @throws Refusal `unknown_request` for everybody else
 */
export async function story(
  ports: Ports,
  id: string,
  viewer: Account,
): Promise<{ readonly view: RequestView; readonly entries: readonly Entry[] }> {
  const told = await ports.store.toldRequest(id)
  if (!told || whyNotStaff(viewer)) throw new Refusal('unknown_request', 'not a request of the viewer')
  const { request, entries } = told
  // Those of its rollbacks are told with it, and say nothing of who may read this one, nor to whom of an alarm.
  const own = entries.filter((entry) => entry.request === id)
  const link = await linkOf(ports, viewer)
  const view = await withStandIns(ports, request, await viewOf(ports, request))
  const isBehind = roleBehind(personLinked(link), view.request.behind) !== null
  // What somebody is only claimed to be keeps an alarm from them, and shows them nothing (`mayReadStory`).
  if (!(await mayReadStory(ports, { request, entries: own }, viewer)))
    throw new Refusal('unknown_request', 'not a request of the viewer')
  // Also not to an account of theirs that nobody has linked, and that tried.
  const mustNotHear =
    isBehind || own.some((entry) => isOwnAttempt(entry) && entry.actor.account === viewer.key)
  const mayHear = (entry: Entry) => !tellsOfAlarm(entry) || (entry.request === id && !mustNotHear)
  // What asks the same and shares its card has a story of its own.
  const others = new Set<string | null>((await ports.store.alikeOn(id)).map((one) => one.id))
  return { view, entries: entries.filter((entry) => mayHear(entry) && !others.has(entry.request)) }
}

/**
 * Whether somebody may read what happened to a request: they are behind it or have done something with it, could, or were told of it.
 * `entries` are its own; of them, who was alarmed because of attempts is all that counts.
 */
export async function mayReadStory(
  ports: Ports,
  of: { readonly request: ActionRequest; readonly entries: readonly Entry[] },
  viewer: Account,
): Promise<boolean> {
  const link = await linkOf(ports, viewer)
  const isInIt = (await ownPeopleIn(ports, of.request)).includes(ownPerson(link))
  return isInIt || (await mayRead(ports, of, viewer))
}

/** Of somebody who is not in it yet. */
async function mayRead(
  ports: Ports,
  { request, entries }: { readonly request: ActionRequest; readonly entries: readonly Entry[] },
  viewer: Account,
): Promise<boolean> {
  if (await isAllowed(() => mayDecide(ports, request, viewer.key))) return true
  if (await isAllowed(() => mayBreakGlass(ports, request, viewer.key))) return true
  const told = [...request.escalations.map(({ to }) => to), ...alarmed(request, entries)]
  return isAllowed(() => isAmong(ports, told, viewer.key))
}

/** Whoever heard an alarm. An address may be of a group or of one person; a conversation's is neither, and nobody. */
function alarmed({ brokenGlass, requirement }: ActionRequest, entries: readonly Entry[]): readonly Source[] {
  const broken = brokenGlass ? (requirement?.breakGlass?.notify ?? []) : []
  const addresses = [...broken, ...(raisedAlarm(entries)?.to ?? [])]
  return addresses.flatMap((address) =>
    (['group', 'account'] as const).map((kind) => ({ ref: address, kind, address })),
  )
}

/** Refused, or false, is not allowed; nor is what could not be found out. */
export async function isAllowed(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await ask()) !== false
  } catch (refusal) {
    if (refusal instanceof Refusal) return false
    throw refusal
  }
}
