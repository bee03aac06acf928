import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { type ActionRequest, effectiveLegs } from '../../core/request.ts'
import type { Leg, Source } from '../../core/requirement.ts'
import { standing } from '../../core/standing.ts'
import type { Channel } from '../channelPort.ts'
import { insteadOf } from '../delegations/insteadOf.ts'
import type { Tries } from '../job.ts'
import { requestEntry } from '../newEntry.ts'
import { withCurrentPeople } from '../people/currentPeople.ts'
import { mayDecide } from '../people/eligibility.ts'
import { DirectoryFault, type Ports } from '../ports.ts'
import { everywhere, type Failures } from './everywhere.ts'
import { standCard } from './standCard.ts'
import { minuteOf } from './takeMinute.ts'

/** As many people as one request turns to directly because of one conversation. */
const mostPeople = 5

/** As many as are looked at to find them: each may cost a question to the directory. */
const mostLookedAt = 30

export interface Refusing {
  readonly request: ActionRequest
  /** The conversation that goes on refusing, and its word for it. */
  readonly conversation: string
  readonly code: string
  readonly tries: Tries
}

/**
 * A conversation goes on refusing: the people of the open legs are written to, each with a card of their own, under the
 * same checks. Who they are is recorded once, and again when an escalation has brought in more. Nobody gets more than
 * one such message in a minute, whatever fails around them: the rest is listed in what the message points to. Whoever is away is not
 * written to where their delegate can decide.
 */
export async function writeDirectly(ports: Ports, channel: Channel, refusing: Refusing): Promise<Failures> {
  const { request, tries } = refusing
  return everywhere(await chosenFor(ports, refusing), async (conversation) => {
    if (!(await mayStillDecide(ports, request, conversation))) return
    const known = await ports.store.toldRequest(request.id)
    if (!known) return
    await standCard(ports, channel, {
      known,
      conversation,
      unsent: tries[conversation]?.unsent,
      delivery: minuteOf(ports, conversation),
    })
  })
}

/**
 * Between being chosen and being written to, a minute or an hour may pass. Whoever meanwhile left, has decided, or turned
 * out to be behind the action is not shown it; nor is anybody of whom that cannot be found out now.
 */
async function mayStillDecide(ports: Ports, request: ActionRequest, person: AccountKey): Promise<boolean> {
  try {
    const { legs } = await mayDecide(ports, request, person)
    return (await openLegs(ports, request)).some(({ name }) => legs.includes(name))
  } catch (fault) {
    if (fault instanceof Refusal) return false
    throw fault
  }
}

async function openLegs(ports: Ports, request: ActionRequest): Promise<readonly Leg[]> {
  const filled =
    standing(await withCurrentPeople(ports, request))?.filled ?? new Map<string, readonly string[]>()
  return effectiveLegs(request).filter((leg) => (filled.get(leg.name)?.length ?? 0) < leg.count)
}

/** Everybody who was chosen because of this conversation, now or before. */
async function chosenFor(ports: Ports, refusing: Refusing): Promise<readonly AccountKey[]> {
  const { request, conversation, code } = refusing
  const entries = (await ports.store.entries(request.id)).filter((entry) => entry.type === 'channel.failed')
  const before = entries.filter((entry) => entry.data.conversation === conversation)
  const step = request.escalations.length
  const chosen = new Set(entries.flatMap((entry) => accountsIn(entry.data.people)))
  if (before.some((entry) => entry.data.escalations === step)) return [...chosen]
  const found = await peopleWhoCan(ports, request, chosen)
  if (found === null) return [...chosen]
  const legs = (await openLegs(ports, request)).map(({ name }) => name)
  const { told, away } = await insteadOf(ports, request, { people: found, legs })
  const people = told.filter((one) => !chosen.has(one))
  const entry = requestEntry(ports, request, {
    type: 'channel.failed',
    actor: { kind: 'system', id: 'announce', via: 'job' },
    data: {
      ...{ conversation, code, escalations: step, people },
      ...(away.length > 0 && { in_place_of: [...away] }),
    },
  })
  await ports.store.commit({ entries: [entry], delivery: `direct:${request.id}:${conversation}:${step}` })
  return [...chosen, ...people]
}

function accountsIn(people: unknown): readonly AccountKey[] {
  return Array.isArray(people) ? people.filter((one) => typeof one === 'string') : []
}

/**
 * At most five who can decide now, from each open leg in turn, named people before groups. Null when the directory did
 * not answer and nobody was found: then it is asked again with the next try.
 */
export async function peopleWhoCan(
  ports: Ports,
  request: ActionRequest,
  chosen: ReadonlySet<AccountKey>,
): Promise<readonly AccountKey[] | null> {
  const open = await openLegs(ports, request)
  let unread = false
  const guarded = async <T>(ask: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await ask()
    } catch (fault) {
      if (fault instanceof DirectoryFault || (fault instanceof Refusal && fault.passes)) unread = true
      else if (!(fault instanceof Refusal)) throw fault
      return otherwise
    }
  }
  // Whoever an escalation has brought in stands last in a leg, and is the one to turn to now.
  const escalated = request.escalations.length > 0
  const lines = await Promise.all(
    open.map(({ from }) => membersOf(ports, escalated ? from.toReversed() : from, guarded)),
  )
  const people: AccountKey[] = []
  for (const account of inTurn(lines)
    .filter((one) => !chosen.has(one))
    .slice(0, mostLookedAt)) {
    if (people.length === mostPeople) break
    const voter = await guarded(() => mayDecide(ports, request, account), null)
    if (voter) people.push(voter.account.key)
  }
  return people.length === 0 && unread ? null : people
}

type Guarded = <T>(ask: () => Promise<T>, otherwise: T) => Promise<T>

async function membersOf(
  ports: Ports,
  from: readonly Source[],
  guarded: Guarded,
): Promise<readonly AccountKey[]> {
  const named = from.filter((source) => source.kind === 'account')
  const groups = from.filter((source) => source.kind !== 'account')
  const members: AccountKey[] = []
  for (const source of [...named, ...groups])
    members.push(...(await guarded<readonly AccountKey[]>(() => ports.directory.members(source), [])))
  return members
}

/** The first of each, then the second of each, and so on; everybody once. */
function inTurn(lines: readonly (readonly AccountKey[])[]): readonly AccountKey[] {
  const longest = Math.max(0, ...lines.map((line) => line.length))
  const turns = Array.from({ length: longest }, (_, turn) =>
    lines.flatMap((line) => line.slice(turn, turn + 1)),
  )
  return [...new Set(turns.flat())]
}
