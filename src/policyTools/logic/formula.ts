/** A constant of a condition; integers are safe integers. */
export type Constant = string | number | boolean

/** What a condition asks of one value. Whatever but `absent` is only true of a value that is there. */
export type Test =
  | { readonly is: 'present' }
  | { readonly is: 'absent' }
  | { readonly is: 'below'; readonly bound: number; readonly orEqual: boolean }
  | { readonly is: 'above'; readonly bound: number; readonly orEqual: boolean }
  | { readonly is: 'among'; readonly values: readonly Constant[] }
  | { readonly is: 'not among'; readonly values: readonly Constant[] }
  | { readonly is: 'text'; readonly how: TextTest; readonly operand: string; readonly holds: boolean }
  /** The list holds the constant, or does not. */
  | { readonly is: 'holding'; readonly value: Constant }
  | { readonly is: 'lacking'; readonly value: Constant }
  /** Some item, or every item, of the list is as the formula says; its paths begin with the variable. */
  | { readonly is: 'some'; readonly variable: string; readonly of: Formula }
  | { readonly is: 'every'; readonly variable: string; readonly of: Formula }
  | Relation

/**
 * How the value stands to the one at another path: `how` to it, or with `flipped` that one to this; with `holds: false`
 * the contrary. `a <= b` is that `b` is not below `a`. Never flipped where both ways are the same.
 */
export interface Relation {
  readonly is: 'relation'
  readonly how: 'equals' | 'below' | 'in' | 'startsWith' | 'endsWith' | 'contains'
  readonly path: string
  readonly flipped: boolean
  readonly holds: boolean
}

export const textTests = ['startsWith', 'endsWith', 'contains', 'matches'] as const
export type TextTest = (typeof textTests)[number]

/**
 * A condition in negation normal form, as far as it can be reasoned about. A part that cannot (arithmetic, times, loops
 * that build lists) is a test whether a value by the name of its text is `true`: equal texts are then equal.
 */
export type Formula =
  | { readonly kind: 'and'; readonly parts: readonly Formula[] }
  | { readonly kind: 'or'; readonly parts: readonly Formula[] }
  | { readonly kind: 'test'; readonly path: string; readonly test: Test }

export const always: Formula = { kind: 'and', parts: [] }
export const never: Formula = { kind: 'or', parts: [] }

/** A path that stands for a part that cannot be reasoned about. */
export function isOpaque(path: string): boolean {
  return path.startsWith('?')
}

/** A text by which two tests are the same. */
export function keyOf(test: Test): string {
  return JSON.stringify(test)
}

/** Paths that lead to mappings: `in` asks whether they have a name. */
export function isMapping(path: string): boolean {
  return mappings.includes(path) || /^resources(\.\w+(\.labels)?)?$/.test(path)
}

const mappings: readonly string[] = [
  'params',
  'resource',
  'resource.labels',
  'agent',
  'agent.owner',
  'initiator',
  'request',
]
