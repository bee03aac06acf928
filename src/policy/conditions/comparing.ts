import type { Comparison, Value } from './engine.ts'

/** Finds a pattern in a text; throws when that takes too long. */
export type Search = (pattern: string, text: string) => boolean

type Operator = Comparison['operator']
interface Test {
  readonly holds: (left: Value, right: Value, searches: Search) => boolean | null
  readonly yes: Operator
  readonly no: Operator
  /** The same with its sides exchanged; null where they cannot be. */
  readonly turned: string | null
}

const ordered =
  (decide: (left: number | bigint, right: number | bigint) => boolean): Test['holds'] =>
  (left, right) =>
    isNumber(left) && isNumber(right) ? decide(left, right) : null
const equal: Test['holds'] = (left, right) => {
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right)
  return isPlain(left) && isPlain(right) && typeof left === typeof right ? left === right : null
}
const texts =
  (decide: (text: string, part: string, searches: Search) => boolean): Test['holds'] =>
  (left, right, searches) =>
    typeof left === 'string' && typeof right === 'string' ? decide(left, right, searches) : null

/** By the engine's names. */
export const tests: Readonly<Record<string, Test>> = {
  '_>_': { holds: ordered((a, b) => a > b), yes: '>', no: '<=', turned: '_<_' },
  '_>=_': { holds: ordered((a, b) => a >= b), yes: '>=', no: '<', turned: '_<=_' },
  '_<_': { holds: ordered((a, b) => a < b), yes: '<', no: '>=', turned: '_>_' },
  '_<=_': { holds: ordered((a, b) => a <= b), yes: '<=', no: '>', turned: '_>=_' },
  '_==_': { holds: equal, yes: '==', no: '!=', turned: '_==_' },
  '_!=_': {
    holds: (left, right, searches) => not(equal(left, right, searches)),
    yes: '!=',
    no: '==',
    turned: '_!=_',
  },
  '@in': { holds: among, yes: 'in', no: 'not in', turned: null },
  startsWith: {
    holds: texts((text, part) => text.startsWith(part)),
    yes: 'starts with',
    no: 'does not start with',
    turned: null,
  },
  endsWith: {
    holds: texts((text, part) => text.endsWith(part)),
    yes: 'ends with',
    no: 'does not end with',
    turned: null,
  },
  contains: {
    holds: texts((text, part) => text.includes(part)),
    yes: 'contains',
    no: 'does not contain',
    turned: null,
  },
  matches: {
    holds: texts((text, pattern, searches) => searches(pattern, text)),
    yes: 'matches',
    no: 'does not match',
    turned: null,
  },
}

function not(truth: boolean | null): boolean | null {
  return truth === null ? null : !truth
}

/** Whether an item is in a list; not known when some item cannot be compared with it. */
function among(item: Value, list: Value, searches: Search): boolean | null {
  if (!isList(list)) return null
  const truths = list.map((one) => equal(item, one, searches))
  return truths.includes(true) ? true : truths.includes(null) ? null : false
}

const ranks: readonly (readonly Operator[])[] = [
  ['>', '>=', '<', '<='],
  ['in', 'has', 'matches', 'contains', 'starts with', 'ends with'],
]

/** Numbers first, then what was found. */
export function rankOf({ operator, value }: Comparison): number {
  if (typeof value === 'number') return 0
  const rank = ranks.findIndex((rank) => rank.includes(operator))
  return rank === -1 ? ranks.length : rank
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isPlain(value: Value): value is string | boolean {
  return typeof value === 'string' || typeof value === 'boolean'
}

/** `Array.isArray` does not narrow a readonly array. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}
