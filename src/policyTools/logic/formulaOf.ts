import { type Node, pathOf } from '../../policy/conditions/node.ts'
import { atomOf } from './atom.ts'
import { always, type Formula, never, type Test } from './formula.ts'
import { opaque, valuePath } from './operand.ts'

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

type Quantified = Extract<Test, { is: 'some' | 'every' }>
type CallNode = Extract<Node, { kind: 'call' }>

function call(node: CallNode, holds: boolean): Formula {
  const { name, args } = node
  const [first, second, third] = args
  if (name === '!_' && first) return formulaOf(first, !holds)
  if (name === '_?_:_' && first && second && third) {
    const yes: Formula = { kind: 'and', parts: [formulaOf(first), formulaOf(second, holds)] }
    const no: Formula = { kind: 'and', parts: [formulaOf(first, false), formulaOf(third, holds)] }
    return { kind: 'or', parts: [yes, no] }
  }
  return atomOf(node, holds)
}

function quantified(node: Extract<Node, { kind: 'macro' }>, holds: boolean): Formula {
  const path = valuePath(node.range)
  const isQuantifier = node.name === 'exists' || node.name === 'all'
  if (!isQuantifier || path === null || node.test === null) return opaque(node, holds)
  const is = (node.name === 'exists') === holds ? 'some' : 'every'
  const of = formulaOf(node.test, holds)
  return (
    membershipIn(path, { is, variable: node.variable, of }) ?? {
      kind: 'test',
      path,
      test: { is, variable: node.variable, of },
    }
  )
}

/** `list.exists(x, x == other)` is `other in list`, and `list.all(x, x != other)` its contrary. */
function membershipIn(path: string, { is, variable, of }: Quantified): Formula | null {
  if (of.kind !== 'test' || of.test.is !== 'relation' || of.test.how !== 'equals') return null
  const item = of.path === variable ? of.test.path : of.test.path === variable ? of.path : null
  const holds = is === 'some'
  if (item === null || of.test.holds !== holds) return null
  return { kind: 'test', path: item, test: { is: 'relation', how: 'in', path, flipped: false, holds } }
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
