import { oneSpelling } from '../../card/addresses.ts'
import { ofOneAgent } from '../../card/load.ts'
import { uselessIn } from '../../card/needs.ts'
import type { RequestView, Spared } from '../../card/view.ts'
import { insteadOf } from '../delegations/insteadOf.ts'
import { orUnknown } from '../people/askDirectory.ts'
import type { Ports } from '../ports.ts'
import type { Mention } from '../records.ts'
import { type AskedSet, type CalledSet, calledSets } from './askedSets.ts'
import type { Called } from './mentionReader.ts'

const dayMs = 86_400_000

/** As many of a set are called by name where the set is not. */
const mostByName = 5

/** Whom a message calls, and whom it only names. */
export interface Calls {
  /** For the commit before the message is sent. */
  readonly mentions: readonly Mention[]
  readonly spared?: Spared
}

interface Calling {
  readonly view: RequestView
  /** Sets that the message is about to call. */
  readonly asked: readonly AskedSet[]
  /** Names the message, however often it is tried. */
  readonly name: string
  /** Somebody cannot wait: it is counted, and spares nobody. */
  readonly unbounded?: true
}

/**
 * Whom a message may call (docs/policy.md, `mentions_per_day`). A set is called as long as each of its people may be, because nobody can be
 * left out of it; otherwise it is named, with up to five of those who may, called least so far. Whoever is on call is called
 * above the bound of all agents, because nobody else is there to turn to; no agent has more than its third of anybody. Where somebody is told
 * in the place of another, they are counted and not whoever is away. Where the directory does not answer, the set is called and not counted.
 * Who may decide does not depend on any of it.
 */
export async function whomToCall(ports: Ports, { view, asked, name, unbounded }: Calling): Promise<Calls> {
  const bundle = ports.policy()
  const sets = await calledSets(ports, asked)
  if (!bundle || sets.length === 0) return { mentions: [] }
  const agent = view.request.agent.id
  const now = ports.clock()
  const accounts = [...new Set(sets.flatMap(({ people }) => people.map(oneSpelling)))]
  const since = new Date(now.getTime() - dayMs).toISOString()
  const called = await ports.store.called({ accounts, agent, name, since })
  const { mentionsPerDay } = bundle.brakes
  const bound: Bound = {
    all: mentionsPerDay,
    one: ofOneAgent(mentionsPerDay),
    isAgain: called.some(({ already }) => already),
    called: new Map(called.map((one) => [one.account, one])),
    useless: uselessIn(view),
  }
  const chosen = await Promise.all(
    sets.map(async (set) => ({ ...set, calls: unbounded ? set.people : await chosenOf(ports, set, bound) })),
  )
  const named = chosen.flatMap(({ source, people, calls }) =>
    calls.length < people.length ? [[source.address, calls] as const] : [],
  )
  const onDuty = new Set(
    chosen.flatMap(({ source, calls }) => (source.kind === 'oncall' ? calls.map(oneSpelling) : [])),
  )
  return {
    mentions: [...new Set(chosen.flatMap(({ calls }) => calls.map(oneSpelling)))].map((account) => ({
      ...{ account, name, agent, at: now.toISOString() },
      ...(!unbounded && { ofAgentAtMost: bound.one }),
      ...(!unbounded && !onDuty.has(account) && { atMost: bound.all }),
    })),
    ...(named.length > 0 && { spared: Object.fromEntries(named) }),
  }
}

interface Bound {
  /** So often in a day by all agents, and by one. */
  readonly all: number
  readonly one: number
  /** The message was tried before: it calls whom it called then. */
  readonly isAgain: boolean
  readonly called: ReadonlyMap<string, Called>
  readonly useless: ReadonlySet<string>
}

async function chosenOf(ports: Ports, set: CalledSet, bound: Bound): Promise<readonly string[]> {
  const { source, people } = set
  const timesOf = (one: string) => bound.called.get(oneSpelling(one))
  const mayBe = (one: string) => {
    const { byAll = 0, byAgent = 0, already = false } = timesOf(one) ?? {}
    if (bound.isAgain) return already
    return byAgent < bound.one && (source.kind === 'oncall' || byAll < bound.all)
  }
  if (people.every(mayBe)) return people
  const free = people
    .filter((one) => mayBe(one) && !bound.useless.has(oneSpelling(one)))
    .sort((one, other) => (timesOf(one)?.byAll ?? 0) - (timesOf(other)?.byAll ?? 0))
  const calls: string[] = []
  for (const one of free) {
    if (calls.length === mostByName) break
    if (!(await isAway(ports, set, one))) calls.push(one)
  }
  return calls
}

/** Somebody else of the same sets is told in their place. A mention of a whole group reaches them all the same. */
async function isAway(ports: Ports, { source, asked }: CalledSet, address: string): Promise<boolean> {
  if (source.kind !== 'group' || (await ports.delegations.standing()).length === 0) return false
  const account = await orUnknown(() => ports.directory.account(address))
  if (!account) return false
  for (const { line, legs } of asked) {
    const request = await ports.store.request(line.request.id)
    if (!request) continue
    const { away } = await insteadOf(ports, request, { people: [account.key], legs })
    if (away.length === 0) return false
  }
  return true
}
