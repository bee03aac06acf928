import { agentsThrough, type Hop, type Run } from '../../core/chain.ts'
import type { CurrentPerson } from '../../core/identity.ts'
import { type Problem, Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Change } from '../change.ts'
import type { Ports, ReadPorts } from '../ports.ts'
import type { Agent } from '../records.ts'
import { currentPeople } from './currentPeople.ts'

/** What an agent asks, with the registered agents that its chain names besides itself, each once. */
export interface Chained<S> {
  readonly submission: S
  readonly through: readonly Agent[]
}

/**
 * Looks up whom the chain of a submission names: an agent that is registered here, by its name or its id. What it says is a claim, and so can only
 * take away: the people of these agents are behind the action (`peopleOfAgents`), and a stop of one of them holds it. Nothing is asked through one
 * that is revoked. A name that nobody is registered under stands there as it was given.
 *
 * @throws Refusal `chain_revoked` with the place of an agent that is revoked
 */
export async function chained<S extends { readonly run: Run | null }>(
  ports: Pick<ReadPorts, 'store'>,
  asking: Agent,
  sent: S,
): Promise<Chained<S>> {
  const { run } = sent
  if (!run?.through) return { submission: sent, through: [] }
  const found = await Promise.all(run.through.map((hop) => registered(ports, asking, hop)))
  const problems = found.flatMap((agent, nth): readonly Problem[] =>
    agent?.status === 'revoked' ? [{ pointer: `/run/through/${nth}`, detail: isRevoked(agent) }] : [],
  )
  if (problems.length > 0) throw new Refusal('chain_revoked', 'a chain that names a revoked agent', problems)
  const through = run.through.map(({ kind, name }, nth): Hop => {
    const agent = found[nth]
    return agent ? { kind, name: agent.name, agent: agent.id } : { kind, name }
  })
  const others = found.filter((agent) => agent !== null).filter(({ id }) => id !== asking.id)
  return {
    submission: { ...sent, run: { ...run, through } },
    through: [...new Map(others.map((one) => [one.id, one])).values()],
  }
}

function isRevoked({ name }: Agent): string {
  return `The agent ${name} is revoked, so nothing is asked through it, and nothing that was goes on.`
}

/** Who asks is known already. */
async function registered(
  { store }: Pick<ReadPorts, 'store'>,
  asking: Agent,
  { kind, name }: Hop,
): Promise<Agent | null> {
  if (kind !== 'agent') return null
  return name === asking.name || name === asking.id ? asking : store.agent(name)
}

/** Whoever is behind what these agents ask, each once: their owners, and those who made a key of theirs that is not revoked. */
export async function peopleOfAgents(
  ports: Pick<ReadPorts, 'store'>,
  agents: readonly Agent[],
): Promise<readonly CurrentPerson[]> {
  const people = await Promise.all(
    agents.map(async ({ id, owner }) => {
      const keys = (await ports.store.keysOf(id)).filter(({ status }) => status !== 'revoked')
      return [owner, ...keys.map(({ createdBy }) => createdBy)]
    }),
  )
  const today = await currentPeople(ports, people.flat())
  return [...new Set(people.flat().map(today))]
}

/** The registered agents of a chain as they are now, and what a commit that is judged by them names. */
export interface ChainNow {
  readonly agents: readonly Agent[]
  readonly read: Pick<Change, 'agentsRead'>
  /** One of them that is revoked by now; null where none is. */
  readonly revoked: Agent | null
}

/** Read from the store: what somebody remembers of an agent may be old (threats: stale-replica). */
export async function chainNow(
  { store }: Pick<ReadPorts, 'store'>,
  request: Pick<ActionRequest, 'agent' | 'run'>,
): Promise<ChainNow> {
  const ids = agentsThrough(request)
  if (ids.length === 0) return { agents: [], read: {}, revoked: null }
  const found = await Promise.all(ids.map((id) => store.agent(id)))
  const agents = found.filter((agent) => agent !== null)
  return {
    agents,
    read: readOf(agents),
    revoked: agents.find(({ status }) => status === 'revoked') ?? null,
  }
}

/** For the commit of what was judged by these agents. */
export function readOf(agents: readonly Agent[]): Pick<Change, 'agentsRead'> {
  return agents.length === 0 ? {} : { agentsRead: agents.map(({ id, version }) => ({ id, version })) }
}

/** @throws Refusal `chain_revoked` where an agent that it was asked through is revoked by now */
export async function refuseRevokedChain(
  ports: Pick<Ports, 'store'>,
  request: Pick<ActionRequest, 'agent' | 'run'>,
): Promise<ChainNow['read']> {
  const { read, revoked } = await chainNow(ports, request)
  if (!revoked) return read
  throw new Refusal('chain_revoked', 'an agent of the chain is revoked', [
    { pointer: '', detail: isRevoked(revoked) },
  ])
}
