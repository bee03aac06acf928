import { z } from 'zod'
import type { Action } from '../core/action.ts'
import type { JsonObject } from '../core/json.ts'
import type { Bundle } from './bundle.ts'
import { initiatorKinds, requestSources } from './conditions/declarations.ts'
import { lookUp, sensitivities } from './resources.ts'
import { weekdays } from './time.ts'

/** A person as conditions see them. `id` is ours; groups are names that the operator's directory gives, null when not known. */
export interface Principal {
  readonly id: string
  readonly email?: string | null
  readonly groups?: readonly string[] | null
}

/** What policy is asked: may this agent do this, now. `at` is RFC 3339; it is recorded, never compared with a clock. */
export interface Ask {
  readonly action: Action
  /** `model` is what the agent says of itself. */
  readonly agent: {
    readonly id: string
    readonly name: string
    readonly model?: string | null
    readonly owner?: Principal | null
  }
  readonly initiator?: (Principal & { readonly kind: (typeof initiatorKinds)[number] }) | null
  readonly request?: {
    readonly reason: string | null
    readonly source: (typeof requestSources)[number]
  } | null
  readonly at: string
}

const text = z.string()
const principal = z.object({ id: text, email: text.exactOptional(), groups: z.array(text).exactOptional() })
const factsSchema = z.object({
  at: text,
  environment: text,
  resource: z.object({
    sensitivity: z.enum([...sensitivities, 'unknown']),
    owner: text.exactOptional(),
    environment: text.exactOptional(),
    region: text.exactOptional(),
    labels: z.record(text, text),
  }),
  agent: z.object({ id: text, model: text.exactOptional(), owner: principal.exactOptional() }),
  initiator: principal.extend({ kind: z.enum(initiatorKinds) }).exactOptional(),
  request: z.object({ reason: text.exactOptional(), source: z.enum(requestSources) }).exactOptional(),
  time: z
    .object({ now: text, hour: z.int(), weekday: z.enum(weekdays), date: text, windows: z.array(text) })
    .exactOptional(),
})

/**
 * Everything that conditions see beside the action's own name and parameters, kept with the verdict, so that it can be
 * reached again (policy.md section 4.6). What is not known is left out rather than null.
 */
export type Facts = z.infer<typeof factsSchema>

/** The facts about an ask under a bundle: its inventory, its windows, its zone. */
export function factsOf(bundle: Bundle | null, ask: Ask): Facts {
  const { agent, initiator, request } = ask
  const known = bundle && lookUp(bundle.inventory, ask.action.resource)
  const time = bundle?.calendar(ask.at)
  return {
    at: ask.at,
    environment: ask.action.environment,
    resource: {
      sensitivity: known?.sensitivity ?? 'unknown',
      ...(known?.owner && { owner: known.owner }),
      ...(known?.environment && { environment: known.environment }),
      ...(known?.region && { region: known.region }),
      labels: known ? labelsOf(known.labels) : {},
    },
    agent: {
      id: agent.id,
      ...(agent.model && { model: agent.model }),
      ...(agent.owner && { owner: principalOf(agent.owner) }),
    },
    ...(initiator && { initiator: { ...principalOf(initiator), kind: initiator.kind } }),
    ...(request && {
      request: { ...(request.reason && { reason: request.reason }), source: request.source },
    }),
    ...(time && { time: { ...time, windows: [...time.windows] } }),
  }
}

/** The facts of a stored verdict, or null when they are not in this form: then nothing can be said about it. */
export function storedFacts(stored: JsonObject): Facts | null {
  const read = factsSchema.safeParse(stored)
  return read.success ? read.data : null
}

/** The ask behind stored facts: to ask another bundle, with its own inventory and windows, at the time of the request. */
export function askOf(action: Action, facts: Facts): Ask {
  const { agent, initiator, request, at } = facts
  return {
    action,
    agent: { id: agent.id, name: agent.id, model: agent.model ?? null, owner: agent.owner ?? null },
    initiator: initiator ?? null,
    request: request ? { source: request.source, reason: request.reason ?? null } : null,
    at,
  }
}

function principalOf({ id, email, groups }: Principal): z.infer<typeof principal> {
  return { id, ...(email && { email }), ...(groups && { groups: [...groups] }) }
}

function labelsOf(labels: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
