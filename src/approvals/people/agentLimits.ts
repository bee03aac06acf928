import { type AgentLimits, limitRanges, limitsOf } from '../../core/agentLimits.ts'
import { type Problem, Refusal } from '../../core/refusal.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { livingAgent } from './agents.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { inReach, used } from './operatorKeys.ts'
import { onlyClaimed, saidBy, type Word } from './word.ts'

/** What is to be set; what is left out stays. Null: what every agent may. */
export type NewLimits = Partial<AgentLimits> | null

/**
 * Sets how much an agent may do, from its next call on. Less of it acts at once and on anybody's word: it only takes away.
 * What is set already is not set again. More of anything gives, so it needs a key of the agent's owner, which the owner has confirmed; where there is no channel to
 * confirm anything in, it is set as claimed (threats: claimed-administrator).
 *
 * @throws Refusal `invalid_request` with the pointer, `unknown_agent`, `wrong_state` for a revoked agent, `unknown_person`,
 *   `operator_key_refused` for more without that key, `directory_unavailable`, `busy`
 */
export async function setAgentLimits(
  ports: Ports,
  ask: Word & { readonly name: string; readonly by: PersonClaim; readonly limits: NewLimits },
): Promise<Agent> {
  refuseOutOfRange(ask.limits)
  const agent = await livingAgent(ports, ask)
  const by = await personOf(ports, await resolveClaim(ports, ask.by, '/by'))
  const limits = ask.limits && { ...limitsOf(agent), ...ask.limits }
  const [before, after] = [limitsOf(agent), limitsOf({ limits })]
  if (isSame(agent.limits, limits)) return agent
  const operatorKey = await inReach(ports, ask.operatorKey ?? null, agent.owner)
  if (givesMore(before, after) && ports.confirms && !operatorKey) throw needsKey()
  const use = used(ports, operatorKey, { command: 'agents limit', agent: agent.id })
  const said = saidBy(ask, { ...onlyClaimed, operatorKey })
  const entry = newEntry(ports, {
    type: 'agent.paced',
    actor: { kind: 'person', id: by, via: ask.via },
    subject: { kind: 'agent', id: agent.id },
    data: { name: agent.name, before: { ...before }, after: { ...after }, ...said.data },
    kept: said.kept,
  })
  const next: Agent = { ...agent, version: agent.version + 1, limits }
  const committed = await ports.store.commit({
    ...use,
    agents: [{ expected: agent.version, next }],
    entries: [entry, ...use.entries],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the agent changed while its limits were set')
  return next
}

const names = ['perSecond', 'burst', 'waiting'] as const satisfies readonly (keyof AgentLimits)[]

/** As whoever sets them calls them. */
const pointers = { perSecond: '/rate', burst: '/burst', waiting: '/waiting' } as const

/** Said again, by whoever had no answer the first time. */
function isSame(one: AgentLimits | null, other: AgentLimits | null): boolean {
  if (one === null || other === null) return one === other
  return names.every((name) => one[name] === other[name])
}

function givesMore(before: AgentLimits, after: AgentLimits): boolean {
  return names.some((name) => after[name] > before[name])
}

function refuseOutOfRange(limits: NewLimits): void {
  const problems = names.flatMap((name): Problem[] => {
    const value = limits?.[name]
    const { least, most } = limitRanges[name]
    const isWhole = name === 'perSecond' || Number.isInteger(value)
    if (value === undefined || (isWhole && value >= least && value <= most)) return []
    const kind = name === 'perSecond' ? 'number' : 'whole number'
    return [{ pointer: pointers[name], detail: `Name a ${kind} from ${least} to ${most}.` }]
  })
  if (problems.length > 0) throw new Refusal('invalid_request', 'limits that cannot be set', problems)
}

function needsKey(): Refusal {
  return new Refusal('operator_key_refused', 'more than before, without a key of the owner', [
    {
      pointer: '/limits',
      detail:
        'This gives the agent more than it has. Set COUNTERSIGN_OPERATOR_KEY to a key of the owner of the agent (countersign operators keys add); less can be set without one.',
    },
  ])
}
