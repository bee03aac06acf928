import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Ruling } from '../byPerson.ts'
import { linesOf } from '../cards/lines.ts'
import type { Change } from '../change.ts'
import type { Listed, Vote } from '../personCommand.ts'
import { alsoCounting, releasedCounts } from '../policy/budgets.ts'
import { alsoReading } from '../policy/runRead.ts'
import type { Ports } from '../ports.ts'
import type { CoolDown } from '../records.ts'
import { textsToType } from './asks.ts'
import { type Declined, NoneDecided } from './declined.ts'

/** A vote, and what it says. */
type Attempt = Vote & { readonly kind: 'approve' | 'deny' }

type Judge = (ports: Ports, request: ActionRequest, attempt: Attempt) => Promise<Ruling>

/**
 * One decision on several requests of one card: on exactly those that the card had listed when it was clicked. Each is judged by itself,
 * by who may decide on it, what a yes to it needs and what was seen of it; where one cannot be decided, the others are, and the person
 * hears which. Where it cannot be known of one, nothing is decided, and the click is not spent. All that the click moves is moved by one commit.
 *
 * @throws Refusal `foreign_payload` for a line that the card does not have; NoneDecided
 */
export async function decidedTogether(
  given: Ports,
  {
    carrier,
    attempt,
    judge,
  }: { readonly carrier: ActionRequest; readonly attempt: Attempt; readonly judge: Judge },
): Promise<Ruling> {
  const lines = await linesOf(given, carrier)
  // One policy says of all whether it has come to deny them.
  const policy = given.policy()
  const rulings: Ruling[] = []
  const released = () =>
    rulings.map(({ request }) => request.next).filter(({ state }) => state === 'approved')
  const ports: Ports = {
    ...given,
    policy: () => policy,
    store: alsoReading(
      alsoCounting(given.store, () => released().flatMap(releasedCounts)),
      released,
    ),
  }
  const declined: Declined[] = []
  for (const listed of readsFirst(attempt.together ?? [], lines)) {
    const at = lines.findIndex(({ id }) => id === listed.request)
    const request = lines[at]
    if (!request) throw new Refusal('foreign_payload', 'a line that is not on the card')
    const { together, ...shared } = attempt
    const all = (together ?? []).map((one) => one.request)
    const own: Attempt = { ...shared, ...listed, listed: all, typed: typedFor(request, lines, attempt) }
    try {
      rulings.push(await judge(ports, request, own))
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal
      declined.push({ line: at + 1, request, refusal })
    }
  }
  return merged(
    rulings,
    declined.toSorted((one, other) => one.line - other.line),
  )
}

/** Nobody says in which order they are done: what is judged by what was read is judged after all reads. */
function readsFirst(listed: readonly Listed[], lines: readonly ActionRequest[]): readonly Listed[] {
  const reads = new Set(lines.flatMap(({ id, effect }) => (effect === 'read' ? [id] : [])))
  return [
    ...listed.filter(({ request }) => reads.has(request)),
    ...listed.filter(({ request }) => !reads.has(request)),
  ]
}

/** What was typed stands in the order in which the window asked for it: every text that one of the listed wants, once. */
function typedFor(
  request: ActionRequest,
  lines: readonly ActionRequest[],
  { together = [], typed }: Attempt,
): readonly string[] {
  const asked = textsToType(lines.filter(({ id }) => together.some((one) => one.request === id)))
  return (request.requirement?.confirm ?? []).map((text) => typed[asked.indexOf(text)] ?? '')
}

/** @throws NoneDecided */
function merged(rulings: readonly Ruling[], declined: readonly Declined[]): Ruling {
  const [first, ...others] = rulings
  const [refused, ...more] = declined
  // What could not be found out of one line may be known in a moment: then the whole click can be brought again.
  if (refused && declined.some(({ refusal }) => refusal.passes)) throw new NoneDecided([refused, ...more])
  if (!first) {
    if (!refused) throw new Refusal('foreign_payload', 'a decision on no line')
    throw new NoneDecided([refused, ...more])
  }
  const readings = rulings.flatMap(({ stopsRead }) => stopsRead ?? [])
  const judged = rulings.find(({ judgedBy }) => judgedBy !== undefined)
  return {
    request: first.request,
    members: [
      ...(first.members ?? []),
      ...others.flatMap(({ request, members = [] }) => [request, ...members]),
    ],
    ...all(rulings),
    ...(judged && { judgedBy: judged.judgedBy }),
    // The earliest is named: a stop after it may cover what was looked at later.
    ...(readings.length > 0 && { stopsRead: Math.min(...readings) }),
    declined,
  }
}

function all(
  rulings: readonly Ruling[],
): Pick<Change, 'links' | 'budgetReads' | 'entries' | 'jobs' | 'dropJobs' | 'coolDowns'> {
  return {
    links: rulings.flatMap(({ links = [] }) => links),
    budgetReads: rulings.flatMap(({ budgetReads = [] }) => budgetReads),
    entries: rulings.flatMap(({ entries }) => entries),
    jobs: rulings.flatMap(({ jobs = [] }) => jobs),
    dropJobs: rulings.flatMap(({ dropJobs = [] }) => dropJobs),
    coolDowns: once(rulings.flatMap(({ coolDowns = [] }) => coolDowns)),
  }
}

/** The same denied several times by one click cools down once. */
function once(coolDowns: readonly CoolDown[]): readonly CoolDown[] {
  return [...new Map(coolDowns.map((one) => [`${one.agent} ${one.digest}`, one])).values()]
}
