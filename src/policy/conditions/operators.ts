import type { DiagnosticCode } from './engine.ts'
import { type Node, pathOf } from './node.ts'
import { pathTo } from './path.ts'
import type { KnownTexts, ValueType } from './valueType.ts'
import * as t from './valueType.ts'

/** A call whose parts have types already. */
export interface Call {
  readonly name: string
  readonly target: Argument | null
  readonly args: readonly Argument[]
  /** The variable of the macro around it, or null. */
  readonly variable: string | null
  refuse(code: DiagnosticCode, message: string, at?: number): null
  /** What is wrong with a pattern, or null after compiling it. */
  compileRegex(pattern: string): string | null
}

export interface Argument {
  readonly node: Node
  readonly type: ValueType
}

type Binary = (call: Call, left: Argument, right: Argument) => ValueType | null

const binary =
  (rule: Binary) =>
  (call: Call): ValueType | null => {
    const [left, right] = call.args
    return left && right
      ? rule(call, left, right)
      : call.refuse('cel/type-mismatch', `${call.name} takes two values.`)
  }

/** Operators by the name that the parser gives them. */
export const operators: ReadonlyMap<string, (call: Call) => ValueType | null> = new Map([
  ['_==_', binary(equality)],
  ['_!=_', binary(equality)],
  ...['_<_', '_<=_', '_>_', '_>=_'].map((name) => [name, binary(order)] as const),
  ['@in', binary(membership)],
  ['_+_', binary(sum)],
  ['_-_', binary(sum)],
  ['_*_', binary(product)],
  ['_/_', binary(quotient)],
  ['_%_', binary(quotient)],
  ['-_', negation],
])

const largest = 2n ** 63n - 1n
const exact = 2n ** 53n

function equality(call: Call, left: Argument, right: Argument): ValueType | null {
  if (!t.comparable(left.type, right.type)) return mismatch(call, 'compared with', [left, right])
  if (inexact(left.type, right.type)) return call.refuse('cel/may-fail', rounded)
  return knownTexts(call, left, right) && knownTexts(call, right, left) ? t.bool : null
}

function order(call: Call, left: Argument, right: Argument): ValueType | null {
  const [a, b] = [left.type, right.type]
  if (a.kind === 'dyn' || b.kind === 'dyn') return t.bool
  if (inexact(a, b)) return call.refuse('cel/may-fail', rounded)
  if (t.isNumber(a) && t.isNumber(b)) return t.bool
  const ordered = a.kind === b.kind && ['string', 'timestamp', 'duration'].includes(a.kind)
  return ordered ? t.bool : mismatch(call, 'ordered against', [left, right])
}

function membership(call: Call, item: Argument, within: Argument): ValueType | null {
  const list = within.type
  if (list.kind === 'dyn') return t.bool
  if (list.kind === 'map' || list.kind === 'object')
    return item.type.kind === 'string' || item.type.kind === 'dyn'
      ? t.bool
      : mismatch(call, 'looked for in', [item, within])
  if (list.kind !== 'list') return mismatch(call, 'looked for in', [item, within])
  if (list.of === null) return t.bool
  if (!t.comparable(item.type, list.of)) return mismatch(call, 'looked for in', [item, within])
  if (inexact(item.type, list.of)) return call.refuse('cel/may-fail', rounded)
  const items = within.node.kind === 'list' ? within.node.items : []
  const oneByOne = items.map((node) => knownTexts(call, item, { node, type: t.string }))
  return oneByOne.every(Boolean) && knownTexts(call, { node: within.node, type: list.of }, item)
    ? t.bool
    : null
}

function sum(call: Call, left: Argument, right: Argument): ValueType | null {
  const [a, b] = [left.type, right.type]
  if (a.kind === 'int' && b.kind === 'int') return bounded(call, a.most + b.most)
  if (a.kind === 'dyn' || b.kind === 'dyn') return t.dyn
  if (a.kind === 'double' && b.kind === 'double') return t.double
  if (call.name === '_+_' && a.kind === 'string' && b.kind === 'string') return t.string
  if (call.name === '_+_' && a.kind === 'list' && b.kind === 'list')
    return t.either(a, b) ?? mismatch(call, 'joined with', [left, right])
  if (call.name === '_-_' && a.kind === 'timestamp' && b.kind === 'timestamp') return t.duration
  // Only a written duration, so that the sum cannot leave the range of timestamps.
  const writtenOut = right.node.kind === 'call' && right.node.name === 'duration'
  if (a.kind === 'timestamp' && b.kind === 'duration' && writtenOut) return t.timestamp
  return mismatch(call, call.name === '_+_' ? 'added to' : 'taken from', [left, right])
}

function product(call: Call, left: Argument, right: Argument): ValueType | null {
  const [a, b] = [left.type, right.type]
  if (a.kind === 'int' && b.kind === 'int') return bounded(call, a.most * b.most)
  if (a.kind === 'dyn' || b.kind === 'dyn') return t.dyn
  return a.kind === 'double' && b.kind === 'double'
    ? t.double
    : mismatch(call, 'multiplied by', [left, right])
}

function quotient(call: Call, left: Argument, right: Argument): ValueType | null {
  const [a, b] = [left.type, right.type]
  const isModulo = call.name === '_%_'
  if (a.kind !== 'dyn' && (a.kind !== b.kind || !(a.kind === 'int' || (a.kind === 'double' && !isModulo))))
    return mismatch(call, 'divided by', [left, right])
  const { node } = right
  if (node.kind !== 'literal' || Number(node.value) === 0)
    return call.refuse('cel/may-fail', 'This could divide by zero: divide by a literal number other than 0.')
  if (a.kind === 'int' && b.kind === 'int') return isModulo ? { kind: 'int', most: b.most } : a
  return a.kind === 'double' ? t.double : t.dyn
}

function negation(call: Call): ValueType | null {
  const [of] = call.args
  if (of && (t.isNumber(of.type) || of.type.kind === 'dyn')) return of.type
  return call.refuse(
    'cel/type-mismatch',
    `Only a number can be negated, not ${of ? t.nameOfType(of.type) : 'nothing'}.`,
  )
}

function bounded(call: Call, most: bigint): ValueType | null {
  if (most <= largest) return { kind: 'int', most }
  return call.refuse(
    'cel/may-fail',
    'This could be too large for an int: use fewer factors, or compare the parts.',
  )
}

/** The engine compares an integer with a number after rounding it. */
function inexact(left: ValueType, right: ValueType): boolean {
  const tooLarge = (type: ValueType, other: ValueType): boolean =>
    type.kind === 'int' && other.kind === 'double' && type.most > exact
  return tooLarge(left, right) || tooLarge(right, left)
}

const rounded = 'This whole number could be beyond 2^53 and would be rounded: compare it with a whole number.'

/** Whether a literal text is one that the other side can have; says so when it is not. */
function knownTexts(call: Call, known: Argument, other: Argument): boolean {
  const texts: KnownTexts | undefined = known.type.kind === 'string' ? known.type.oneOf : undefined
  const literal = other.node.kind === 'literal' ? other.node.value : null
  if (!texts || typeof literal !== 'string' || texts.values.includes(literal)) return true
  const list =
    texts.values.length > 0 ? `Known: ${texts.values.join(', ')}.` : 'None is declared: add it to `windows`.'
  call.refuse(
    texts.code,
    `"${literal}" is not ${texts.what}, so this would never be true. ${list}`,
    other.node.at,
  )
  return false
}

function mismatch(call: Call, how: string, sides: readonly [Argument, Argument]): null {
  const [left, right] = sides
  const fix = fixOf(call, left, right) ?? fixOf(call, right, left)
  return call.refuse(
    'cel/type-mismatch',
    `${capital(t.nameOfType(left.type))} cannot be ${how} ${t.nameOfType(right.type)}${fix === null ? '' : `: ${fix}`}.`,
  )
}

/** What most likely was meant, seen from one side; null when that says nothing. */
function fixOf({ name }: Call, { node, type }: Argument, other: Argument): string | null {
  const literal = node.kind === 'literal' ? node.value : null
  if (t.isNumber(type) && t.isNumber(other.type)) return 'make both numbers with double(…)'
  if (typeof literal === 'string' && t.isNumber(other.type))
    return /^-?\d+(\.\d+)?$/.test(literal) ? `remove the quotes, ${literal}` : 'write a number without quotes'
  if (typeof literal === 'string' && other.type.kind === 'bool') return 'write true or false without quotes'
  if (literal !== null && typeof literal !== 'string' && other.type.kind === 'string')
    return `put it in quotes, "${literal}"`
  if (name === '@in' && type.kind === 'string' && other.type.kind === 'string')
    return 'write text.contains("a"), or put a list in square brackets'
  const path = pathOf(node)
  if (type.kind === 'object' && path !== null && type.fields.size > 0)
    return `name one of its fields, ${someFields(type.fields)
      .map((field) => pathTo(path, field))
      .join(', ')}`
  if (type.kind === 'map' && path !== null) return `name one of its keys, ${path}["key"]`
  if (type.kind === 'list' && path !== null && name !== '@in') return `ask what is in it, "a" in ${path}`
  return null
}

/** Those that a text or a number can be compared with; a catalogue may declare a great many. */
function someFields(fields: ReadonlyMap<string, t.Field>): readonly string[] {
  const plain = [...fields].filter(([, { type }]) => !['object', 'map', 'opaque', 'list'].includes(type.kind))
  return plain.slice(0, 4).map(([name]) => name)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
