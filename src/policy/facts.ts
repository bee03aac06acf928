import { z } from 'zod'
import type { Json, JsonObject } from '../core/json.ts'
import { initiatorKinds, requestSources } from './conditions/declarations.ts'
import { sensitivities } from './resources.ts'
import { weekdays } from './time.ts'

const text = z.string()
const principal = z.object({ id: text, email: text.exactOptional(), groups: z.array(text).exactOptional() })
/** What a reader that stands outside made of a parameter, as it is recorded. */
export const reading = z.union([
  z.object({ understood: z.literal(false), why: text, at: z.int().exactOptional() }),
  z.object({ understood: z.literal(true), facts: z.record(text, z.custom<Json>()) }),
])
/** What the operator's inventory says about a resource. */
const inventoried = {
  sensitivity: z.enum([...sensitivities, 'unknown']),
  owner: text.exactOptional(),
  environment: text.exactOptional(),
  region: text.exactOptional(),
  labels: z.record(text, text),
}
const factsSchema = z.object({
  at: text,
  environment: text,
  resource: z.object(inventoried),
  /** Other resources that parameters name, by the names of the catalogue; without an id, it names none that could be known. */
  resources: z
    .record(text, z.object({ type: text, id: text.exactOptional(), ...inventoried }))
    .exactOptional(),
  agent: z.object({
    id: text,
    /** Absent, and so are tags, in what was recorded before conditions could read them. */
    name: text.exactOptional(),
    tags: z.array(text).exactOptional(),
    model: text.exactOptional(),
    owner: principal.extend({ left: z.literal(true).exactOptional() }).exactOptional(),
  }),
  initiator: principal
    .extend({
      kind: z.enum(initiatorKinds),
      /** Only where an identity provider said who it is. */
      attested: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  request: z.object({ reason: text.exactOptional(), source: z.enum(requestSources) }).exactOptional(),
  time: z
    .object({ now: text, hour: z.int(), weekday: z.enum(weekdays), date: text, windows: z.array(text) })
    .exactOptional(),
  /** What had been counted by each budget, this request included. Absent where it was not looked up. */
  budget: z.record(text, z.object({ count: z.int(), sum: z.int().exactOptional() })).exactOptional(),
  /**
   * What the run has read before, in words of the inventory; absent where no rule of the action goes by it, and where it could not
   * be known. `of`: whether that is the session's, or everything of the agent. `reads`: some of it, for people.
   */
  run: z
    .object({
      sensitivities: z.array(text),
      labels: z.array(text),
      since: text.exactOptional(),
      of: z.enum(['session', 'agent']).exactOptional(),
      reads: z
        .array(z.object({ request: text, at: text, type: text, id: text, sensitivity: text }))
        .exactOptional(),
    })
    .exactOptional(),
  /** What was read of parameters before they were judged, by a reader that stands outside: it is not read again. */
  read: z.record(text, reading).exactOptional(),
})

/**
 * Everything that conditions see beside the action's own name and parameters, kept with the verdict, so that it can be
 * reached again (docs/policy.md#how-a-verdict-is-reached). What is not known is left out rather than null.
 */
export type Facts = z.infer<typeof factsSchema>

/** The facts of a stored verdict, or null when they are not in this form: then nothing can be said about it. */
export function storedFacts(stored: JsonObject): Facts | null {
  const read = factsSchema.safeParse(stored)
  return read.success ? read.data : null
}

const ownerLeftSchema = z.object({ owner: z.object({ left: z.literal(true) }) })

/** Whether the facts of a stored verdict say that the owner of the agent had left. */
export function saysOwnerLeft({ agent }: JsonObject): boolean {
  return ownerLeftSchema.safeParse(agent).success
}
