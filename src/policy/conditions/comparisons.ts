import type { Json } from '../../core/json.ts'
import { valueAt } from './bind.ts'
import { isList, rankOf, type Search, tests } from './comparing.ts'
import type { Bindings, Comparison, Value } from './engine.ts'
import type { Node } from './node.ts'
import { pathTo, stepsOf } from './path.ts'

/** What one look at a condition works with.  */
interface Looking {
  readonly bindings: Bindings
  readonly searches: Search
  /** The variable of the macro around it, and where its items come from. */
  readonly variable: { readonly name: string; readonly path: string; readonly value: Value } | null
}

type Look = Pick<Looking, 'bindings' | 'searches'>

/** Of one condition; people read the first few. */
const most = 4
/** Items of a list that are named, and items of a list that something is compared with. */
const mostItems = { named: 3, listed: 8 } as const
const longest = 80

/**
 * The comparisons that made a condition true, or false, with the values that they compared: for people, beside the sentence
 * of the rule. Only what is certain is among them: a part that cannot be followed here is left out, so the list may be
 * empty, and it decides nothing. Numbers come first.
 */
export function comparisonsIn(tree: Node, wanted: boolean, look: Look): readonly Comparison[] {
  const looking: Looking = { ...look, variable: null }
  if (truthOf(tree, looking) !== wanted) return []
  const found = new Map(
    comparisonsOf(tree, wanted, looking).map((one) => [JSON.stringify(one), one] as const),
  )
  return [...found.values()].sort((a, b) => rankOf(a) - rankOf(b)).slice(0, most)
}

/** What a part comes to as far as it can be followed; null where that is not known. */
function truthOf(node: Node, looking: Looking): boolean | null {
  if (node.kind === 'and' || node.kind === 'or') {
    const decides = node.kind === 'or'
    const truths = node.parts.map((part) => truthOf(part, looking))
    if (truths.includes(decides)) return decides
    return truths.includes(null) ? null : !decides
  }
  if (node.kind === 'macro') return truthOfMacro(node, looking)
  if (node.kind === 'call' && node.name === '!_') {
    const [inner] = node.args
    const truth = inner ? truthOf(inner, looking) : null
    return truth === null ? null : !truth
  }
  if (node.kind === 'call' && node.name === '_?_:_') {
    const chosen = branchOf(node, looking)
    return chosen ? truthOf(chosen, looking) : null
  }
  if (node.kind === 'select' && node.has) return valueIn({ ...node, has: false }, looking) !== undefined
  if (node.kind === 'call' && node.name in tests) return testOf(node, looking)
  const value = valueIn(node, looking)
  return typeof value === 'boolean' ? value : null
}

type Of<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>

function truthOfMacro(node: Of<'macro'>, looking: Looking): boolean | null {
  const truths = truthsOfItems(node, looking)?.map(({ truth }) => truth)
  if (!truths || (node.name !== 'exists' && node.name !== 'all')) return null
  const decides = node.name === 'exists'
  if (truths.includes(decides)) return decides
  return truths.includes(null) ? null : !decides
}

function truthsOfItems({ range, test, variable: name }: Of<'macro'>, looking: Looking) {
  const items = valueIn(range, looking)
  const path = pathIn(range, looking)
  if (!Array.isArray(items) || path === null || test === null || looking.variable !== null) return null
  return items.map((value: Value) => {
    const inner: Looking = { ...looking, variable: { name, path, value } }
    return { inner, test, truth: truthOf(test, inner) }
  })
}

function branchOf(node: Of<'call'>, looking: Looking): Node | null {
  const [test, yes, no] = node.args
  const truth = test ? truthOf(test, looking) : null
  return (truth === null ? null : truth ? yes : no) ?? null
}

/** Those that made the node what it is: all parts of a true `&&`, only those that hold of a true `||`, and the reverse. */
function comparisonsOf(node: Node, wanted: boolean, looking: Looking): readonly Comparison[] {
  if (node.kind === 'and' || node.kind === 'or')
    return node.parts
      .filter((part) => truthOf(part, looking) === wanted)
      .flatMap((part) => comparisonsOf(part, wanted, looking))
  if (node.kind === 'macro')
    return (truthsOfItems(node, looking) ?? [])
      .filter(({ truth }) => truth === wanted)
      .slice(0, mostItems.named)
      .flatMap(({ test, inner }) => comparisonsOf(test, wanted, inner))
  if (node.kind === 'call' && node.name === '!_')
    return node.args.flatMap((inner) => comparisonsOf(inner, !wanted, looking))
  if (node.kind === 'call' && node.name === '_?_:_') {
    const chosen = branchOf(node, looking)
    return chosen ? comparisonsOf(chosen, wanted, looking) : []
  }
  if (node.kind === 'select' && node.has) {
    const path = pathIn({ ...node, has: false }, looking)
    return path === null ? [] : [{ path, operator: wanted ? 'given' : 'missing', value: null, limit: null }]
  }
  if (node.kind === 'call' && node.name in tests) return compared(node, wanted, looking)
  const path = pathIn(node, looking)
  return path === null ? [] : [{ path, operator: '==', value: wanted, limit: true }]
}

function sidesOf(node: Of<'call'>, looking: Looking) {
  const [left, right] = node.target ? [node.target, ...node.args] : node.args
  if (!left || !right) return null
  const values = { left: valueIn(left, looking), right: valueIn(right, looking) }
  if (values.left === undefined || values.right === undefined) return null
  return {
    left: { path: pathIn(left, looking), value: values.left },
    right: { path: pathIn(right, looking), value: values.right },
  }
}

function testOf(node: Of<'call'>, looking: Looking): boolean | null {
  const sides = sidesOf(node, looking)
  try {
    return sides && (tests[node.name]?.holds(sides.left.value, sides.right.value, looking.searches) ?? null)
  } catch {
    return null // a search that took too long
  }
}

/** The side that is a fact stands first, whichever side the rule wrote it on. */
function compared(node: Of<'call'>, wanted: boolean, looking: Looking): readonly Comparison[] {
  const sides = sidesOf(node, looking)
  const test = tests[node.name]
  if (!sides || !test) return []
  const { left, right } = sides
  const say = (
    of: (typeof tests)[string],
    value: Value,
    limit: Value,
    path: string,
  ): readonly Comparison[] => [
    { path, operator: wanted ? of.yes : of.no, value: told(value), limit: told(limit) },
  ]
  if (left.path !== null) return say(test, left.value, right.value, left.path)
  const turned = test.turned === null ? undefined : tests[test.turned]
  if (right.path !== null && turned) return say(turned, right.value, left.value, right.path)
  if (right.path === null || node.name !== '@in') return []
  const operator = wanted ? 'has' : 'does not have'
  return [{ path: right.path, operator, value: null, limit: told(left.value) }]
}

/** A value that the condition reads or has written down; undefined where it is not there, or not followed here. */
function valueIn(node: Node, looking: Looking): Value | undefined {
  if (node.kind === 'literal') return node.value
  if (node.kind === 'list') {
    const items = node.items.map((item) => valueIn(item, looking))
    return items.some((item) => item === undefined) ? undefined : items.flatMap((item) => item ?? [])
  }
  const { variable, bindings } = looking
  if (node.kind === 'ident' && node.name === variable?.name) return variable.value
  if (node.kind === 'call' && (node.name === 'size' || node.name === 'lowerAscii' || node.name === '_+_'))
    return computed(node, looking)
  const path = factPath(node)
  if (path === null || stepsOf(path)[0] === variable?.name) return undefined
  return valueAt(bindings, stepsOf(path))
}

function computed(node: Of<'call'>, looking: Looking): Value | undefined {
  const [first, second] = [...(node.target ? [node.target] : []), ...node.args]
  const value = first && valueIn(first, looking)
  if (value === undefined) return undefined
  if (node.name === 'lowerAscii')
    return typeof value === 'string' ? value.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : undefined
  if (node.name === 'size') {
    if (typeof value === 'string') return BigInt([...value].length)
    return isList(value) ? BigInt(value.length) : value instanceof Map ? BigInt(value.size) : undefined
  }
  const other = second && valueIn(second, looking)
  return typeof value === 'string' && typeof other === 'string' ? value + other : undefined
}

/** How a fact is called; null for what is no fact by itself. */
function pathIn(node: Node, looking: Looking): string | null {
  if (node.kind === 'ident' && node.name === looking.variable?.name) return looking.variable.path
  if (node.kind === 'call' && (node.name === 'size' || node.name === 'lowerAscii')) {
    const [of] = [...(node.target ? [node.target] : []), ...node.args]
    const inner = of ? pathIn(of, looking) : null
    return inner === null || node.name === 'lowerAscii' ? inner : `size(${inner})`
  }
  return factPath(node)
}

/** `params.rows`, `resource.labels["team"]`. */
function factPath(node: Node): string | null {
  if (node.kind === 'ident') return node.name
  if (node.kind === 'select' && !node.has) {
    const parent = factPath(node.of)
    return parent === null ? null : pathTo(parent, node.field)
  }
  const [of, key] = node.kind === 'call' && node.name === '_[_]' ? node.args : []
  if (!of || key?.kind !== 'literal' || typeof key.value !== 'string') return null
  const parent = factPath(of)
  return parent === null ? null : pathTo(parent, key.value)
}

/** As it is kept: plain JSON, short. */
function told(value: Value): Json {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string') return short(value)
  if (isList(value)) {
    const items = value.slice(0, mostItems.listed).map(told)
    return value.length > items.length ? [...items, '…'] : items
  }
  return typeof value === 'object' ? null : value
}

function short(text: string): string {
  const points = [...text]
  return points.length <= longest ? text : `${points.slice(0, longest - 1).join('')}…`
}
