import type { PersonId } from './identity.ts'

/** What stands in a chain between the person at its root and what is done. */
export const hopKinds = ['agent', 'workflow', 'tool'] as const

/** So many stand in a chain at most: people have to read it. */
export const longestChain = 8

/** One through whom an agent was asked, or through whom it acts, as it says. */
export interface Hop {
  readonly kind: (typeof hopKinds)[number]
  /** As the agent gave it; of an agent that is registered here, the name it has here. */
  readonly name: string
  /** Id of the registered agent that it names, as it was when it was asked; left out where there is none. */
  readonly agent?: string
}

/** What an agent does for one purpose, as it says itself. */
export interface Run {
  readonly model?: string
  readonly session?: string
  readonly url?: string
  /** From the person on, the agent itself among them. */
  readonly through?: readonly Hop[]
}

/** Who asks, and what it says of the run. */
interface Asked {
  readonly agent: { readonly id: string; readonly name: string }
  readonly run: Pick<Run, 'through'> | null
}

/** One of a chain, with what we know of it. */
export interface KnownHop extends Hop {
  /** True of the agent that asked: by its key, whatever it says. */
  readonly isChecked: boolean
}

/**
 * Through whom something was asked, from the person on; empty where the agent says nothing of it. Only one of them is checked: the agent whose
 * key it was. It stands where it named itself last, and at the end where it did not.
 */
export function chainOf({ agent, run }: Asked): readonly KnownHop[] {
  const said = run?.through ?? []
  if (said.length === 0) return []
  const own = said.findLastIndex((hop) => hop.agent === agent.id)
  const hops: readonly Hop[] =
    own < 0 ? [...said, { kind: 'agent', name: agent.name, agent: agent.id }] : said
  const checked = own < 0 ? said.length : own
  return hops.map((hop, nth) => ({ ...hop, isChecked: nth === checked }))
}

/** Ids of the registered agents that a chain names, besides the one that asked. Each once. */
export function agentsThrough({
  agent,
  run,
}: Omit<Asked, 'agent'> & { readonly agent: { readonly id: string } }): readonly string[] {
  const named = (run?.through ?? []).flatMap((hop) => hop.agent ?? [])
  return [...new Set(named)].filter((id) => id !== agent.id)
}

/** What an agent of a chain is called here; null where the chain does not have it. */
export function nameInChain(asked: Asked, id: string): string | null {
  if (asked.agent.id === id) return asked.agent.name
  return asked.run?.through?.find((hop) => hop.agent === id)?.name ?? null
}

/**
 * The person at the root of the chain: whoever it was asked for. There is no other place where a chain names a person, so that nobody is told of
 * it, or is behind it, as the root of one and not as the initiator.
 */
export function rootOf<P extends PersonId>({ initiator }: { readonly initiator: { readonly person: P } }): P {
  return initiator.person
}
