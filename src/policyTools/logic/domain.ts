import { compiledRegex } from '../../policy/conditions/regex.ts'
import { type Constant, keyOf, type Test } from './formula.ts'

/** Everything that is asked of one value at once. */
export type Tests = readonly Test[]

/**
 * Whether no value can pass all the tests (docs/policy-tools.md#lint): an interval, allowed and forbidden constants,
 * presence. True only when that is certain. `whole`: only whole numbers are possible.
 */
export function isImpossible(tests: Tests, whole: boolean): boolean {
  if (tests.some(({ is }) => is === 'absent') && tests.some(({ is }) => is !== 'absent')) return true
  const allowed = allowedBy(tests)
  if (allowed !== null) return allowed.length === 0
  return emptyInterval(tests, whole) || contrary(tests)
}

/** Whether every value that passes the tests passes this one too. True only when that is certain. */
export function implies(tests: Tests, test: Test, whole: boolean): boolean {
  if (tests.some((one) => keyOf(one) === keyOf(test))) return true
  if (test.is === 'present') return tests.some(({ is }) => is !== 'absent')
  if (test.is === 'absent') return false
  const allowed = allowedBy(tests)
  if (allowed !== null) return isScalar(test) && allowed.every((value) => passes(value, test))
  switch (test.is) {
    case 'below':
    case 'above':
      return !isPossibly(tests, contraryBound(test), whole)
    case 'not among':
      return test.values.every((value) => tests.some((one) => isScalar(one) && !passes(value, one)))
    case 'text':
      return tests.some((one) => one.is === 'text' && impliesText(one, test))
    default:
      return false
  }
}

/** The constants that are left where tests name the only possible ones; null where none does. */
export function allowedBy(tests: Tests): readonly Constant[] | null {
  const lists = tests.filter((test) => test.is === 'among')
  const [first] = lists
  return (
    first?.values.filter((value) => tests.every((test) => !isScalar(test) || passes(value, test))) ?? null
  )
}

/** Whether one value passes a test; what a relation to another value asks is for whoever knows that one. */
export function passes(value: Constant, test: Test): boolean {
  switch (test.is) {
    case 'below':
    case 'above': {
      if (typeof value !== 'number') return false
      if (value === test.bound) return test.orEqual
      return test.is === 'below' ? value < test.bound : value > test.bound
    }
    case 'among':
      return test.values.includes(value)
    case 'not among':
      return !test.values.includes(value)
    case 'text':
      return typeof value === 'string' && passesText(value, test) === test.holds
    default:
      return test.is === 'present' || test.is === 'relation'
  }
}

/** The lowest and the highest number that may pass; infinite where nothing bounds it. */
export function intervalOf(tests: Tests): { low: Bound; high: Bound } {
  let low: Bound = { at: Number.NEGATIVE_INFINITY, included: false }
  let high: Bound = { at: Number.POSITIVE_INFINITY, included: false }
  for (const test of tests) {
    if (test.is !== 'below' && test.is !== 'above') continue
    const { bound: at, orEqual: included } = test
    const isTighter = (than: Bound, further: boolean) => further || (at === than.at && !included)
    if (test.is === 'above' && isTighter(low, at > low.at)) low = { at, included }
    if (test.is === 'below' && isTighter(high, at < high.at)) high = { at, included }
  }
  return { low, high }
}

interface Bound {
  readonly at: number
  readonly included: boolean
}
type TextBound = Extract<Test, { is: 'text' }>
type NumberBound = Extract<Test, { is: 'below' | 'above' }>

function isScalar({ is }: Test): boolean {
  return is === 'below' || is === 'above' || is === 'among' || is === 'not among' || is === 'text'
}

function passesText(value: string, { how, operand }: TextBound): boolean {
  if (how !== 'matches') return value[how === 'contains' ? 'includes' : how](operand)
  const regex = compiledRegex(operand)
  return typeof regex !== 'string' && regex.test(value)
}

function emptyInterval(tests: Tests, whole: boolean): boolean {
  const { low, high } = intervalOf(tests)
  if (!whole) return low.at > high.at || (low.at === high.at && !(low.included && high.included))
  const lowest = low.included ? Math.ceil(low.at) : Math.floor(low.at) + 1
  const highest = high.included ? Math.floor(high.at) : Math.ceil(high.at) - 1
  if (lowest > highest) return true
  const numbers =
    highest - lowest < 50 ? Array.from({ length: highest - lowest + 1 }, (_, nth) => lowest + nth) : []
  return (
    numbers.length > 0 &&
    numbers.every((value) => tests.some((test) => isScalar(test) && !passes(value, test)))
  )
}

/** A text test, or a constant in a list, and its contrary. */
function contrary(tests: Tests): boolean {
  const texts = tests.filter((test) => test.is === 'text')
  if (
    texts.some(
      (one) =>
        one.holds && texts.some((other) => !other.holds && impliesText(one, { ...other, holds: true })),
    )
  )
    return true
  const prefixes = texts.filter(({ how, holds }) => how === 'startsWith' && holds)
  const clash = prefixes.some((one) => prefixes.some((other) => !nested(one.operand, other.operand)))
  const held = tests.filter((test) => test.is === 'holding').map(({ value }) => value)
  return clash || tests.some((test) => test.is === 'lacking' && held.includes(test.value))
}

function nested(left: string, right: string): boolean {
  return left.startsWith(right) || right.startsWith(left)
}

function impliesText(known: TextBound, wanted: TextBound): boolean {
  if (known.holds !== wanted.holds) return false
  const [inner, outer] = known.holds ? [wanted, known] : [known, wanted]
  if (inner.how === 'matches' || outer.how === 'matches')
    return inner.how === outer.how && inner.operand === outer.operand
  if (inner.how === 'contains') return outer.operand.includes(inner.operand)
  return inner.how === outer.how && outer.operand[inner.how](inner.operand)
}

function contraryBound({ is, bound, orEqual }: NumberBound): Test {
  return { is: is === 'below' ? 'above' : 'below', bound, orEqual: !orEqual }
}

function isPossibly(tests: Tests, more: Test, whole: boolean): boolean {
  return !isImpossible([...tests, more], whole)
}
