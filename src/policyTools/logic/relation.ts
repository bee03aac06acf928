import type { Clause, IsWhole } from './clause.ts'
import { allowedBy, intervalOf, isImpossible, type Tests } from './domain.ts'
import type { Relation } from './formula.ts'

/** The same relation, seen from the other value: `path` is where the test stood. */
export function mirrored({ how, flipped, holds }: Relation, path: string): Relation {
  return { is: 'relation', how, path, flipped: how !== 'equals' && !flipped, holds }
}

/** Every path that leads to the same value as this one, itself first; the sizes of equal values are equal too. */
export function sameAs(clause: Clause, path: string): readonly string[] {
  const [, derived, base] = /^(size|lowerAscii)\((.+)\)$/.exec(path) ?? []
  const known =
    derived === undefined || base === undefined
      ? [path]
      : equals(clause, [base]).map((one) => `${derived}(${one})`)
  return equals(clause, known)
}

/** Everything that is asked of the value at a path, under whatever path. */
export function askedOf(clause: Clause, path: string): Tests {
  const names = sameAs(clause, path)
  const [first = path, ...others] = names
  const own = clause.get(first) ?? []
  return others.length === 0 ? own : [...own, ...others.flatMap((one) => clause.get(one) ?? [])]
}

/**
 * Whether what is asked of a value, under all its paths and by its relations, can certainly not be met. Equal values have
 * one domain; unequal ones are compared by what bounds them.
 */
export function clashes(clause: Clause, path: string, isWhole: IsWhole): boolean {
  const names = sameAs(clause, path)
  const tests = askedOf(clause, path)
  if (names.length > 1 && isImpossible(tests, names.some(isWhole))) return true
  const relations = tests.filter((test) => test.is === 'relation')
  return [...new Set(relations.map((test) => test.path))].some((other) => {
    const others = sameAs(clause, other)
    const between = relations.filter((test) => others.includes(test.path))
    if (names.includes(other)) return between.some(isNotOfItself)
    const side = (one: readonly string[], asked: Tests): Side => ({ tests: asked, whole: one.some(isWhole) })
    return contrary(between) || tooFar(between, side(names, tests), side(others, askedOf(clause, other)))
  })
}

function equals(clause: Clause, known: readonly string[]): readonly string[] {
  const found = new Set(known)
  for (const path of found)
    for (const test of clause.get(path) ?? [])
      if (test.is === 'relation' && test.how === 'equals' && test.holds) found.add(test.path)
  return [...found]
}

/** No value is below itself; every text begins and ends with itself, and holds itself. */
function isNotOfItself({ how, holds }: Relation): boolean {
  return how !== 'in' && (how === 'below') === holds
}

type Order = 'below' | 'equal' | 'above'

/** Relations between the same two values that leave none of below, equal and above, or that deny each other. */
function contrary(between: readonly Relation[]): boolean {
  const left = (['below', 'equal', 'above'] as const).filter((order) =>
    between.every((test) => fits(order, test)),
  )
  const denied = between.some((one) =>
    between.some(
      ({ how, flipped, holds }) => how === one.how && flipped === one.flipped && holds !== one.holds,
    ),
  )
  return left.length === 0 || denied
}

function fits(order: Order, { how, flipped, holds }: Relation): boolean {
  if (how === 'equals') return (order === 'equal') === holds
  return how !== 'below' || (order === (flipped ? 'above' : 'below')) === holds
}

interface Side {
  readonly tests: Tests
  readonly whole: boolean
}

/** A relation that no two values of the two domains are in. */
function tooFar(between: readonly Relation[], one: Side, other: Side): boolean {
  return between.some(({ how, flipped, holds }) => {
    const [left, right] = flipped ? [other, one] : [one, other]
    if (how === 'below') return holds ? isAtLeast(left, right) : isBelow(left, right)
    if (how === 'equals') return !holds && isSame(left, right)
    return how === 'in' && isMember(left, right, !holds)
  })
}

function isSame(left: Side, right: Side): boolean {
  const [one, other] = [allowedBy(left.tests), allowedBy(right.tests)]
  return one?.length === 1 && other?.length === 1 && one[0] === other[0]
}

/** Whether each of the few values that the item can be is held by the list, or with `holds: false` is not. */
function isMember(item: Side, list: Side, holds: boolean): boolean {
  const said = list.tests.flatMap((test) => (test.is === (holds ? 'holding' : 'lacking') ? [test.value] : []))
  return allowedBy(item.tests)?.every((value) => said.includes(value)) ?? false
}

function isAtLeast(left: Side, right: Side): boolean {
  return boundsOf(left).low.at >= boundsOf(right).high.at
}

function isBelow(left: Side, right: Side): boolean {
  const [{ high }, { low }] = [boundsOf(left), boundsOf(right)]
  return high.at < low.at || (high.at === low.at && !(high.included && low.included))
}

/** Between which numbers a value is; of whole ones, the outermost that are possible. */
function boundsOf({ tests, whole }: Side): ReturnType<typeof intervalOf> {
  const numbers = allowedBy(tests)?.filter((value) => typeof value === 'number')
  if (numbers && numbers.length > 0)
    return {
      low: { at: Math.min(...numbers), included: true },
      high: { at: Math.max(...numbers), included: true },
    }
  const { low, high } = intervalOf(tests)
  if (!whole) return { low, high }
  return {
    low: { at: low.included ? Math.ceil(low.at) : Math.floor(low.at) + 1, included: true },
    high: { at: high.included ? Math.floor(high.at) : Math.ceil(high.at) - 1, included: true },
  }
}
