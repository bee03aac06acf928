import type { Node } from '../../policy/conditions/node.ts'
import { pathTo } from '../../policy/conditions/path.ts'
import {
  always,
  type Formula,
  isMapping,
  never,
  type Relation,
  type Test,
  type TextTest,
  textTests,
} from './formula.ts'
import { constantOf, opaque, valuePath } from './operand.ts'

type CallNode = Extract<Node, { kind: 'call' }>

/** A call that asks one thing of one value, or how it stands to another; opaque where it is anything else. */
export function atomOf(node: CallNode, holds: boolean): Formula {
  const { name, target, args } = node
  const [left, right] = target ? [target, ...args] : args
  if (!left || !right) return opaque(node, holds)
  const sides = { left, right, holds }
  if (name === '@in') return membership(node, sides)
  const how = textTests.find((one) => one === name)
  return how === undefined ? comparison(node, sides) : textTest(node, sides, how)
}

interface Sides {
  readonly left: Node
  readonly right: Node
  readonly holds: boolean
}

function textTest(node: CallNode, { left, right, holds }: Sides, how: TextTest): Formula {
  const [path, operand] = [valuePath(left), constantOf(right)]
  if (operand === null && how !== 'matches')
    return between(node, { left, right, holds }, { how, flipped: false })
  if (path === null || typeof operand !== 'string') return opaque(node, holds)
  return { kind: 'test', path, test: { is: 'text', how, operand, holds } }
}

const mirrored: Readonly<Record<string, string>> = {
  '_==_': '_==_',
  '_!=_': '_!=_',
  '_<_': '_>_',
  '_>_': '_<_',
  '_<=_': '_>=_',
  '_>=_': '_<=_',
}

const relations: Readonly<Record<string, Pick<Relation, 'how' | 'flipped' | 'holds'>>> = {
  '_==_': { how: 'equals', flipped: false, holds: true },
  '_!=_': { how: 'equals', flipped: false, holds: false },
  '_<_': { how: 'below', flipped: false, holds: true },
  '_>_': { how: 'below', flipped: true, holds: true },
  '_<=_': { how: 'below', flipped: true, holds: false },
  '_>=_': { how: 'below', flipped: false, holds: false },
}

/** Two values of the request that are compared with each other. */
function between(
  node: CallNode,
  { left, right, holds }: Sides,
  { how, flipped }: Pick<Relation, 'how' | 'flipped'>,
): Formula {
  const [path, other] = [valuePath(left), valuePath(right)]
  if (path === null || other === null) return opaque(node, holds)
  if (path !== other)
    return { kind: 'test', path, test: { is: 'relation', how, path: other, flipped, holds } }
  return (how === 'below') === holds ? never : always
}

function comparison(node: CallNode, { left, right, holds }: Sides): Formula {
  const swap = constantOf(left) !== null
  const name = swap ? mirrored[node.name] : node.name in mirrored ? node.name : undefined
  const path = valuePath(swap ? right : left)
  const value = constantOf(swap ? left : right)
  const relation = relations[node.name]
  if (relation && value === null)
    return between(node, { left, right, holds: relation.holds === holds }, relation)
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
  if (item !== null && within !== null && isMapping(within)) {
    const test: Test = { is: holds ? 'present' : 'absent' }
    return typeof item === 'string' ? { kind: 'test', path: pathTo(within, item), test } : opaque(node, holds)
  }
  if (item !== null && within !== null)
    return { kind: 'test', path: within, test: { is: holds ? 'holding' : 'lacking', value: item } }
  const path = valuePath(left)
  if (within !== null && within !== path)
    return between(node, { left, right, holds }, { how: 'in', flipped: false })
  const items = right.kind === 'list' ? right.items.map(constantOf) : [null]
  const values = items.filter((value) => value !== null)
  if (path === null || values.length < items.length) return opaque(node, holds)
  return { kind: 'test', path, test: { is: holds ? 'among' : 'not among', values } }
}
