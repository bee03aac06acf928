import type { Action } from '../core/action.ts'
import { type Before, beforeAt } from './before.ts'
import { type Difference, differenceKinds, type Looked } from './difference.ts'
import { leavesOf, type Scalar } from './leaves.ts'
import { isWildcard, nameClasses } from './namesIn.ts'
import { momentIn, quantityIn } from './quantity.ts'
import { resembling } from './similar.ts'
import { widerIn } from './stretches.ts'

/** An action that was asked for, and when (RFC 3339). */
export interface Asked {
  readonly action: Action
  readonly createdAt: string
}

/** What the inventory says. */
export interface KnownNames {
  /** It is in that environment, or in none, and nothing harmful is known of it: so it may be new. */
  readonly isHarmless: (name: string, environment: string) => boolean
  /** Names that others may try to look like. */
  readonly names: ReadonlySet<string>
}

/** What values are held against, besides those before. */
interface Against {
  readonly environment: string
  readonly known: KnownNames
  readonly looksKnown: (text: string) => string | null
}

/**
 * How an action differs from what people approved before, the newest first: each value that none of them had, each number beyond theirs.
 * Values are compared one by one, whatever stood beside them. Null where there is nothing to compare with, or too much. Where some were
 * in the same environment, or about the same resource, only those count: what is usual in one place says nothing of another.
 */
export function differencesFrom(
  asked: Asked,
  approved: readonly Asked[],
  known: KnownNames,
): readonly Difference[] | null {
  const now = lookedAt(asked)
  const all = approved.flatMap((one) => lookedAt(one) ?? [])
  if (!now || all.length === 0) return null
  const against = { environment: asked.action.environment, known, looksKnown: resembling(known.names) }
  const nearest = alike(alike(all, now, 'environment'), now, 'resource')
  const differences = [...now.leaves.keys()].flatMap((path) =>
    differencesAt(path, { now, approved: path.startsWith('params.') ? nearest : all }, against),
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
  { now, approved }: { readonly now: Looked; readonly approved: readonly Looked[] },
  against: Against,
): readonly Difference[] {
  const values = [...new Set(now.leaves.get(path) ?? [])]
  const lists = approved.map(({ leaves }) => leaves.get(path) ?? [])
  const seen = new Set(lists.flat())
  const fresh = values.filter((one) => !seen.has(one))
  const isList = path.endsWith('[]')
  const length = now.leaves.get(path)?.length ?? 0
  const longest = Math.max(...lists.map((its) => its.length))
  if (fresh.length === 0 && isList && longest > 0 && length > longest)
    return [{ kind: 'longer', path, value: length }]
  const before = fresh.length > 0 ? beforeAt(path, lists) : null
  const found = before ? fresh.flatMap((value) => differenceOf(path, value, { before, ...against })) : []
  return isList ? [...found, ...droppedAt(path, values, lists)] : found
}

function differenceOf(
  path: string,
  value: Scalar,
  against: Against & { readonly before: Before },
): readonly Difference[] {
  const { before } = against
  if (typeof value === 'number' && !isNamed(path))
    return beyond(path, value, { amount: value, of: before.numbers })
  if (typeof value !== 'string')
    return typeof value === 'number' && before.isAlwaysAnother ? [] : [{ kind: 'new', path, value }]
  // Of a text that is a moment the stretch counts (`widerIn`); a first one is new like anything else.
  if (momentIn(value) !== null && before.hasMoments) return []
  const quantity = isNamed(path) ? null : quantityIn(value)
  const same = before.quantities.filter(({ kind }) => kind === quantity?.kind)
  if (quantity && same.length > 0)
    return beyond(path, value, { amount: quantity.amount, of: same.map(({ amount }) => amount) })
  return ofText(path, value, against)
}

/** A number that says which one, and not how many or how much: a smaller one is as much another as a larger one. */
function isNamed(path: string): boolean {
  return wordsOf(path).some((one) => naming.has(one))
}

const naming: ReadonlySet<string> = new Set(
  'id ids number no account accounts port ports uid gid pid code key user users customer order ticket invoice version phone pin index nr asn vlan'.split(
    ' ',
  ),
)

/** Less is what it is mostly asked for; none at all, or hardly any, is something else. */
const hardlyAny = 1 / 20

/** What lies between those that were approved is no difference. */
function beyond(
  path: string,
  value: Scalar,
  { amount, of }: { readonly amount: number; readonly of: readonly number[] },
): readonly Difference[] {
  if (of.length === 0) return [{ kind: 'new', path, value }]
  const [least, most] = [Math.min(...of), Math.max(...of)]
  if (amount > most) return [{ kind: 'more', path, value }]
  const isMuchLess = least > 0 ? amount <= least * hardlyAny : amount < least
  return isMuchLess ? [{ kind: 'less', path, value }] : []
}

function ofText(
  path: string,
  value: string,
  { before, known, looksKnown, environment }: Against & { readonly before: Before },
): readonly Difference[] {
  // What stands in the inventory is itself, however much it resembles its neighbour.
  if (!known.names.has(value) && (before.looksLike(value) ?? looksKnown(value)) !== null)
    return [{ kind: 'lookalike', path, value }]
  if (path !== 'environment' && known.isHarmless(value, environment)) return []
  if (before.hasNamed(value)) return [{ kind: 'content', path, value }]
  if (isWildcard(value) && !before.hasWildcard) return [{ kind: 'wildcard', path, value }]
  if (before.isAlwaysAnother) return namesOf(path, value, before)
  return [{ kind: path.endsWith('[]') ? 'added' : 'new', path, value }]
}

/** Names within a text of those classes of which it is not always another one. */
function namesOf(path: string, value: string, before: Before): readonly Difference[] {
  for (const [name, namesIn] of Object.entries(nameClasses)) {
    const earlier = before.names(name)
    const fresh = namesIn(value).find((one) => !earlier.all.has(one))
    if (fresh !== undefined && !earlier.isAlwaysAnother) return [{ kind: 'name', path, value: fresh }]
  }
  return []
}

/** Being on such a list keeps something from happening: its name says so, `exclude`, `maskedColumns`. */
function droppedAt(
  path: string,
  values: readonly Scalar[],
  lists: readonly (readonly Scalar[])[],
): readonly Difference[] {
  if (!wordsOf(path).some((one) => protecting.test(one))) return []
  const [newest = []] = lists
  return newest
    .filter((one) => !values.includes(one) && lists.every((its) => its.includes(one)))
    .map((value) => ({ kind: 'dropped', path, value }))
}

const protecting =
  /^(?:exclud(?:e|es|ed|ing)|exclusions?|except(?:ions?)?|den(?:y|ied)|denylist|blocked|blocklist|mask(?:s|ed)?|redact(?:s|ed)?|protect(?:s|ed)?)$/

/** Of the name under which a value stands: `masked` and `columns`. */
function wordsOf(path: string): readonly string[] {
  const [name = ''] = /[^.[\]]+(?=(?:\[\])*$)/.exec(path) ?? []
  return name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map((one) => one.toLowerCase())
}

/** What all of them said: a parameter, or something within one. */
function goneFrom(now: Looked, approved: readonly Looked[]): readonly Difference[] {
  const [newest, ...others] = approved
  const its = parametersOf(now)
  const gone = [...(newest?.leaves.keys() ?? [])].filter(
    (path) => !now.leaves.has(path) && others.every(({ leaves }) => leaves.has(path)),
  )
  const named = gone.map((path) => (its.has(parameterOf(path)) ? path : parameterOf(path)))
  return [...new Set(named)].map((path) => ({ kind: 'gone', path, value: null }))
}

function parametersOf({ leaves }: Looked): ReadonlySet<string> {
  return new Set([...leaves.keys()].map(parameterOf))
}

/** `params.rules` of `params.rules[].port`. */
function parameterOf(path: string): string {
  return /^params\.(?:"(?:[^"\\]|\\.)*"|[^.[]*)/.exec(path)?.[0] ?? path
}
