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
  /** What was not understood, or is no tool that somebody reviewed: the parameter, and why in one sentence. */
  readonly unread: readonly { readonly param: string; readonly why: string }[]
  /** By rule. */
  readonly because: ReadonlyMap<string, readonly Compared[]>
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
    unread: listIn(facts.unread).flatMap(unreadOf),
    because: new Map(listIn(facts.because).flatMap(ruleIn)),
  }
}

function unreadOf(said: Json): Recorded['unread'] {
  const one = objectIn(said)
  const [param, why] = [textIn(one?.param), textIn(one?.why)]
  return param === null || why === null ? [] : [{ param, why }]
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
