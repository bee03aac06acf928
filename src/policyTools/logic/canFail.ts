import type { Bundle } from '../../policy/bundle.ts'
import type { ParamType } from '../../policy/catalogue.ts'
import { childrenOf, everyNode, type Node, pathOf } from '../../policy/conditions/node.ts'
import { isWithin } from '../../policy/conditions/path.ts'
import type { Formula } from './formula.ts'
import { formulaOf } from './formulaOf.ts'
import { opaque } from './operand.ts'

/** Whether a part of a condition may fail on some request although the checker accepted it. */
export type CanFail = (node: Node) => boolean

/**
 * What may fail on a request for one of the actions: people and requests that are not known, open parameters and arguments of another
 * type, texts that are too long to be searched or fall into too many pieces, numbers that become too large. True where
 * that is not certain.
 */
export function canFailFor({ catalogue }: Pick<Bundle, 'catalogue'>, actions: readonly string[]): CanFail {
  const declared = actions.map((action) => catalogue.get(action)?.params ?? 'open')
  const isOpen = declared.includes('open')
  const isDouble = (path: string): boolean =>
    declared.some(
      (params) =>
        params !== 'open' &&
        [...params].some(([name, { type }]) => path === `params.${name}` && innermost(type) === 'number'),
    )
  return (node) => {
    if (isOpen && readsParams(node)) return true
    const nodes = everyNode(node)
    const adds = nodes.some((one) => one.kind === 'call' && arithmetic.includes(one.name))
    return nodes.some((one) => isUnsure(one) || (adds && (isFractional(one) || isDouble(pathOf(one) ?? ''))))
  }
}

const arithmetic: readonly string[] = ['_+_', '_-_', '_*_', '_/_']

/** Reads that always find the mapping itself are no reason to fail: whether it has a name, or how many. */
function readsParams(node: Node): boolean {
  if (node.kind === 'ident') return node.name === 'params'
  if (node.kind === 'select' && node.has && pathOf(node.of) === 'params') return false
  if (node.kind === 'call' && node.name === '@in' && node.args[1] && pathOf(node.args[1]) === 'params')
    return node.args[0]?.kind !== 'literal'
  return childrenOf(node).some(readsParams)
}

/** A budget counts no resource that the inventory does not have. Nobody may be known behind an agent or a request; `has()` of somebody who is not known fails too. */
function isUnsure(node: Node): boolean {
  if (node.kind === 'ident')
    return node.name === 'initiator' || node.name === 'request' || node.name === 'budget'
  if (node.kind === 'select')
    return pathOf(node) === 'agent.owner' || isWithin(pathOf(node) ?? '', 'tool.arguments')
  if (node.kind !== 'call') return false
  return (
    isSearch(node) || node.name === 'split' || (node.name === 'contains' && node.args[0]?.kind !== 'literal')
  )
}

function isSearch(node: Node): boolean {
  return node.kind === 'call' && node.name === 'matches'
}

/**
 * The parts of a condition that search with regular expressions. All searches of one evaluation share one budget: whether
 * one of them fails depends on the others beside it.
 */
export function searchesIn(node: Node): readonly Node[] {
  if (!everyNode(node).some(isSearch)) return []
  const isJunction = node.kind === 'and' || node.kind === 'or' || (node.kind === 'call' && node.name === '!_')
  return isJunction ? childrenOf(node).flatMap(searchesIn) : [node]
}

function isFractional(node: Node): boolean {
  if (node.kind === 'literal') return node.type === 'double'
  return node.kind === 'call' && ['double', 'timestamp', 'duration'].includes(node.name)
}

function innermost(type: ParamType): ParamType {
  return typeof type === 'object' ? innermost(type.list) : type
}

/**
 * The formula of "not false": of all requests on which a condition, or with `holds: false` its contrary, is true or
 * cannot be evaluated. That is what makes a rule apply which denies or asks. A part that may fail is a value by the
 * name of its text, another one for its contrary, because both are "not false" where it fails; with `orTrue`, also
 * whatever makes the part true will do.
 */
export function notFalse(node: Node, asked: Asked): Formula {
  // Beside other searches one may fail that does not fail elsewhere: then it is only the same in the same condition.
  const scope = searchesIn(node).length > 1 ? opaque(node, true).path : ''
  return notFalseIn(node, { holds: true, ...asked, scope })
}

interface Asked {
  readonly holds?: boolean
  readonly canFail: CanFail
  readonly orTrue: boolean
}

function notFalseIn(node: Node, asked: Required<Asked> & { readonly scope: string }): Formula {
  const { holds, canFail, orTrue } = asked
  const of = (part: Node, as: boolean): Formula => notFalseIn(part, { ...asked, holds: as })
  if (!canFail(node)) return formulaOf(node, holds)
  if (node.kind === 'and' || node.kind === 'or') {
    const parts = node.parts.map((part) => of(part, holds))
    return { kind: (node.kind === 'and') === holds ? 'and' : 'or', parts }
  }
  if (node.kind === 'call') {
    const [first, second, third] = node.args
    if (node.name === '!_' && first) return of(first, !holds)
    if (node.name === '_?_:_' && first && second && third && !canFail(first)) {
      const yes: Formula = { kind: 'and', parts: [formulaOf(first), of(second, holds)] }
      const no: Formula = { kind: 'and', parts: [formulaOf(first, false), of(third, holds)] }
      return { kind: 'or', parts: [yes, no] }
    }
  }
  const known = unknownOrSo(node, holds, searchesIn(node).length > 0 ? asked.scope : '')
  return orTrue ? { kind: 'or', parts: [formulaOf(node, holds), known] } : known
}

/** Beside opaque parts, of which one and its contrary are never both true. */
function unknownOrSo(node: Node, holds: boolean, scope: string): Formula {
  const { path } = opaque(node, true)
  return {
    kind: 'test',
    path: `?${holds ? 'not false' : 'not true'} ${path}${scope}`,
    test: { is: 'among', values: [true] },
  }
}

/** Whether what a condition shows to be there is there whenever it is not false. */
export function showsAlways(node: Node, canFail: CanFail): boolean {
  return !everyNode(node).some(
    (one) => one.kind === 'call' && one.name === '_?_:_' && one.args[0] !== undefined && canFail(one.args[0]),
  )
}
