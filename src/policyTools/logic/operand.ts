import { type Node, pathOf } from '../../policy/conditions/node.ts'
import type { Constant, Formula } from './formula.ts'

/** A fact, its size, or its text in small letters. */
export function valuePath(node: Node): string | null {
  if (node.kind !== 'call') return node.kind === 'select' && node.has ? null : pathOf(node)
  const of = node.target ?? node.args[0]
  const path = of && (node.name === 'size' || node.name === 'lowerAscii') ? pathOf(of) : null
  return path && `${node.name}(${path})`
}

/** A constant as it is written; null for anything else, and for integers that are not safe. */
export function constantOf(node: Node): Constant | null {
  if (node.kind === 'call' && node.name === '-_' && node.args[0]) {
    const value = constantOf(node.args[0])
    return typeof value === 'number' ? -value : null
  }
  if (node.kind !== 'literal') return null
  if (typeof node.value !== 'bigint') return node.value
  return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : null
}

/** A part that cannot be reasoned about: equal texts are equal, and nothing else is known. */
export function opaque(node: Node, holds: boolean): Extract<Formula, { kind: 'test' }> {
  return { kind: 'test', path: `?${textOf(node)}`, test: { is: 'among', values: [holds] } }
}

/** Without places, so that the same words anywhere are the same. */
function textOf(node: Node): string {
  return JSON.stringify(node, (name, value: unknown) => {
    if (name === 'at') return undefined
    return typeof value === 'bigint' ? `${value}n` : value
  })
}
