import { type AccountKey, type CurrentPerson, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Entry } from '../../ledger/entry.ts'
import { requestEntry } from '../newEntry.ts'
import { isOwnAttempt, raisedAlarm, raisedData } from '../ownAttempt.ts'
import { accountToTell } from '../people/accountToTell.ts'
import { orRefuse } from '../people/askDirectory.ts'
import { currentPeople, currentPerson } from '../people/currentPeople.ts'
import { humansAmong } from '../people/humans.ts'
import type { Ports } from '../ports.ts'
import { peopleWhoCan } from './direct.ts'

/** The attempt on one request that raises the alarm, and that of one person within an hour, over requests. */
const ownAttemptLimits = { onRequest: 3, ofPerson: 5, withinSeconds: 3_600 } as const

/**
 * Somebody behind an action tried to let it through. When that happens again and again an alarm is raised, once for each
 * request, whichever replica looks first: those whom the emergency path names hear it, and the agent's owner; where that
 * is nobody but whoever tried, people who can decide. Whoever tried hears nothing of it. Safe to run again.
 *
 * @throws Refusal `unknown_request`, `directory_unavailable` when it cannot be known who may hear it
 */
export async function ownAttempts(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (!request) throw new Refusal('unknown_request', 'attempts on a request that does not exist')
  const entries = await ports.store.entries(id)
  if (raisedAlarm(entries)) return
  const found = await tooMany(ports, entries.filter(isOwnAttempt))
  if (!found) return
  const tried = found.tried.map(({ person }) => person)
  const to = await hearersOf(ports, request, tried)
  const entry = requestEntry(ports, request, {
    type: 'attempts.alarmed',
    actor: { kind: 'system', id: 'own_attempts', via: 'job' },
    data: raisedData({ ...found, to }),
  })
  await ports.store.commit({
    entries: [entry],
    jobs: [{ task: 'alarm', request: id, why: 'own_attempts' }],
    delivery: `own-attempts:${id}`,
  })
}

interface TooMany {
  /** What was once too often: on this request, or of one person within the hour. */
  readonly over: 'request' | 'hour'
  readonly tried: readonly { readonly person: CurrentPerson; readonly times: number }[]
}

async function tooMany(ports: Ports, here: readonly Entry[]): Promise<TooMany | null> {
  const today = await currentPeople(
    ports,
    here.map(({ actor }) => actor.id),
  )
  const people = [...new Set(here.map(({ actor }) => today(actor.id)))]
  if (here.length >= ownAttemptLimits.onRequest) {
    const times = (person: CurrentPerson) =>
      here.filter(({ actor }) => samePerson(today(actor.id), person)).length
    return { over: 'request', tried: people.map((person) => ({ person, times: times(person) })) }
  }
  for (const person of people) {
    const last = here.findLast(({ actor }) => samePerson(today(actor.id), person))
    const times = last ? await timesWithinTheHour(ports, person, last.ts) : 0
    if (times >= ownAttemptLimits.ofPerson) return { over: 'hour', tried: [{ person, times }] }
  }
  return null
}

/** By the time of the attempt, not of this look at it: the job may come late. */
async function timesWithinTheHour(ports: Ports, person: CurrentPerson, until: string): Promise<number> {
  const since = new Date(Date.parse(until) - ownAttemptLimits.withinSeconds * 1_000).toISOString()
  const all = (await ports.store.refusals(since)).filter((entry) => isOwnAttempt(entry) && entry.ts <= until)
  const today = await currentPeople(
    ports,
    all.map(({ actor }) => actor.id),
  )
  return all.filter(({ actor }) => samePerson(today(actor.id), person)).length
}

async function hearersOf(
  ports: Ports,
  request: ActionRequest,
  tried: readonly CurrentPerson[],
): Promise<readonly string[]> {
  const named = request.requirement?.breakGlass?.notify ?? []
  const owner = await ownerToTell(ports, request, tried)
  if (named.length > 0 || owner !== null) return [...named, ...(owner === null ? [] : [owner])]
  const people = await peopleWhoCan(ports, request, new Set())
  if (people === null) throw new Refusal('directory_unavailable', 'nobody is known who may hear an alarm')
  return people
}

/** Not when it was they who tried, with whatever account. */
async function ownerToTell(
  ports: Ports,
  request: ActionRequest,
  tried: readonly CurrentPerson[],
): Promise<AccountKey | null> {
  return orRefuse('directory_unavailable', async () => {
    // As the agent has it: the request has the owner as they were joined when it was made.
    const { owner: id } = (await ports.store.agent(request.agent.id)) ?? request.agent
    const owner = await currentPerson(ports, id)
    const humans = await humansAmong(ports, [owner, ...tried])
    return tried.some((one) => humans.areOne(one, owner)) ? null : await accountToTell(ports, id)
  })
}
