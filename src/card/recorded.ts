import type { Json, JsonObject } from '../core/json.ts'
import type { AnyRequest } from '../core/request.ts'

/** A fact and what a rule compared it with, as the verdict kept them. */
export interface Compared {
  readonly path: string
  readonly operator: string
  readonly value: Json
  readonly limit: Json
}

/** A parameter that was read: by which reader, and what that tells people. */
interface ReadParam {
  readonly param: string
  readonly reads: string
  readonly facts: JsonObject
}

/** A parameter that was to be read and was not understood: why, and where (from 0) or null. */
interface UnreadParam {
  readonly param: string
  readonly why: string
  readonly at: number | null
  /** It names a tool that nobody reviewed as it is. */
  readonly isTool: boolean
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
  /** Of which budgets it is past what a rule compares with, a sentence for each. */
  readonly over: readonly string[]
  /** By rule. */
  readonly because: ReadonlyMap<string, readonly Compared[]>
  readonly readings: readonly ReadParam[]
  readonly unread: readonly UnreadParam[]
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
    over: listIn(facts.over).flatMap((one) => textIn(objectIn(one)?.says) ?? []),
    because: new Map(listIn(facts.because).flatMap(ruleIn)),
    readings: listIn(facts.readings).flatMap(readIn),
    unread: listIn(facts.unread).flatMap(unreadIn),
  }
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

function readIn(said: Json): readonly ReadParam[] {
  const one = objectIn(said)
  const [param, reads] = [textIn(one?.param), textIn(one?.reads)]
  return one && param !== null && reads !== null ? [{ param, reads, facts: one }] : []
}

function unreadIn(said: Json): readonly UnreadParam[] {
  const one = objectIn(said)
  const [param, why] = [textIn(one?.param), textIn(one?.why)]
  if (param === null || why === null) return []
  return [{ param, why, at: typeof one?.at === 'number' ? one.at : null, isTool: one?.tool === true }]
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
