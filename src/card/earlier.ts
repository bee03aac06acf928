import { type Action, administrative } from '../core/action.ts'
import type { Digest } from '../core/digest.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { State } from '../core/lifecycle.ts'
import type { AnyRequest } from '../core/request.ts'
import { type Difference, differenceKinds } from './difference.ts'
import { differencesFrom, type KnownNames } from './differences.ts'
import { shownAction } from './masked.ts'

/** Days that are looked back, and how many requests of one agent at most. */
export const lookedBack = { days: 90, requests: 200 } as const

/** Characters of an action as JSON: what is longer is not compared. */
export const longestCompared = 20_000

const mostApproved = 10
const mostDifferences = 20
const weekMs = 7 * 86_400_000

/** What is looked at of a request that people were asked about before. */
export interface AskedBefore {
  readonly id: string
  readonly state: State
  readonly digest: Digest
  /** Null of another action, and of one that is too long. */
  readonly action: Action | null
  /** Somebody alone let it through in an emergency. */
  readonly isEmergency: boolean
  /** A denial that only an emergency could lift. */
  readonly isLiftable: boolean
  readonly hasDeviated: boolean
  readonly isErased: boolean
  readonly createdAt: string
  readonly settledAt: string | null
}

/** What the record says of what the same agent asked people before. Fixed with the request: every copy of its card says the same. */
export interface Earlier {
  /** How many times within seven days the agent asked for this action on this resource, this time included. */
  readonly nth: number
  /** Of what people answered, or let expire. `isCut`: it is about the newest so many only. */
  readonly answered: number
  readonly approved: number
  readonly deviated: number
  readonly isCut: boolean
  /** The newest that people approved of this action, on a resource of the same type; where one of them had the same parameters, that one. */
  readonly last: { readonly request: string; readonly isSame: boolean } | null
  /** Null where nothing was compared. */
  readonly differences: readonly Difference[] | null
  /** So many more of them are not kept. */
  readonly more: number
}

const letThrough: readonly State[] = ['approved', 'executing', 'succeeded', 'failed', 'unreported', 'lapsed']
const ended: readonly State[] = [...letThrough, 'denied', 'expired', 'revoked']

/** `found`: what the same agent asked people about since then, the newest first, without this one. Null for what only commands of ours ask. */
export function earlierFrom(
  request: Pick<AnyRequest, 'action' | 'digest' | 'verdict' | 'createdAt'>,
  found: readonly AskedBefore[],
  known: KnownNames,
): Earlier | null {
  const { action, createdAt } = request
  if (administrative.includes(action.action)) return null
  const since = new Date(Date.parse(createdAt) - weekMs).toISOString()
  const same = found.filter((one) => one.createdAt >= since && isAbout(one, action))
  const answers = found.filter((one) => !one.isEmergency && !one.isLiftable && ended.includes(one.state))
  const approved = answers.filter(({ state }) => letThrough.includes(state))
  const comparable = approvedBefore(approved, action)
  const last = comparable.find(({ digest }) => digest === request.digest) ?? comparable[0]
  const differences = differencesIn(request, comparable, known)
  return {
    nth: same.length + 1,
    answered: answers.length,
    approved: approved.length,
    deviated: answers.filter(({ hasDeviated }) => hasDeviated).length,
    isCut: found.length >= lookedBack.requests,
    last: last ? { request: last.id, isSame: last.digest === request.digest } : null,
    differences: differences?.slice(0, mostDifferences) ?? null,
    more: Math.max((differences?.length ?? 0) - mostDifferences, 0),
  }
}

function isAbout({ action }: AskedBefore, { resource, action: name }: Action): boolean {
  return (
    action?.action === name && action.resource.type === resource.type && action.resource.id === resource.id
  )
}

/** The newest approval first. What was erased says nothing any more, and what was taken back is no example. */
function approvedBefore(
  approved: readonly AskedBefore[],
  { action: name, resource }: Action,
): readonly (AskedBefore & { readonly action: Action })[] {
  return approved
    .flatMap((one) => (one.action && !one.isErased ? [{ ...one, action: one.action }] : []))
    .filter(({ action }) => action.action === name && action.resource.type === resource.type)
    .sort((a, b) => ((a.settledAt ?? '') < (b.settledAt ?? '') ? 1 : -1))
    .slice(0, mostApproved)
}

/** As people are shown both: what is hidden from them is not compared. */
function differencesIn(
  { action, digest, verdict, createdAt }: Parameters<typeof earlierFrom>[0],
  approved: ReturnType<typeof approvedBefore>,
  known: KnownNames,
): readonly Difference[] | null {
  if (approved.some((one) => one.digest === digest)) return []
  if (JSON.stringify(action).length > longestCompared) return null
  const shown = approved.map((one) => ({ ...one, action: shownAction(one.action, verdict) }))
  return differencesFrom({ action: shownAction(action, verdict), createdAt }, shown, known)
}

/** As it stands among the facts of a verdict, where an erasure empties it. */
export function storedEarlier(earlier: Earlier): JsonObject {
  const { nth, answered, approved, deviated, isCut, last, differences, more } = earlier
  return {
    ...{ nth, answered, approved, deviated, is_cut: isCut },
    last: last && { request: last.request, is_same: last.isSame },
    differences: differences?.map((one) => ({ ...one })) ?? null,
    more,
  }
}

/** Null where it is not there, or in another form: requests live longer than forms. */
export function earlierOf({ verdict: { facts } }: Pick<AnyRequest, 'verdict'>): Earlier | null {
  const said = objectIn(facts.earlier)
  const [nth, answered, approved, deviated] = [said?.nth, said?.answered, said?.approved, said?.deviated]
  if (!said || !isCount(nth) || !isCount(answered) || !isCount(approved) || !isCount(deviated)) return null
  const last = objectIn(said.last)
  const differences = Array.isArray(said.differences) ? said.differences.flatMap(differenceIn) : null
  return {
    ...{ nth, answered, approved, deviated, isCut: said.is_cut === true },
    last: typeof last?.request === 'string' ? { request: last.request, isSame: last.is_same === true } : null,
    differences,
    more: isCount(said.more) ? said.more : 0,
  }
}

function differenceIn(said: Json): readonly Difference[] {
  const { kind: name, path, value } = objectIn(said) ?? {}
  const kind = differenceKinds.find((one) => one === name)
  if (!kind || typeof path !== 'string' || (typeof value === 'object' && value !== null)) return []
  return [{ kind, path, value: value ?? null }]
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function objectIn(value: Json | undefined): JsonObject | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as JsonObject) : null // neither a list nor null
}
