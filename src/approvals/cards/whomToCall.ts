import { addressOf, asAddress } from '../../card/addressOf.ts'
import { uselessIn } from '../../card/needs.ts'
import type { RequestView, Spared } from '../../card/view.ts'
import { effectiveLegs } from '../../core/request.ts'
import type { Source } from '../../core/requirement.ts'
import { DirectoryFault, type Ports } from '../ports.ts'
import type { Mention } from '../records.ts'
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
  readonly sources: readonly Source[]
  /** Names the message, however often it is tried. */
  readonly name: string
  /** Somebody cannot wait: it is counted, and spares nobody. */
  readonly unbounded?: true
}

/**
 * Whom a message may call (docs/policy.md, `mentions_per_day`). A set is called as long as each of its people may be, because nobody can be
 * left out of it; otherwise it is named, with up to five of those who may, called least so far. Whoever is on call is called
 * above the bound of all agents, because nobody else is there to turn to; no agent has more than its third of anybody. Where the directory
 * does not answer, the set is called and not counted. Who may decide does not depend on any of it.
 */
export async function whomToCall(
  ports: Pick<Ports, 'store' | 'directory' | 'policy' | 'clock'>,
  { view, sources, name, unbounded }: Calling,
): Promise<Calls> {
  const bundle = ports.policy()
  const sets = await setsOf(ports, view, sources)
  if (!bundle || sets.length === 0) return { mentions: [] }
  const agent = view.request.agent.id
  const now = ports.clock()
  const accounts = [...new Set(sets.flatMap(({ members }) => members))]
  const since = new Date(now.getTime() - dayMs).toISOString()
  const called = await ports.store.called({ accounts, agent, name, since })
  const { mentionsPerDay } = bundle.brakes
  const bound: Bound = {
    all: mentionsPerDay,
    one: Math.floor(mentionsPerDay / 3),
    isAgain: called.some(({ already }) => already),
    called: new Map(called.map((one) => [one.account, one])),
    useless: uselessIn(view),
  }
  const chosen = sets.map((set) => ({ ...set, calls: unbounded ? set.members : chosenOf(set, bound) }))
  const named = chosen.flatMap(({ source, members, calls }) =>
    calls.length < members.length ? [[source.address, calls] as const] : [],
  )
  const onDuty = new Set(chosen.flatMap(({ source, calls }) => (source.kind === 'oncall' ? calls : [])))
  return {
    mentions: [...new Set(chosen.flatMap(({ calls }) => calls))].map((account) => ({
      ...{ account, name, agent, at: now.toISOString() },
      ...(!unbounded && { ofAgentAtMost: bound.one }),
      ...(!unbounded && !onDuty.has(account) && { atMost: bound.all }),
    })),
    ...(named.length > 0 && { spared: Object.fromEntries(named) }),
  }
}

/** Sets that a card or a reminder calls: of every leg that is open, and of what was escalated. */
export function setsAsked(view: RequestView): readonly Source[] {
  const waiting = (view.lines ?? [view]).filter(({ request }) => request.state === 'pending')
  return waiting.flatMap(({ request, filled }) => [
    ...effectiveLegs(request)
      .filter(({ name, count }) => (filled.get(name)?.length ?? 0) < count)
      .flatMap(({ from }) => from),
    ...request.escalations.map(({ to }) => to),
  ])
}

interface CalledSet {
  readonly source: Source
  /** Addresses. */
  readonly members: readonly string[]
}

/** Each set once, with its people; what could not be found out, and whoever is only named anyway, is left out. */
async function setsOf(
  { directory }: Pick<Ports, 'directory'>,
  view: RequestView,
  sources: readonly Source[],
): Promise<readonly CalledSet[]> {
  const useless = uselessIn(view)
  const each = new Map(sources.map((source) => [source.address, source]))
  const sets: CalledSet[] = []
  for (const source of each.values()) {
    if (source.kind === 'account') {
      if (!useless.has(source.address)) sets.push({ source, members: [source.address] })
    } else if (source.kind === 'oncall') {
      sets.push({ source, members: onDutyIn(view, source.address).filter((one) => !useless.has(one)) })
    } else {
      const members = await directory.members(source).catch((fault: unknown) => {
        if (fault instanceof DirectoryFault) return []
        throw fault
      })
      // A directory may name them by their keys as well.
      sets.push({ source, members: members.map((one) => asAddress(one)) })
    }
  }
  return sets.filter(({ members }) => members.length > 0)
}

function onDutyIn(view: RequestView, address: string): readonly string[] {
  const [now] = (view.lines ?? [view]).flatMap(({ onCall }) => onCall?.get(address) ?? [])
  return now?.is === 'people' ? now.accounts.flatMap((key) => addressOf(key) ?? []) : []
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

function chosenOf({ source, members }: CalledSet, bound: Bound): readonly string[] {
  const times = (account: string) => bound.called.get(account)?.byAll ?? 0
  const mayBe = (account: string) => {
    const { byAll = 0, byAgent = 0, already = false } = bound.called.get(account) ?? {}
    if (bound.isAgain) return already
    return byAgent < bound.one && (source.kind === 'oncall' || byAll < bound.all)
  }
  if (members.every(mayBe)) return members
  return members
    .filter((account) => mayBe(account) && !bound.useless.has(account))
    .sort((one, other) => times(one) - times(other))
    .slice(0, mostByName)
}
