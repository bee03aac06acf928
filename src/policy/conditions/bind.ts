import type { Action } from '../../core/action.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { CatalogueAction, ParamType } from '../catalogue.ts'
import type { Facts } from '../facts.ts'
import type { Bindings, Instant, Value } from './engine.ts'

/**
 * The facts and the action as the engine takes them. Null is dropped here, so that null means absent; integers become
 * bigint where the catalogue says `int`; mappings become Maps, so that no key can meet a property of Object.
 */
export function bind(action: Action, facts: Facts, declared: CatalogueAction['params']): Bindings {
  const { resource, time } = facts
  const bindings: Record<string, Value> = {
    action: action.action,
    environment: facts.environment,
    resource: mapOf({ type: action.resource.type, id: action.resource.id, ...resource }),
    params: paramsOf(action.params, declared),
    agent: mapOf(facts.agent),
  }
  if (facts.initiator) bindings.initiator = mapOf(facts.initiator)
  if (facts.request) bindings.request = mapOf(facts.request)
  if (time) {
    const { hour, now, ...texts } = time
    bindings.time = new Map<string, Value>([...mapOf(texts), ['hour', BigInt(hour)], ['now', instantOf(now)]])
  }
  return bindings
}

function paramsOf(params: JsonObject, declared: CatalogueAction['params']): ReadonlyMap<string, Value> {
  if (declared === 'open') return mapOf(params)
  const bound = new Map<string, Value>()
  for (const [name, { type }] of declared) {
    const value = Object.hasOwn(params, name) ? params[name] : null
    const fitting = value === null || value === undefined ? null : converted(value, type)
    if (fitting !== null) bound.set(name, fitting)
  }
  return bound
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

function mapOf(object: { readonly [key: string]: Json | undefined }): ReadonlyMap<string, Value> {
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
