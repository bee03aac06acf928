import type { Account } from '../../core/identity.ts'
import { ownIdsOf } from '../lists.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'

/** An agent of somebody's, and what it asked for that is not over. */
export interface OwnAgent extends Pick<Agent, 'name' | 'status'> {
  /** So many wait for people, and so many are running; at most `mostCounted` of each are counted. */
  readonly waiting: number
  readonly running: number
}

/** As many agents are looked at, by name. */
const mostAgents = 10

export const mostCounted = 50

/** The agents that somebody owns and that were not revoked; `more` are not among them. */
export async function ownAgentsOf(
  ports: Ports,
  account: Account,
): Promise<{ readonly agents: readonly OwnAgent[]; readonly more: number }> {
  const own = await ownIdsOf(ports, account)
  const all = (await ports.store.agents()).filter(
    ({ owner, status }) => status !== 'revoked' && own.includes(owner),
  )
  const agents = all.slice(0, mostAgents).map(async ({ id, name, status }): Promise<OwnAgent> => {
    const open = (state: 'pending' | 'executing') =>
      ports.store.requests({ agent: id, states: [state], limit: mostCounted })
    const [waiting, running] = await Promise.all([open('pending'), open('executing')])
    return { name, status, waiting: waiting.length, running: running.length }
  })
  return { agents: await Promise.all(agents), more: Math.max(0, all.length - mostAgents) }
}
