import type { Action } from '../core/action.ts'
import type { JsonObject } from '../core/json.ts'
import type { Bundle } from './bundle.ts'
import type { initiatorKinds, requestSources } from './conditions/declarations.ts'
import type { Facts } from './facts.ts'
import { namedResources } from './otherResources.ts'
import { lookUp, nothingKnown, type ResourceFacts } from './resources.ts'

/** A person as conditions see them. `id` is ours; groups are names that the operator's directory gives, null when not known. */
export interface Principal {
  readonly id: string
  readonly email?: string | null
  readonly groups?: readonly string[] | null
}

/** An agent's owner. `left`: the directory says that no account of theirs is active; absent where it does not say so. */
export interface OwnerPrincipal extends Principal {
  readonly left?: true
}

/** On whose behalf. `attested`: an identity provider says that they signed in; absent where somebody only claims who it is. */
interface Initiator extends Principal {
  readonly kind: (typeof initiatorKinds)[number]
  readonly attested?: true
}

/** What policy is asked: may this agent do this, now. `at` is RFC 3339; it is recorded, never compared with a clock. */
export interface Ask {
  readonly action: Action
  /** Name and tags are the operator's word, `model` is what the agent says of itself. */
  readonly agent: {
    readonly id: string
    readonly name: string
    readonly tags?: readonly string[]
    readonly model?: string | null
    readonly owner?: OwnerPrincipal | null
  }
  readonly initiator?: Initiator | null
  readonly request?: {
    readonly reason: string | null
    readonly source: (typeof requestSources)[number]
  } | null
  /** What its run has read before, where a rule goes by that (`runFactsOf`). */
  readonly run?: Facts['run']
  /** What was read of parameters by a reader that stands outside, by their names (`outsideIn`). */
  readonly read?: Facts['read']
  /** What each budget that counts it has counted, this one included (`budgetFacts`). */
  readonly budget?: Facts['budget']
  readonly at: string
}

/** The facts about an ask under a bundle: its inventory, its windows, its zone. */
export function factsOf(bundle: Bundle | null, ask: Ask): Facts {
  const { agent, initiator, request } = ask
  const time = bundle?.calendar(ask.at)
  return {
    at: ask.at,
    environment: ask.action.environment,
    resource: inventoried(bundle ? lookUp(bundle.inventory, ask.action.resource) : nothingKnown),
    ...(bundle && otherResourcesOf(bundle, ask.action)),
    agent: {
      id: agent.id,
      name: agent.name,
      tags: [...(agent.tags ?? [])],
      ...(agent.model && { model: agent.model }),
      ...(agent.owner && {
        owner: { ...principalOf(agent.owner), ...(agent.owner.left && { left: true as const }) },
      }),
    },
    ...(initiator && {
      initiator: {
        ...principalOf(initiator),
        kind: initiator.kind,
        ...(initiator.attested && { attested: true as const }),
      },
    }),
    ...(request && {
      request: { ...(request.reason && { reason: request.reason }), source: request.source },
    }),
    ...(time && { time: { ...time, windows: [...time.windows] } }),
    ...(ask.budget && { budget: ask.budget }),
    ...(ask.run && { run: ask.run }),
    ...(ask.read && { read: ask.read }),
  }
}

/** What the inventory says, without what it does not know. */
function inventoried({ sensitivity, owner, environment, region, labels }: ResourceFacts): Facts['resource'] {
  return {
    sensitivity,
    ...(owner && { owner }),
    ...(environment && { environment }),
    ...(region && { region }),
    labels: labelsOf(labels),
  }
}

/** The same of every other resource that parameters name; nothing where the action has none. */
function otherResourcesOf({ catalogue, inventory }: Bundle, action: Action): Pick<Facts, 'resources'> {
  const named = [...namedResources(catalogue.get(action.action), action)].map(([name, { type, id }]) => {
    const said = inventoried(id === null ? nothingKnown : lookUp(inventory, { type, id }))
    return [name, { type, ...(id !== null && { id }), ...said }] as const
  })
  return named.length === 0 ? {} : { resources: Object.fromEntries(named) }
}

/** The ask behind stored facts: to ask another bundle, with its own inventory and windows, at the time of the request. */
export function askOf(action: Action, facts: Facts): Ask {
  const { agent, initiator, request, at } = facts
  return {
    action,
    agent: {
      id: agent.id,
      name: agent.name ?? agent.id,
      tags: agent.tags ?? [],
      model: agent.model ?? null,
      owner: agent.owner ?? null,
    },
    initiator: initiator ?? null,
    request: request ? { source: request.source, reason: request.reason ?? null } : null,
    ...(facts.budget && { budget: facts.budget }),
    ...(facts.run && { run: facts.run }),
    ...(facts.read && { read: facts.read }),
    at,
  }
}

function principalOf({ id, email, groups }: Principal): NonNullable<Facts['agent']['owner']> {
  return { id, ...(email && { email }), ...(groups && { groups: [...groups] }) }
}

function labelsOf(labels: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
