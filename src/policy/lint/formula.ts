import { type Node, pathOf } from '../conditions/node.ts'

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

/** The formula of a condition, or with `holds: false` that of its contrary. */
export function formulaOf(node: Node, holds = true): Formula {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const parts = node.parts.map((part) => formulaOf(part, holds))
      return { kind: (node.kind === 'and') === holds ? 'and' : 'or', parts }
    }
    case 'literal':
      return node.value === holds ? always : never
    case 'macro':
      return quantified(node, holds)
    case 'call':
      return call(node, holds)
    default:
      return flag(node, holds)
  }
}

/** A path that stands for a part that cannot be reasoned about. */
export function isOpaque(path: string): boolean {
  return path.startsWith('?')
}

/** A text by which two tests are the same. */
export function keyOf(test: Test): string {
  return JSON.stringify(test)
}

type CallNode = Extract<Node, { kind: 'call' }>

function call(node: CallNode, holds: boolean): Formula {
  const { name, target, args } = node
  const [left, right, other] = target ? [target, ...args] : args
  if (name === '!_' && left) return formulaOf(left, !holds)
  if (name === '_?_:_' && left && right && other) {
    const yes: Formula = { kind: 'and', parts: [formulaOf(left), formulaOf(right, holds)] }
    const no: Formula = { kind: 'and', parts: [formulaOf(left, false), formulaOf(other, holds)] }
    return { kind: 'or', parts: [yes, no] }
  }
  if (!left || !right) return opaque(node, holds)
  if (name === '@in') return membership(node, { left, right, holds })
  const how = textTests.find((one) => one === name)
  const operand = constantOf(right)
  if (how !== undefined) {
    const path = valuePath(left)
    if (path === null || typeof operand !== 'string') return opaque(node, holds)
    return { kind: 'test', path, test: { is: 'text', how, operand, holds } }
  }
  return comparison(node, { left, right, holds })
}

interface Sides {
  readonly left: Node
  readonly right: Node
  readonly holds: boolean
}

const mirrored: Readonly<Record<string, string>> = {
  '_==_': '_==_',
  '_!=_': '_!=_',
  '_<_': '_>_',
  '_>_': '_<_',
  '_<=_': '_>=_',
  '_>=_': '_<=_',
}

function comparison(node: CallNode, { left, right, holds }: Sides): Formula {
  const swap = constantOf(left) !== null
  const name = swap ? mirrored[node.name] : node.name in mirrored ? node.name : undefined
  const path = valuePath(swap ? right : left)
  const value = constantOf(swap ? left : right)
  if (name === undefined || path === null || value === null) return opaque(node, holds)
  if (name === '_==_' || name === '_!=_') {
    const is = (name === '_==_') === holds ? 'among' : 'not among'
    return { kind: 'test', path, test: { is, values: [value] } }
  }
  if (typeof value !== 'number') return opaque(node, holds)
  const below = name === '_<_' || name === '_<=_'
  const orEqual = name === '_<=_' || name === '_>=_'
  const test: Test = holds
    ? { is: below ? 'below' : 'above', bound: value, orEqual }
    : { is: below ? 'above' : 'below', bound: value, orEqual: !orEqual }
  return { kind: 'test', path, test }
}

function membership(node: CallNode, { left, right, holds }: Sides): Formula {
  const item = constantOf(left)
  const within = valuePath(right)
  if (item !== null && within === 'resource.labels') {
    const test: Test = { is: holds ? 'present' : 'absent' }
    return typeof item === 'string' ? { kind: 'test', path: `${within}.${item}`, test } : opaque(node, holds)
  }
  if (item !== null && within !== null)
    return { kind: 'test', path: within, test: { is: holds ? 'holding' : 'lacking', value: item } }
  const path = valuePath(left)
  const items = right.kind === 'list' ? right.items.map(constantOf) : [null]
  const values = items.filter((value) => value !== null)
  if (path === null || values.length < items.length) return opaque(node, holds)
  return { kind: 'test', path, test: { is: holds ? 'among' : 'not among', values } }
}

function quantified(node: Extract<Node, { kind: 'macro' }>, holds: boolean): Formula {
  const path = valuePath(node.range)
  const isQuantifier = node.name === 'exists' || node.name === 'all'
  if (!isQuantifier || path === null || node.test === null) return opaque(node, holds)
  const is = (node.name === 'exists') === holds ? 'some' : 'every'
  return {
    kind: 'test',
    path,
    test: { is, variable: node.variable, of: formulaOf(node.test, holds) },
  }
}

/** A bool by itself, or `has()`. */
function flag(node: Node, holds: boolean): Formula {
  const path = pathOf(node)
  if (path === null) return opaque(node, holds)
  const test: Test =
    node.kind === 'select' && node.has
      ? { is: holds ? 'present' : 'absent' }
      : { is: 'among', values: [holds] }
  return { kind: 'test', path, test }
}

/** A fact, its size, or its text in small letters. */
function valuePath(node: Node): string | null {
  if (node.kind !== 'call') return node.kind === 'select' && node.has ? null : pathOf(node)
  const of = node.target ?? node.args[0]
  const path = of && (node.name === 'size' || node.name === 'lowerAscii') ? pathOf(of) : null
  return path && `${node.name}(${path})`
}

function constantOf(node: Node): Constant | null {
  if (node.kind === 'call' && node.name === '-_' && node.args[0]) {
    const value = constantOf(node.args[0])
    return typeof value === 'number' ? -value : null
  }
  if (node.kind !== 'literal') return null
  if (typeof node.value !== 'bigint') return node.value
  return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : null
}

function opaque(node: Node, holds: boolean): Formula {
  return { kind: 'test', path: `?${textOf(node)}`, test: { is: 'among', values: [holds] } }
}

/** Without places, so that the same words anywhere are the same. */
function textOf(node: Node): string {
  return JSON.stringify(node, (name, value: unknown) => {
    if (name === 'at') return undefined
    return typeof value === 'bigint' ? `${value}n` : value
  })
}
