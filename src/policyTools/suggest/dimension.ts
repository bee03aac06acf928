import type { Json } from '../../core/json.ts'
import { quoted } from './quoted.ts'

/** So many values of one thing are listed in a condition; what has more differs too much. */
export const mostValues = 20

/** So many combinations of values are written out one by one. */
const mostCombinations = 8

/** One thing of a request that is bound to the very values that were seen: a parameter, or the id of the resource. */
export interface Dimension {
  /** As a condition writes it: `params.table`. */
  readonly path: string
  /** What says that it is there; null where it always is. */
  readonly presence: string | null
  /** Of each request, in their order; null where it was left out. */
  readonly values: readonly (string | boolean | null)[]
}

/** The different values, in an order that does not depend on that of the requests. */
export function distinct<T extends Json>(values: readonly T[]): readonly T[] {
  const byText = new Map(values.map((value) => [JSON.stringify(value), value]))
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, value]) => value)
}

/** The least and the most. */
export function extremes(numbers: readonly number[]): readonly [number, number] {
  return numbers.reduce<readonly [number, number]>(
    ([least, most], one) => [Math.min(least, one), Math.max(most, one)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}

/** A literal of CEL. */
export function literal(value: string | boolean | number): string {
  return typeof value === 'string' ? quoted(value) : String(value)
}

/** `[…]` of literals. */
export function listed(values: readonly (string | boolean | number)[]): string {
  return `[${values.map(literal).join(', ')}]`
}

/** What holds of exactly these values. */
export function among({ path, presence }: Omit<Dimension, 'values'>, values: Dimension['values']): string {
  const there = values.filter((value) => value !== null)
  const [only] = there
  if (only === undefined) return presence === null ? 'false' : `!${unary(presence)}`
  const is = there.length === 1 ? `${path} == ${literal(only)}` : `${path} in ${listed(there)}`
  if (presence === null) return is
  return there.length === values.length ? `${presence} && ${is}` : `(!${unary(presence)} || ${is})`
}

/** What is negated is one thing. */
function unary(presence: string): string {
  return presence.startsWith('has(') ? presence : `(${presence})`
}

/**
 * Conditions that hold of exactly the combinations that were seen: where two things differ, a value of the one that only came with a
 * value of the other is not let through with another. Null where there are too many to write out.
 */
export function bound(dimensions: readonly Dimension[]): readonly string[] | null {
  const varying = dimensions.filter(({ values }) => distinct(values).length > 1)
  const fixed = dimensions.filter((one) => !varying.includes(one))
  const alone = (one: Dimension): string => among(one, distinct(one.values))
  if (isEveryCombination(varying)) return [...fixed, ...varying].map(alone)
  const seen = combinationsOf(varying)
  if (seen.length > mostCombinations) return null
  const each = seen.map((values) =>
    varying.map((one, index) => among(one, [values[index] ?? null])).join(' && '),
  )
  return [...fixed.map(alone), `(${each.join('\n  || ')})`]
}

export function combinationsOf(
  varying: readonly Dimension[],
): readonly (readonly (string | boolean | null)[])[] {
  const [first] = varying
  return distinct((first?.values ?? []).map((_, index) => varying.map(({ values }) => values[index] ?? null)))
}

export function isEveryCombination(varying: readonly Dimension[]): boolean {
  const possible = varying.reduce((product, { values }) => product * distinct(values).length, 1)
  return varying.length < 2 || combinationsOf(varying).length === possible
}
