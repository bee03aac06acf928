import type { Action } from '../core/action.ts'
import { type Leaves, leavesOf, type Scalar } from './leaves.ts'
import { isWildcard, nameClasses } from './namesIn.ts'
import { momentIn, quantityIn } from './quantity.ts'
import { looksLike } from './similar.ts'

/** One way in which an action is not like what people approved before. What it says is of this action alone. */
export interface Difference {
  readonly kind: DifferenceKind
  /** As in `leavesOf`, without `params.`. */
  readonly path: string
  readonly value: Scalar
}

/** In the order in which they are said: what is most easily overlooked first. */
export const differenceKinds = [
  /** Looks like a name that is known, and is another. */
  'lookalike',
  /** Another content under the same name: `app:1.4@sha256:…`. */
  'content',
  /** All of something, where only a part was approved. */
  'wildcard',
  /** More than was ever approved; less. */
  'more',
  'less',
  /** From when to when is longer. Its value is whole days. */
  'wider',
  /** One more in a list; a list that is longer, with its length; one less where being listed protects. */
  'added',
  'longer',
  'dropped',
  /** What every approved one named is left out. */
  'gone',
  /** A value that nobody approved. */
  'new',
  /** The same of a name within a text that is another one each time. */
  'name',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]

/** An action that was asked for, and when (RFC 3339). */
export interface Asked {
  readonly action: Action
  readonly createdAt: string
}

/** What the inventory says. */
export interface KnownNames {
  /** Nothing harmful is known of it, so that it may be new. */
  readonly isHarmless: (name: string) => boolean
  /** Names that others may try to look like. */
  readonly names: ReadonlySet<string>
}

/** What is looked at of one action: the values, by when they were asked for. */
interface Looked {
  readonly leaves: Leaves
  readonly askedAt: number
}

/**
 * How an action differs from what people approved before, the newest first: each value that none of them had, each number beyond theirs.
 * Null where there is nothing to compare with, or too much. Where some of them were in the same environment, or about the same
 * resource, only those count: what is usual in one place says nothing of another.
 */
export function differencesFrom(
  asked: Asked,
  approved: readonly Asked[],
  known: KnownNames,
): readonly Difference[] | null {
  const now = lookedAt(asked)
  const all = approved.flatMap((one) => lookedAt(one) ?? [])
  if (!now || all.length === 0) return null
  const nearest = alike(alike(all, now, 'environment'), now, 'resource')
  const differences = [...now.leaves.keys()].flatMap((path) =>
    differencesAt(path, now, path.startsWith('params.') ? nearest : all, known),
  )
  const found = [...differences, ...widerIn(now, nearest), ...goneFrom(now, nearest)]
  const rank = ({ kind }: Difference) => differenceKinds.indexOf(kind)
  return found
    .map((one) => ({ ...one, path: one.path.replace(/^params\./, '') }))
    .sort((a, b) => rank(a) - rank(b))
}

function lookedAt({ action, createdAt }: Asked): Looked | null {
  const leaves = leavesOf(action)
  return leaves && { leaves, askedAt: Date.parse(createdAt) }
}

function alike(all: readonly Looked[], now: Looked, path: string): readonly Looked[] {
  const same = all.filter(({ leaves }) => leaves.get(path)?.[0] === now.leaves.get(path)?.[0])
  return same.length > 0 ? same : all
}

function differencesAt(
  path: string,
  now: Looked,
  approved: readonly Looked[],
  known: KnownNames,
): readonly Difference[] {
  const values = now.leaves.get(path) ?? []
  const before = approved.map(({ leaves }) => leaves.get(path) ?? [])
  const all = new Set(before.flat())
  const fresh = [...new Set(values)].filter((one) => !all.has(one))
  const found = fresh.flatMap((value) => differenceOf({ path, value, before, all: [...all] }, known))
  const longest = Math.max(...before.map((its) => its.length))
  if (path.endsWith('[]') && found.length === 0 && longest > 0 && values.length > longest)
    return [{ kind: 'longer', path, value: values.length }]
  return [...found, ...droppedAt(path, values, before)]
}

interface Fresh {
  readonly path: string
  /** None of the approved ones had it. */
  readonly value: Scalar
  /** By request, the newest first. */
  readonly before: readonly (readonly Scalar[])[]
  readonly all: readonly Scalar[]
}

function differenceOf(fresh: Fresh, known: KnownNames): readonly Difference[] {
  const { path, value, all } = fresh
  if (typeof value === 'number') return beyond(fresh, value, numbersIn(all))
  if (typeof value !== 'string') return [{ kind: 'new', path, value }]
  // Of a text that is a moment the stretch counts (`widerIn`); a first one is new like anything else.
  if (momentIn(value) !== null && all.some((one) => typeof one === 'string' && momentIn(one) !== null))
    return []
  const quantity = quantityIn(value)
  const alikes = all.flatMap((one) => (typeof one === 'string' ? (quantityIn(one) ?? []) : []))
  const same = alikes.filter(({ kind }) => kind === quantity?.kind).map(({ amount }) => amount)
  if (quantity && same.length > 0) return beyond(fresh, quantity.amount, same)
  return ofText(fresh, value, known)
}

function numbersIn(all: readonly Scalar[]): readonly number[] {
  return all.filter((one) => typeof one === 'number')
}

/** What lies between those that were approved is none. */
function beyond({ path, value }: Fresh, amount: number, before: readonly number[]): readonly Difference[] {
  if (before.length === 0) return [{ kind: 'new', path, value }]
  if (amount > Math.max(...before)) return [{ kind: 'more', path, value }]
  return amount < Math.min(...before) ? [{ kind: 'less', path, value }] : []
}

function ofText(
  { path, value: _, before, all }: Fresh,
  value: string,
  known: KnownNames,
): readonly Difference[] {
  const texts = all.filter((one) => typeof one === 'string')
  const protects = path.endsWith('[]') && isProtecting(path)
  // What stands in the inventory is itself, however much it resembles its neighbour.
  if (!known.names.has(value) && [...texts, ...known.names].some((one) => isTakenFor(value, one)))
    return [{ kind: 'lookalike', path, value }]
  if (known.isHarmless(value)) return []
  if (texts.some((one) => isSameNamed(value, one))) return [{ kind: 'content', path, value }]
  if (isWildcard(value) && !texts.some(isWildcard)) return [{ kind: 'wildcard', path, value }]
  if (protects) return []
  if (isAlwaysAnother(before)) return namesOf(path, value, before)
  return [{ kind: path.endsWith('[]') ? 'added' : 'new', path, value }]
}

/** The texts, or the hosts within them. */
function isTakenFor(value: string, known: string): boolean {
  if (looksLike(value, known)) return true
  const hosts = nameClasses.host?.(value) ?? []
  if (hosts.length === 0) return false
  const others = [known.toLowerCase(), ...(nameClasses.host?.(known) ?? [])]
  return hosts.some((host) => !others.includes(host) && others.some((one) => looksLike(host, one)))
}

function isSameNamed(value: string, known: string): boolean {
  const [named, earlier] = [value, known].map((text) => /^(.+)@sha\d{3}:[0-9a-f]{32,}$/.exec(text)?.[1])
  return named !== undefined && named === earlier
}

/** Three or more were approved, and no two of them had the same there: that it is another one again is nothing new. */
function isAlwaysAnother(before: readonly (readonly Scalar[])[]): boolean {
  const given = before.filter((values) => values.length > 0)
  const all = given.flatMap((values) => [...new Set(values)])
  return given.length >= fewestToSay && new Set(all).size === all.length
}

const fewestToSay = 3

/** Names within a text of those classes of which it is not always another one. */
function namesOf(path: string, value: string, before: readonly (readonly Scalar[])[]): readonly Difference[] {
  for (const names of Object.values(nameClasses)) {
    const earlier = before.map((its) => its.flatMap((one) => (typeof one === 'string' ? names(one) : [])))
    const fresh = names(value).find((name) => !earlier.flat().includes(name))
    if (fresh !== undefined && !isAlwaysAnother(earlier)) return [{ kind: 'name', path, value: fresh }]
  }
  return []
}

/** Being on such a list keeps something from happening. */
function isProtecting(path: string): boolean {
  return /exclud|except|den(?:y|ied)|block|skip|ignor|omit|mask|redact|protect|without/i.test(path)
}

function droppedAt(
  path: string,
  values: readonly Scalar[],
  before: readonly (readonly Scalar[])[],
): readonly Difference[] {
  if (!path.endsWith('[]') || !isProtecting(path)) return []
  const [newest = []] = before
  return newest
    .filter((one) => !values.includes(one) && before.every((its) => its.includes(one)))
    .map((value) => ({ kind: 'dropped', path, value }))
}

/** A parameter that all of them had. */
function goneFrom(now: Looked, approved: readonly Looked[]): readonly Difference[] {
  const its = parametersOf(now)
  const [newest, ...others] = approved.map(parametersOf)
  return [...(newest ?? [])]
    .filter((name) => !its.has(name) && others.every((one) => one.has(name)))
    .map((path) => ({ kind: 'gone', path, value: null }))
}

function parametersOf({ leaves }: Looked): ReadonlySet<string> {
  const names = [...leaves.keys()].filter((path) => path.startsWith('params.'))
  return new Set(names.map((path) => path.slice('params.'.length).replace(/[.[].*$/s, '')))
}

const dayMs = 86_400_000

/** A stretch of time, by the object that it stands in: from the first moment to the last, of one alone from when it was asked for. */
function widerIn(now: Looked, approved: readonly Looked[]): readonly Difference[] {
  const before = approved.map(stretchesOf)
  return [...stretchesOf(now)].flatMap(([path, width]) => {
    const widths = before.flatMap((its) => its.get(path) ?? [])
    if (widths.length === 0 || width <= Math.max(...widths) * 1.15 + dayMs / 2) return []
    return [{ kind: 'wider', path, value: Math.round(width / dayMs) }]
  })
}

function stretchesOf({ leaves, askedAt }: Looked): ReadonlyMap<string, number> {
  const moments = new Map<string, { readonly path: string; readonly at: number }[]>()
  for (const [path, values] of leaves)
    for (const value of values) {
      const at = typeof value === 'string' ? momentIn(value) : null
      const parent = path.replace(/\.[^.]*$/, '')
      if (at !== null) moments.set(parent, [...(moments.get(parent) ?? []), { path, at }])
    }
  return new Map(
    [...moments.values()].map((its) => {
      const times = its.map(({ at }) => at)
      const [first] = its
      const width =
        its.length > 1 ? Math.max(...times) - Math.min(...times) : Math.abs((times[0] ?? 0) - askedAt)
      return [first?.path ?? '', width]
    }),
  )
}
