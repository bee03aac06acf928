import type { Action } from '../../core/action.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { CatalogueAction, ParamType } from '../catalogue.ts'
import type { Facts } from '../facts.ts'
import { type ToolCall, toolSeen } from '../mcp/toolCall.ts'
import { seenIn } from '../readers/reader.ts'
import type { Readings } from '../readers/readings.ts'
import type { Bindings, Bound, Instant, Value } from './engine.ts'

/** What conditions may read of a request. Nothing is converted before a condition reads it: most facts never are. */
export function bind(
  action: Action,
  facts: Facts,
  how: {
    readonly declared: CatalogueAction['params']
    readonly readings?: () => Readings
    readonly tool?: () => ToolCall | null
  },
): Bindings {
  const { declared, readings = () => new Map(), tool = () => null } = how
  return { action, facts, declared, readings, tool }
}

/**
 * What a path such as `params.rows` leads to, as the engine takes it; undefined where there is nothing. Null is dropped,
 * so that null means absent; integers become bigint where the catalogue says `int`; mappings become Maps, so that no key
 * can meet a property of Object. Steps are followed one by one, so a key with a dot in it leads nowhere.
 */
export function valueAt(bindings: Bindings, path: readonly string[]): Value | undefined {
  const { action, facts, declared, readings, tool } = bindings
  if (!action || !facts || declared === undefined || !readings || !tool) return undefined
  const [root = '', ...steps] = path
  const read = Object.hasOwn(roots, root) ? roots[root] : undefined
  return read?.({ action, facts, declared, readings, tool }, steps)
}

type Root = (bound: Bound, steps: readonly string[]) => Value | undefined

/** By the names that declarations.ts declares. */
const roots: Readonly<Record<string, Root>> = {
  action: ({ action }, steps) => within(action.action, steps),
  environment: ({ facts }, steps) => within(facts.environment, steps),
  resource: ({ action: { resource }, facts }, steps) => {
    const [name] = steps
    if (name === undefined) return mapOf({ type: resource.type, id: resource.id, ...facts.resource })
    if (name === 'type' || name === 'id') return within(resource[name], steps.slice(1))
    return within(facts.resource, steps)
  },
  resources: ({ facts }, steps) => within(facts.resources ?? {}, steps),
  params: ({ action: { params }, declared }, steps) => {
    if (declared === 'open') return within(params, steps)
    const [name, ...deeper] = steps
    if (name === undefined) return declaredParams(params, declared)
    const param = declared.get(name)
    return param && deeper.length === 0 ? paramOf(params, name, param.type) : undefined
  },
  read: ({ readings }, [name, ...deeper]) => {
    if (name === undefined)
      return new Map([...readings()].map(([one, reading]) => [one, mapOf(seenIn(reading))]))
    const reading = readings().get(name)
    return reading && within(seenIn(reading), deeper)
  },
  tool: ({ tool }, steps) => {
    const call = tool()
    if (call === null) return undefined
    // Amounts are numbers, whole or not: declared so, they are not turned into integers.
    if (steps.length === 1 && steps[0] === 'amounts') return call.read?.amounts
    return within(toolSeen(call), steps)
  },
  agent: ({ facts }, steps) => within(facts.agent, steps),
  initiator: ({ facts }, steps) => within(initiatorSeen(facts), steps),
  request: ({ facts }, steps) => within(facts.request, steps),
  budget: ({ facts }, steps) => within(facts.budget, steps),
  run: ({ facts: { run } }, steps) =>
    run && within({ sensitivities: run.sensitivities, labels: run.labels }, steps),
  time: ({ facts: { time } }, steps) => {
    if (time === undefined) return undefined
    if (steps.length === 0) return mapOf(time).set('now', instantOf(time.now))
    return steps.length === 1 && steps[0] === 'now' ? instantOf(time.now) : within(time, steps)
  },
}

/** Whoever is not attested is that for certain, also where the facts are from before anybody could be. */
export function initiatorSeen({ initiator }: Facts): JsonObject | undefined {
  return initiator && { attested: false, ...initiator }
}

function within(json: Json | undefined, steps: readonly string[]): Value | undefined {
  let value = json
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    value = Object.hasOwn(value, step) ? (value as JsonObject)[step] : undefined // neither a list nor null
  }
  return value === undefined ? undefined : (converted(value, null) ?? undefined)
}

function declaredParams(
  params: JsonObject,
  declared: Exclude<CatalogueAction['params'], 'open'>,
): ReadonlyMap<string, Value> {
  const bound = new Map<string, Value>()
  for (const [name, { type }] of declared) {
    const value = paramOf(params, name, type)
    if (value !== undefined) bound.set(name, value)
  }
  return bound
}

function paramOf(params: JsonObject, name: string, type: ParamType): Value | undefined {
  const value = Object.hasOwn(params, name) ? params[name] : null
  return value === null || value === undefined ? undefined : (converted(value, type) ?? undefined)
}

/** By the declared type; without one, whole numbers are integers as in any JSON that is read by CEL. */
function converted(value: Json, type: ParamType | null): Value | null {
  if (type === 'opaque') return true // only whether it is there can be asked
  if (typeof value === 'number') {
    const whole = type === 'int' || (type === null && Number.isSafeInteger(value))
    return whole ? BigInt(value) : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const item = typeof type === 'object' && type !== null ? type.list : null
    return value.map((one: Json) => converted(one, item)).filter((one) => one !== null)
  }
  return mapOf(value as JsonObject) // neither a list nor null
}

function mapOf(object: { readonly [key: string]: Json | undefined }): Map<string, Value> {
  const map = new Map<string, Value>()
  for (const [name, value] of Object.entries(object)) {
    const present = value === undefined ? null : converted(value, null)
    if (present !== null) map.set(name, present)
  }
  return map
}

function instantOf(rfc3339: string): Instant {
  const milliseconds = Date.parse(rfc3339)
  const seconds = Math.floor(milliseconds / 1_000)
  return {
    $typeName: 'google.protobuf.Timestamp',
    seconds: BigInt(seconds),
    nanos: (milliseconds - seconds * 1_000) * 1_000_000,
  }
}
