import { stringIn } from '../facts.ts'
import type { Recorded } from '../recorded.ts'
import { byName, type Counter, counter, mostInCell, type Ref, refOf } from './counting.ts'
import type { AgentFigure, AgentFigures } from './figures.ts'
import type { Part, Seen } from './part.ts'

/** Agents that are told apart. */
const mostAgents = 1_000
/** Whoever asks for nothing in a month probably needs no key. */
const unusedAfterDays = 30

interface Known {
  name: string | null
  owner: string | null
  lastAsked: string | null
  revoked: Ref | null
  readonly asked: Counter
  readonly ownerLeft: Counter
}

/** Every agent that was there in the period: who owns it, when it last asked. */
export function agentPart(): Part<AgentFigures> {
  const others = counter()
  const agents = byName<Known>(
    () => ({
      ...{ name: null, owner: null, lastAsked: null, revoked: null },
      ...{ asked: counter(mostInCell), ownerLeft: counter(mostInCell) },
    }),
    mostAgents,
  )
  const gone = new Set<string>()
  return {
    see(seen) {
      const { entry } = seen.one
      if (entry.type === 'request.submitted') ask(agents.of(entry.actor.id), seen, others)
      if (!entry.type.startsWith('agent.') || entry.subject.kind !== 'agent') return
      const agent = agents.of(entry.subject.id)
      if (agent) register(agent, seen.one)
      // What ended before the period is of another report.
      if (entry.type === 'agent.revoked' && !seen.within) gone.add(entry.subject.id)
    },
    end(until) {
      const shown = agents.all().filter(([id]) => !gone.has(id))
      return {
        agents: shown.map(([id, agent]) => figureOf(id, agent, until)).sort(byNeed),
        others: others.listed(),
        unusedAfterDays,
      }
    },
  }
}

function ask(agent: Known | null, { one, within }: Seen, others: Counter): void {
  if (agent) agent.lastAsked = one.entry.ts
  if (!within) return
  const asked = agent?.asked ?? others
  asked.add(one)
  if (one.entry.data.owner_left === true) agent?.ownerLeft.add(one)
}

function register(agent: Known, one: Recorded): void {
  const { type, data } = one.entry
  agent.name = stringIn(data, 'name') ?? agent.name
  agent.owner = stringIn(data, 'owner') ?? agent.owner
  if (type === 'agent.revoked') agent.revoked = refOf(one)
}

function figureOf(id: string, agent: Known, until: string): AgentFigure {
  const { name, owner, lastAsked, revoked } = agent
  const since = Date.parse(until) - unusedAfterDays * 24 * 3_600_000
  return {
    name: name ?? id,
    ...{ id, owner, lastAsked, revoked },
    asked: agent.asked.listed(),
    ownerLeft: agent.ownerLeft.listed(),
    unused: revoked === null && (lastAsked === null || Date.parse(lastAsked) < since),
  }
}

/** First what somebody should look at. */
function byNeed(a: AgentFigure, b: AgentFigure): number {
  return weightOf(b) - weightOf(a) || b.asked.count - a.asked.count || (a.id < b.id ? -1 : 1)
}

function weightOf({ ownerLeft, unused, revoked }: AgentFigure): number {
  if (revoked) return -1
  return (ownerLeft.count > 0 ? 2 : 0) + (unused ? 1 : 0)
}
