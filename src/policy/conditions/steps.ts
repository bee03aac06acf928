import { conditionLimits } from './limits.ts'
import { childrenOf, type Node, pathOf } from './node.ts'
import { largerOf, listOf, openOf, type Size, type Sizes, scalar, textOf } from './sizes.ts'

/**
 * The most steps that a condition can take, whatever is sent and whatever way the evaluation goes: a step is about ten
 * nanoseconds on a machine of 2024. Counted from the tree and from how large each fact can be, never measured: the same
 * condition has the same steps on every machine, however busy. What regular expressions go through is left out, since
 * searches have a budget of their own (search.ts); so is reading the facts, which a request pays once, not a condition.
 *
 * The weights below were measured on the engine alone, with values made to be hard for each part.
 */
export function stepsOf(tree: Node, sizes: Sizes): number {
  return count(tree, { sizes, variable: null }).steps
}

/** The part of a condition that takes most of its steps, and how often it is evaluated at most. */
export interface Heaviest {
  readonly node: Node
  readonly times: number
}

/** Found by going down as long as one part takes more than half. */
export function heaviestIn(tree: Node, sizes: Sizes): Heaviest {
  return heaviest({ node: tree, times: 1 }, { sizes, variable: null })
}

function heaviest({ node, times }: Heaviest, scope: Scope): Heaviest {
  const enough = count(node, scope).steps / 2
  for (const part of partsOf(node, scope))
    if (count(part.node, part.scope).steps * part.times > enough)
      return heaviest({ node: part.node, times: times * part.times }, part.scope)
  return { node, times }
}

/** What stands in a macro is evaluated for every item. */
function partsOf(node: Node, scope: Scope): readonly (Heaviest & { readonly scope: Scope })[] {
  if (node.kind !== 'macro') return childrenOf(node).map((part) => ({ node: part, times: 1, scope }))
  const { size } = count(node.range, scope)
  const inner: Scope = { ...scope, variable: { name: node.variable, is: size.item ?? scalar } }
  const each = [node.test, node.step].flatMap((part) =>
    part ? [{ node: part, times: size.items, scope: inner }] : [],
  )
  return [{ node: node.range, times: 1, scope }, ...each]
}

interface Scope {
  readonly sizes: Sizes
  /** The variable of the macro around it. */
  readonly variable: { readonly name: string; readonly is: Size } | null
}

interface Counted {
  readonly steps: number
  readonly size: Size
}

function count(node: Node, scope: Scope): Counted {
  switch (node.kind) {
    case 'literal':
      return { steps: 2, size: typeof node.value === 'string' ? textOf(node.value.length) : scalar }
    case 'ident':
    case 'select':
      return fact(node, scope)
    case 'and':
    case 'or':
      return { steps: sum(node.parts.map((part) => count(part, scope).steps + 10)), size: scalar }
    case 'list':
      return list(node, scope)
    case 'macro':
      return macro(node, scope)
    case 'call':
      return call(node, scope)
    case 'foreign':
      return { steps: 0, size: scalar }
  }
}

type Of<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>

/** A fact by its path; a field of something that was computed can only be one of an open value. */
function fact(node: Of<'ident' | 'select'>, scope: Scope): Counted {
  const { variable, sizes } = scope
  if (node.kind === 'ident') {
    const size = node.name === variable?.name ? variable.is : sizes([node.name])
    return { steps: weights.name, size }
  }
  const path = pathNames(node)
  if (path !== null && path[0] !== variable?.name)
    return { steps: weights.fact, size: node.has ? scalar : sizes(path) }
  const of = count(node.of, scope)
  return {
    steps: of.steps + weights.fact + weights.failure,
    size: node.has ? scalar : openOf(of.size.bytes),
  }
}

function pathNames(node: Node): readonly string[] | null {
  if (node.kind === 'ident') return [node.name]
  if (node.kind !== 'select' || pathOf(node) === null) return null
  const above = pathNames(node.of)
  return above && [...above, node.field]
}

function list({ items }: Of<'list'>, scope: Scope): Counted {
  const counted = items.map((item) => count(item, scope))
  const item = counted.map(({ size }) => size).reduce(largerOf, scalar)
  return {
    steps: sum(counted.map(({ steps }) => steps + weights.item)) + weights.call,
    size: listOf(items.length, item),
  }
}

/** What stands in a macro is evaluated for every item. */
function macro(node: Of<'macro'>, scope: Scope): Counted {
  const range = count(node.range, scope)
  const { items, item } = range.size
  const inner: Scope = { ...scope, variable: { name: node.variable, is: item ?? scalar } }
  const [test, step] = [node.test, node.step].map((part) => part && count(part, inner))
  const keeps = node.name === 'filter' || node.name === 'map' ? weights.kept : 0
  const each = weights.iteration + keeps + (test?.steps ?? 0) + (step?.steps ?? 0)
  const steps = range.steps + throughAll(range.size) + items * each
  if (node.name === 'filter') return { steps, size: { ...range.size, links: items } }
  return { steps, size: node.name === 'map' ? listOf(items, step?.size ?? scalar, items) : scalar }
}

/** Of a list that a macro made, every item is found by going through all the lists that it was made of. */
function throughAll({ items, links }: Size): number {
  return items * (weights.item + links * weights.link)
}

function call(node: Of<'call'>, scope: Scope): Counted {
  const { name } = node
  const [first, second, third] = [...(node.target ? [node.target] : []), ...node.args]
  if (name === '_[_]' && first && second?.kind === 'literal')
    return fact({ kind: 'select', at: node.at, of: first, field: String(second.value), has: false }, scope)
  const [a, b, c] = [first, second, third].map((part) => (part ? count(part, scope) : nothing))
  if (!a || !b || !c) return nothing
  if (name === '_?_:_')
    return { steps: weights.call + a.steps + Math.max(b.steps, c.steps), size: largerOf(b.size, c.size) }
  const own = calls[name] ?? calls.other
  const canFail = name !== '_==_' && name !== '_!=_' && (a.size.open || b.size.open)
  return {
    steps: a.steps + b.steps + c.steps + own.takes(a.size, b.size) + (canFail ? weights.failure : 0),
    size: own.gives?.(a.size, b.size) ?? scalar,
  }
}

const nothing: Counted = { steps: 0, size: scalar }

/** Steps of single things. */
const weights = {
  name: 10,
  fact: 30,
  call: 25,
  /** A call with many overloads, which are tried one by one. */
  overloaded: 80,
  item: 3,
  iteration: 60,
  /** One list in a list that was made of many. */
  link: 1.8,
  /** What a macro that makes a list does with every item. */
  kept: 80,
  /** One character of two texts that are compared. */
  letter: 0.005,
  /** An operation on a value of the wrong kind, and what that error does to the operations around it. */
  failure: 250,
} as const

/** What one function takes of its own, by its first two values, and what it gives. */
interface Cost {
  readonly takes: (left: Size, right: Size) => number
  readonly gives?: (left: Size, right: Size) => Size
}

const calls: Readonly<Record<string, Cost>> & { readonly other: Cost } = {
  '_==_': { takes: (a, b) => weights.call + comparing(a, b) },
  '_!=_': { takes: (a, b) => weights.call + comparing(a, b) },
  ...Object.fromEntries(
    ['_<_', '_<=_', '_>_', '_>=_'].map((name): [string, Cost] => [
      name,
      { takes: (a, b) => weights.overloaded + comparingTexts(a, b) },
    ]),
  ),
  ...Object.fromEntries(
    ['_-_', '_*_', '_/_', '_%_', '-_'].map((name): [string, Cost] => [
      name,
      { takes: () => weights.overloaded },
    ]),
  ),
  '_+_': { takes: (a, b) => weights.overloaded + (a.text + b.text) / 5, gives: joined },
  '@in': { takes: (item, within) => weights.overloaded + throughAll(within) + lookedFor(item, within) },
  size: { takes: (of) => weights.overloaded + of.text },
  startsWith: { takes: (a, b) => weights.call + beginning(a, b) },
  endsWith: { takes: (a, b) => weights.call + beginning(a, b) },
  contains: { takes: (text) => weights.call + text.text * 0.6 },
  matches: { takes: () => weights.overloaded },
  lowerAscii: { takes: (of) => weights.call + of.text * 6, gives: (of) => textOf(of.text) },
  split: { takes: (of) => weights.overloaded + of.text * 1.2, gives: pieces },
  timestamp: { takes: () => 600 },
  duration: { takes: () => 200 },
  string: { takes: () => 300, gives: (of) => textOf(Math.max(of.text, 40)) },
  other: { takes: () => weights.overloaded },
}

/** Of two values that nothing declares, everything in them may have to be compared. */
function comparing(a: Size, b: Size): number {
  if (a.open && b.open) return Math.min(a.bytes, b.bytes) * 7.5
  if (a.items === 0 || b.items === 0) return comparingTexts(a, b)
  const each = a.item && b.item ? comparing(a.item, b.item) : 0
  return throughAll(a) + throughAll(b) + Math.min(a.items, b.items) * (weights.item + each)
}

function comparingTexts(a: Size, b: Size): number {
  return Math.min(a.text, b.text) * weights.letter
}

/** Character by character. */
function beginning(a: Size, b: Size): number {
  return Math.min(a.text, b.text) * 0.1
}

function lookedFor(item: Size, { items, item: one }: Size): number {
  return one ? items * comparing(item, one) : 0
}

function joined(a: Size, b: Size): Size {
  if (a.items + b.items === 0) return textOf(a.text + b.text)
  const both = largerOf(a, b)
  return {
    ...both,
    text: a.text + b.text,
    items: a.items + b.items,
    bytes: a.bytes + b.bytes,
    links: Math.max(a.links, b.links) + 1,
  }
}

/** The pieces of a text, which together are no longer than it. */
function pieces({ text }: Size): Size {
  const most = Math.min(conditionLimits.pieces, Math.max(1, text))
  return listOf(most, textOf(Math.ceil(text / most)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
