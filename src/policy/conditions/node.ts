import { pathTo } from './path.ts'

/**
 * A condition as the checker sees it: macros are one node again instead of the loops they are expanded to, `&&` and
 * `||` hold all their parts, and every node knows where it stands (`at`: UTF-16 units from the start).
 */
export type Node = { readonly at: number } & (
  | {
      readonly kind: 'literal'
      readonly type: LiteralType
      readonly value: string | bigint | number | boolean
    }
  | { readonly kind: 'ident'; readonly name: string }
  | { readonly kind: 'select'; readonly of: Node; readonly field: string; readonly has: boolean }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Node[] }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly target: Node | null
      readonly args: readonly Node[]
    }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | {
      readonly kind: 'macro'
      readonly name: MacroName
      readonly range: Node
      readonly variable: string
      readonly test: Node | null
      readonly step: Node | null
    }
  | { readonly kind: 'foreign'; readonly what: string }
)

type LiteralType = 'string' | 'int' | 'double' | 'bool'
export type MacroName = 'all' | 'exists' | 'exists_one' | 'filter' | 'map'

/** The nodes directly below. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'select':
      return [node.of]
    case 'and':
    case 'or':
      return node.parts
    case 'call':
      return node.target ? [node.target, ...node.args] : node.args
    case 'list':
      return node.items
    case 'macro':
      return [node.range, node.test, node.step].filter((child) => child !== null)
    default:
      return []
  }
}

/** Every node, the outermost first. */
export function everyNode(root: Node): readonly Node[] {
  const nodes = [root]
  for (const node of nodes) nodes.push(...childrenOf(node))
  return nodes
}

/** The path of a chain of names; null for anything else. */
export function pathOf(node: Node): string | null {
  if (node.kind === 'ident') return node.name
  if (node.kind !== 'select') return null
  const parent = pathOf(node.of)
  return parent === null ? null : pathTo(parent, node.field)
}
