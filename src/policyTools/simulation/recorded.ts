import { z } from 'zod'
import type { Action } from '../../core/action.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { ActionRequest } from '../../core/request.ts'
import { type Ask, askOf } from '../../policy/ask.ts'
import { initiatorKinds, requestSources } from '../../policy/conditions/declarations.ts'
import { reading, storedFacts } from '../../policy/facts.ts'
import { properties, shapeOf } from '../../policy/format/shape.ts'
import { someAgent } from '../standIn.ts'
import { type Answer, answerSchema } from './answer.ts'

/** What was asked once, to be asked again. */
export interface Recorded {
  readonly id: string
  readonly ask: Ask
  /** What came of it, where that is known. */
  readonly answer?: Answer
}

const text = z.string()
const principal = properties({
  id: text.default('unknown'),
  email: text.exactOptional(),
  groups: z.array(text).exactOptional(),
})

/**
 * A request in a file: what an agent sends, and what the server would know besides. Without `at` it is now, without
 * `agent` it is some agent; whatever else is left out is not known, and conditions see that it is not.
 */
const writtenSchema = properties({
  id: text.exactOptional(),
  at: z.iso.datetime({ offset: true }).exactOptional(),
  action: text,
  resource: properties({ type: text, id: text }),
  params: z.record(text, z.unknown()).default({}),
  environment: text,
  agent: properties({
    id: text.exactOptional(),
    name: text.exactOptional(),
    tags: z.array(text).exactOptional(),
    model: text.exactOptional(),
    owner: principal.extend({ left: z.literal(true).exactOptional() }).exactOptional(),
  }).default({ id: 'agent' }),
  initiator: principal
    .extend({ kind: z.enum(initiatorKinds).default('human'), attested: z.literal(true).exactOptional() })
    .exactOptional(),
  /** What each budget had counted, this request included. */
  budgets: z.record(text, properties({ count: z.int(), sum: z.int().exactOptional() })).exactOptional(),
  request: properties({
    reason: text.exactOptional(),
    source: z.enum(requestSources).default('api'),
  }).exactOptional(),
  /** As agents send it; the same as `request.reason`. */
  reason: text.exactOptional(),
  /** As agents send it; and, of what was recorded, what the run had read. */
  run: z
    .looseObject({
      model: text.exactOptional(),
      sensitivities: z.array(text).exactOptional(),
      labels: z.array(text).exactOptional(),
    })
    .exactOptional(),
  /** Agents send these too; no rule sees them. */
  involved: z.array(z.unknown()).exactOptional(),
  expires_in: text.exactOptional(),
  /** What was read of parameters by a reader that stands outside, as it was recorded. */
  read: z.record(text, reading).exactOptional(),
  /** What came of it; only a request that was recorded has one. */
  answer: answerSchema.exactOptional(),
})

export type Written =
  | { readonly ok: true; readonly recorded: Recorded }
  | { readonly ok: false; readonly wrong: string }

/**
 * Reads one request of a file that was parsed as JSON. `otherwise` gives the id and the time where it names none.
 * A wrong one is refused with its first place: a request that is guessed at would prove nothing.
 */
export function readRecorded(
  written: Json,
  otherwise: { readonly id: string; readonly at: string },
): Written {
  const read = shapeOf(written, writtenSchema)
  if ('wrong' in read) return { ok: false, wrong: read.wrong }
  const { id, at, agent, initiator, request, reason, run, answer, read: earlier, budgets } = read.shape
  const said = request?.reason ?? reason ?? null
  const ask: Ask = {
    action: actionOf(read.shape),
    agent: {
      id: someAgent,
      name: agent.id ?? 'agent',
      ...(run?.model && { model: run.model }),
      ...agent,
    },
    initiator: initiator ?? null,
    request: request || said !== null ? { reason: said, source: request?.source ?? 'api' } : null,
    ...(earlier && { read: earlier }),
    ...(budgets && { budget: budgets }),
    ...(run?.sensitivities && { run: { sensitivities: run.sensitivities, labels: run.labels ?? [] } }),
    at: at ?? otherwise.at,
  }
  return { ok: true, recorded: { id: id ?? otherwise.id, ask, ...(answer && { answer }) } }
}

/** A request of the database, from the facts stored with its verdict; null when they are of a form we do not know. */
export function recordedOf(
  request: Pick<ActionRequest, 'id' | 'action'> & {
    readonly agent: Pick<ActionRequest['agent'], 'name'>
    readonly verdict: Pick<ActionRequest['verdict'], 'facts'>
  },
): Recorded | null {
  const facts = storedFacts(request.verdict.facts)
  if (facts === null) return null
  const ask = askOf(request.action, facts)
  return { id: request.id, ask: { ...ask, agent: { ...ask.agent, name: request.agent.name } } }
}

/** The way back: one line of a JSONL file that `readRecorded` reads to the same. */
export function writeRecorded({ id, ask, answer }: Recorded): Json {
  const { action, resource, params, environment } = ask.action
  const { agent, initiator, request, at, read, budget: budgets } = ask
  const run = ask.run ? { sensitivities: ask.run.sensitivities, labels: ask.run.labels } : null
  const who = { agent, initiator, request, run }
  const known = { id, at, action, resource: { ...resource }, params, environment, ...who, budgets }
  return { ...withoutNulls(known), ...(read && { read }), ...(answer && { answer: { ...answer } }) }
}

function actionOf({ action, resource, params, environment }: z.infer<typeof writtenSchema>): Action {
  return { action, resource, params: params as JsonObject, environment } // parsed edge: it came from JSON
}

/** Facts that are not known are left out; the parameters stay as they are. */
function withoutNulls(value: object): JsonObject {
  const kept = Object.entries(value).flatMap(([name, one]): [string, Json][] => {
    if (one === null || one === undefined) return []
    const whole = name === 'params' || typeof one !== 'object' || Array.isArray(one)
    return [[name, whole ? one : withoutNulls(one)]]
  })
  return Object.fromEntries(kept)
}
