import { childrenOf, type Node } from './node.ts'

/** What a condition makes of a value that nothing declares, such as one of `params: open`. */
export interface Reading {
  /** By name; a value with fields is a mapping. */
  readonly fields: Map<string, Reading>
  /** What it makes of the items; null when it is not gone through. */
  items: Reading | null
  /** Whether it is searched or taken apart as text. */
  isText: boolean
}

/** What a condition makes of the facts: the outermost names, such as `params`, are the fields of the result. */
export function readingsOf(tree: Node): Reading {
  const facts = reading()
  follow(tree, { facts, variable: null })
  return facts
}

interface Scope {
  readonly facts: Reading
  /** The variable of the macro around it; null for its reading when it goes through something that was computed. */
  readonly variable: { readonly name: string; readonly is: Reading | null } | null
}

/** The reading that an expression leads to; null when it computes something, or leads nowhere. */
function follow(node: Node, scope: Scope): Reading | null {
  const { variable, facts } = scope
  switch (node.kind) {
    case 'ident':
      return node.name === variable?.name ? variable.is : fieldOf(facts, node.name)
    case 'select':
      return fieldOf(follow(node.of, scope), node.field)
    case 'macro': {
      const range = follow(node.range, scope)
      const inner = { facts, variable: { name: node.variable, is: itemsOf(range) } }
      for (const part of [node.test, node.step]) if (part) follow(part, inner)
      return node.name === 'filter' ? range : null
    }
    case 'call':
      return followCall(node, scope)
    default:
      for (const child of childrenOf(node)) follow(child, scope)
      return null
  }
}

const textMethods = ['startsWith', 'endsWith', 'contains', 'matches', 'lowerAscii', 'split']

function followCall(node: Extract<Node, { kind: 'call' }>, scope: Scope): Reading | null {
  const [first, second] = node.args
  if (node.name === '_[_]' && first && second?.kind === 'literal')
    return fieldOf(follow(first, scope), String(second.value))
  const parts = childrenOf(node).map((part) => follow(part, scope))
  if (node.name === '@in') itemsOf(parts[1] ?? null)
  if (textMethods.includes(node.name)) for (const part of parts) if (part) part.isText = true
  return null
}

function fieldOf(of: Reading | null, name: string): Reading | null {
  if (of === null) return null
  const field = of.fields.get(name) ?? reading()
  of.fields.set(name, field)
  return field
}

function itemsOf(of: Reading | null): Reading | null {
  if (of === null) return null
  of.items ??= reading()
  return of.items
}

function reading(): Reading {
  return { fields: new Map(), items: null, isText: false }
}
