import type { Json, JsonObject } from '../core/json.ts'
import type { AnyRequest } from '../core/request.ts'

/** A fact and what a rule compared it with, as the verdict kept them. */
export interface Compared {
  readonly path: string
  readonly operator: string
  readonly value: Json
  readonly limit: Json
}

/** What the verdict kept for people; whatever is not there, or in another form, is left out: requests live longer than forms. */
export interface Recorded {
  readonly reversible: string | null
  readonly consequence: string | null
  readonly destination: { readonly param: string; readonly reach: string } | null
  readonly sensitivity: string | null
  /** The directory said then that the owner of the agent had left. */
  readonly ownerLeft: boolean
  /** What else its parameters name. */
  readonly resources: readonly OtherRecorded[]
  /** What the run had read before; null where no rule went by that. */
  readonly run: RunRecorded | null
  /** By rule. */
  readonly because: ReadonlyMap<string, readonly Compared[]>
}

interface RunRecorded {
  /** What was read in its session, or by its agent. */
  readonly of: 'session' | 'agent'
  readonly reads: readonly {
    readonly at: string
    readonly type: string
    readonly id: string
    readonly sensitivity: string
  }[]
}

interface OtherRecorded {
  readonly name: string
  readonly type: string
  /** Null where it could not be understood. */
  readonly id: string | null
  readonly sensitivity: string | null
  readonly owner: string | null
}

/** The facts of the verdict that cards show: what was true when it was asked, also a year later. */
export function recordedOf({ verdict: { facts } }: Pick<AnyRequest, 'verdict'>): Recorded {
  const impact = objectIn(facts.impact)
  const destination = objectIn(impact?.destination)
  const param = textIn(destination?.param)
  const reach = textIn(destination?.reach)
  return {
    reversible: textIn(impact?.reversible),
    consequence: textIn(impact?.consequence),
    destination: param !== null && reach !== null ? { param, reach } : null,
    sensitivity: textIn(objectIn(facts.resource)?.sensitivity),
    ownerLeft: objectIn(objectIn(facts.agent)?.owner)?.left === true,
    resources: Object.entries(objectIn(facts.resources) ?? {}).flatMap(otherIn),
    run: runIn(objectIn(facts.run)),
    because: new Map(listIn(facts.because).flatMap(ruleIn)),
  }
}

function runIn(said: JsonObject | null): RunRecorded | null {
  if (said === null) return null
  const reads = listIn(said.reads).flatMap((one) => {
    const read = objectIn(one)
    const [at, type, id] = [textIn(read?.at), textIn(read?.type), textIn(read?.id)]
    const sensitivity = textIn(read?.sensitivity) ?? 'unknown'
    const isKnown = at !== null && Number.isFinite(Date.parse(at)) && type !== null && id !== null
    return isKnown ? [{ at, type, id, sensitivity }] : []
  })
  return { of: said.of === 'session' ? 'session' : 'agent', reads }
}

function otherIn([name, said]: readonly [string, Json | undefined]): readonly OtherRecorded[] {
  const one = objectIn(said)
  const type = textIn(one?.type)
  if (type === null || !/^[a-z][a-z0-9_]{0,39}$/.test(name)) return []
  return [
    { name, type, id: textIn(one?.id), sensitivity: textIn(one?.sensitivity), owner: textIn(one?.owner) },
  ]
}

function ruleIn(said: Json): readonly (readonly [string, readonly Compared[]])[] {
  const one = objectIn(said)
  const rule = textIn(one?.rule)
  return rule === null ? [] : [[rule, listIn(one?.comparisons).flatMap(comparedIn)]]
}

function comparedIn(said: Json): readonly Compared[] {
  const one = objectIn(said)
  const [path, operator] = [textIn(one?.path), textIn(one?.operator)]
  return one && path !== null && operator !== null
    ? [{ path, operator, value: one.value ?? null, limit: one.limit ?? null }]
    : []
}

function objectIn(value: Json | undefined): JsonObject | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as JsonObject) : null // neither a list nor null
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function textIn(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null
}
