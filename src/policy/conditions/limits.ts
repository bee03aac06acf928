import { childrenOf, everyNode, type Node } from './node.ts'
import type { Fault } from './scope.ts'

/** Bounds on one condition: there is no budget at run time but for searches, so it has to be short before. */
export const conditionLimits = {
  /** UTF-16 units. */
  length: 2_000,
  nodes: 300,
  depth: 32,
  macros: 4,
  regexes: 4,
  regexLength: 256,
  /** Characters of a text that a regular expression may search. */
  searched: 8_192,
  /** Steps that all searches with regular expressions in one evaluation may take together, see search.ts. */
  searching: 5_000_000,
  /** Characters of a text that is looked for in another, or split by: V8 searches for more in quadratic time. */
  part: 250,
  /** Steps of about ten nanoseconds that a condition may take on the largest request, see steps.ts. */
  steps: 5_000_000,
  /** Groups of one person that are counted with. */
  groups: 200,
  /** Parts that are evaluated, see costOf. */
  cost: 100_000,
  /** Pieces that `split` may give. */
  pieces: 1_000,
} as const

/** Where a parsed condition is over the limits. */
export function overLimits(root: Node): readonly Fault[] {
  const nodes = everyNode(root)
  const faults: Fault[] = []
  const refuse = (at: number, code: Fault['code'], message: string) => faults.push({ at, code, message })
  const { nodes: mostNodes, depth, macros: mostMacros, regexes: mostRegexes } = conditionLimits
  if (nodes.length > mostNodes)
    refuse(
      root.at,
      'cel/limit/nodes',
      `${nodes.length} parts; at most ${mostNodes} are allowed: split the rule.`,
    )
  if (depthOf(root) > depth)
    refuse(root.at, 'cel/limit/depth', `Nested deeper than ${depth}: remove brackets, or split the rule.`)
  const macros = nodes.filter((node) => node.kind === 'macro')
  const extra = macros[mostMacros]
  if (extra)
    refuse(
      extra.at,
      'cel/limit/macros',
      `More than ${mostMacros} of all, exists, exists_one, filter, map: split the rule.`,
    )
  for (const macro of macros) {
    const inner = [macro.test, macro.step]
      .flatMap((part) => (part ? everyNode(part) : []))
      .find(({ kind }) => kind === 'macro')
    if (inner) {
      const message = 'A macro inside a macro is not allowed: use `in` for the inner one, or split the rule.'
      refuse(inner.at, 'cel/limit/nesting', message)
    }
  }
  const regexes = nodes.filter((node) => node.kind === 'call' && node.name === 'matches')
  const surplus = regexes[mostRegexes]
  if (surplus)
    refuse(surplus.at, 'cel/limit/regex', `More than ${mostRegexes} regular expressions: join them with |.`)
  if (costOf(root) > conditionLimits.cost)
    refuse(
      root.at,
      'cel/limit/cost',
      'Too much would be done for every item: take conditions out of the loops.',
    )
  return faults
}

/** Upper bound of evaluated parts: what stands in a macro counts once for every item, a regular expression by its text. */
export function costOf(node: Node): number {
  const sum = (nodes: readonly (Node | null)[]): number =>
    nodes.reduce((total, one) => total + (one ? costOf(one) : 0), 1)
  if (node.kind === 'macro') return costOf(node.range) + sum([node.test, node.step]) * conditionLimits.pieces
  const below = sum(childrenOf(node))
  return node.kind === 'call' && node.name === 'matches' ? below + searchCost : below
}

/** Steps that a search outside a macro counts for in `costOf`. */
const searchCost = 20

function depthOf(root: Node): number {
  let deepest = 0
  const open: [Node, number][] = [[root, 1]]
  for (const [node, depth] of open) {
    deepest = Math.max(deepest, depth)
    for (const child of childrenOf(node)) open.push([child, depth + 1])
  }
  return deepest
}
