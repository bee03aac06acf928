import { pathTo } from '../../policy/conditions/path.ts'
import type { Clause, IsWhole } from '../logic/clause.ts'
import { allowedBy, isImpossible } from '../logic/domain.ts'
import type { Constant, Relation, Test } from '../logic/formula.ts'
import { askedOf, clashes } from '../logic/relation.ts'
import { scalarFor } from '../logic/witness.ts'
import {
  derivedOf,
  derivedPaths,
  likelyValues,
  relationsOf,
  type Shape,
  type ShapeAt,
} from './likelyValues.ts'

interface Shapes {
  readonly shapeAt: ShapeAt
  readonly isWhole: IsWhole
}

/** Values that are followed for one path, and tried for all of them together. */
const [mostFollowed, mostTried] = [8, 500]

/**
 * The same way with a value for each path that is compared with another, so that what is asked of the others is about
 * constants: a value is chosen, the others are asked to stand to it as they have to, and so on, going back where that
 * leads nowhere. Null where no values were thought of. `isWhole` as in `clausesOf`.
 */
export function withKnownValues(way: Clause, { shapeAt, isWhole }: Shapes): Clause | null {
  let tried = 0
  const ground = (clause: Clause): Clause | null => {
    const path = nextPath(clause, shapeAt)
    if (path === null) return withLists(clause)
    let followed = 0
    for (const value of likelyValues(clause, path, shapeAt)) {
      tried += 1
      if (tried > mostTried || followed >= mostFollowed) return null
      const next = settled(clause, { path, value, shapeAt })
      if (!isOpen(next, { of: clause, path, shapeAt, isWhole })) continue
      followed += 1
      const found = ground(next)
      if (found) return found
    }
    return null
  }
  return ground(way)
}

/** Whether there are values left for what was compared with the path. */
function isOpen(
  next: Clause,
  { of, path, shapeAt, isWhole }: Shapes & { readonly of: Clause; readonly path: string },
): boolean {
  if ([...next].some(([one, tests]) => tests !== of.get(one) && isImpossible(tests, isWhole(one))))
    return false
  const others = derivedPaths(path).flatMap((one) => relationsOf(of.get(one) ?? []).map((test) => test.path))
  return others.every((other) => {
    const base = baseOf(other, shapeAt)
    return (
      !clashes(next, other, isWhole) &&
      (!isScalar(shapeAt(base)) || likelyValues(next, base, shapeAt).length > 0)
    )
  })
}

/** A path without a value that is compared with another, or with constants both as it is and in small letters. */
function nextPath(clause: Clause, shapeAt: ShapeAt): string | null {
  const open = [...clause].flatMap(([path, tests]) => {
    const base = baseOf(path, shapeAt)
    const isTwofold = path.startsWith('lowerAscii(') && clause.has(base)
    return isTwofold || relationsOf(tests).length > 0 ? [base] : []
  })
  const scalars = open.filter((path) => isScalar(shapeAt(path)))
  // Those with the fewest possible values first.
  const room = (path: string): number => allowedBy(askedOf(clause, path))?.length ?? Number.POSITIVE_INFINITY
  return scalars.reduce<string | null>(
    (best, path) => (best === null || room(path) < room(best) ? path : best),
    null,
  )
}

function isScalar(shape: Shape): boolean {
  return shape !== 'list' && shape !== 'mapping'
}

/** Of a text in small letters, or of its size, the text; the size of a list is a number of its own. */
function baseOf(path: string, shapeAt: ShapeAt): string {
  const [, , base] = derivedPattern.exec(path) ?? []
  return base !== undefined && isScalar(shapeAt(base)) ? base : path
}

const derivedPattern = /^(size|lowerAscii)\((.+)\)$/

interface Choice {
  readonly path: string
  readonly value: Constant
  readonly shapeAt: ShapeAt
}

/** The clause once the path has the value: what was compared with it is asked to stand to that constant. */
function settled(clause: Clause, { path, value, shapeAt }: Choice): Clause {
  const next = new Map(clause)
  for (const [one, derived] of derivedOf(path, value)) {
    for (const test of relationsOf(clause.get(one) ?? [])) {
      const rest = (next.get(test.path) ?? []).filter(
        (other) => !(other.is === 'relation' && other.path === one && other.how === test.how),
      )
      next.set(test.path, rest)
      const [to, constant] = besideConstant(test, derived, shapeAt)
      next.set(to, [...(next.get(to) ?? []), constant])
    }
    next.delete(one)
  }
  next.set(path, [{ is: 'among', values: [value] }])
  return next
}

/** What a relation to a value that is known asks of the other one, and where. */
function besideConstant(
  { how, flipped, holds, path }: Relation,
  value: Constant,
  shapeAt: ShapeAt,
): readonly [string, Test] {
  if (how === 'equals') return [path, { is: holds ? 'among' : 'not among', values: [value] }]
  if (how === 'below' && typeof value === 'number')
    return [path, { is: flipped === holds ? 'below' : 'above', bound: value, orEqual: !holds }]
  if (how === 'in' && !flipped) {
    if (shapeAt(path) === 'mapping')
      return [pathTo(path, String(value)), { is: holds ? 'present' : 'absent' }]
    return [path, { is: holds ? 'holding' : 'lacking', value }]
  }
  if (how === 'in' || how === 'below' || typeof value !== 'string') return [path, { is: 'present' }]
  if (flipped) return [path, { is: 'text', how, operand: value, holds }]
  const end = how === 'endsWith' ? value.slice(-1) : value.slice(0, 1)
  return [path, { is: holds ? 'among' : 'not among', values: [value, end, ''] }]
}

/** Lists that have to be equal are asked the same; those that must not be are made of different sizes. */
function withLists(clause: Clause): Clause {
  const next = new Map(clause)
  for (const [path, tests] of clause) {
    if (relationsOf(tests).length === 0) continue
    const size = `size(${path})`
    next.set(
      path,
      askedOf(clause, path).filter((test) => test.is !== 'relation'),
    )
    const sizes = askedOf(clause, size)
    const others = relationsOf(tests).filter(
      (test) => test.how === 'equals' && !test.holds && test.path < path,
    )
    const taken = others.flatMap((test) => scalarFor(next.get(`size(${test.path})`) ?? [], 'whole') ?? [])
    if (sizes.length + taken.length > 0) next.set(size, [...sizes, { is: 'not among', values: taken }])
  }
  return next
}
