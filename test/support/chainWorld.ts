import { addAgent, type Issued } from '../../src/approvals/people/agents.ts'
import type { Hop } from '../../src/core/chain.ts'
import { stoppingWorld } from './stoppingWorld.ts'
import type { World } from './world.ts'

/** A chain of agents by their names. */
export function throughAgents(...names: readonly string[]): { readonly through: readonly Hop[] } {
  return { through: names.map((name) => ({ kind: 'agent', name })) }
}

/** Registers another agent. */
export function anotherAgent(world: World, name: string, owner: string, by = owner): Promise<Issued> {
  const mailOf = (who: string) => ({ email: `${who}@acme.test` })
  const ports = { ...world.ports, confirms: false }
  return addAgent(ports, { name, owner: mailOf(owner), by: mailOf(by), via: 'test' })
}

/** A world in which the planner, which is Bob's and has a key that Sam made, has others ask for it: the agent of the world is one of them. */
export async function chainWorld() {
  const made = await stoppingWorld()
  const planner = await anotherAgent(made.world, 'planner', 'bob', 'sam')
  return { ...made, planner }
}
