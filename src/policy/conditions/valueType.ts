/**
 * The static types of conditions. `int` carries the largest magnitude it can have, so that overflow is found at load.
 * `string` may be one of a few known texts: comparing it with any other is a mistake. `dyn` is JSON that the catalogue
 * leaves open: reads need `has()`, and a wrong type is only found when it is evaluated.
 */
export type ValueType =
  | { readonly kind: 'bool' | 'double' | 'timestamp' | 'duration' | 'dyn' | 'opaque' }
  | { readonly kind: 'int'; readonly most: bigint }
  | { readonly kind: 'string'; readonly oneOf?: KnownTexts }
  | { readonly kind: 'list'; readonly of: ValueType | null }
  | { readonly kind: 'map' }
  | {
      readonly kind: 'object'
      readonly fields: ReadonlyMap<string, Field>
      readonly open: boolean
      /** A field that is true or false, and shows, where it is true, that these others are there. */
      readonly guard?: { readonly field: string; readonly shows: readonly string[] }
    }

export interface KnownTexts {
  /** What they are, for messages: `a sensitivity`, `a window`. */
  readonly what: string
  readonly values: readonly string[]
  readonly code: 'cel/unknown-value' | 'cel/unknown-window'
}

export interface Field {
  readonly type: ValueType
  readonly optional: boolean
}

/** JSON integers are safe integers or are refused at the door. */
const safe = 2n ** 53n - 1n
export const bool = { kind: 'bool' } as const
export const double = { kind: 'double' } as const
export const timestamp = { kind: 'timestamp' } as const
export const duration = { kind: 'duration' } as const
export const dyn = { kind: 'dyn' } as const
export const opaque = { kind: 'opaque' } as const
export const string = { kind: 'string' } as const
export const int = { kind: 'int', most: safe } as const
export const listOf = (of: ValueType | null) => ({ kind: 'list', of }) as const
export const oneOf = (texts: KnownTexts) => ({ kind: 'string', oneOf: texts }) as const

/** As a reader of the catalogue would call it. */
export function nameOfType(type: ValueType): string {
  if (type.kind === 'list') return type.of === null ? 'an empty list' : `a list of ${nameOfType(type.of)}`
  return names[type.kind]
}

const names = {
  bool: 'bool',
  double: 'number',
  timestamp: 'timestamp',
  duration: 'duration',
  dyn: 'open JSON',
  opaque: 'opaque',
  int: 'int',
  string: 'string',
  map: 'a mapping',
  object: 'a mapping',
} as const

export const isNumber = ({ kind }: ValueType): boolean => kind === 'int' || kind === 'double'

/** Whether `==` between the two can mean anything. Integers and numbers compare with each other. */
export function comparable(left: ValueType, right: ValueType): boolean {
  if (left.kind === 'dyn' || right.kind === 'dyn') return true
  if (left.kind === 'list' && right.kind === 'list')
    return left.of === null || right.of === null || comparable(left.of, right.of)
  if (isNumber(left) && isNumber(right)) return true
  return left.kind === right.kind && left.kind !== 'object' && left.kind !== 'map' && left.kind !== 'opaque'
}

/** The type of an expression that is one or the other; null when there is none. */
export function either(left: ValueType, right: ValueType): ValueType | null {
  if (left.kind === 'int' && right.kind === 'int') return left.most > right.most ? left : right
  if (left.kind === 'list' && right.kind === 'list') {
    if (left.of === null || right.of === null) return left.of === null ? right : left
    const of = either(left.of, right.of)
    return of && listOf(of)
  }
  if (left.kind === 'string' && right.kind === 'string') return left.oneOf === right.oneOf ? left : string
  if (left.kind === right.kind) return left
  return left.kind === 'dyn' || right.kind === 'dyn' ? dyn : null
}
