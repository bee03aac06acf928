import type { Clause } from '../logic/clause.ts'
import { passes, type Tests } from '../logic/domain.ts'
import type { Constant, Relation } from '../logic/formula.ts'
import { askedOf, sameAs } from '../logic/relation.ts'
import { candidatesFor, type Kind, listFor, testsOf } from '../logic/witness.ts'

/** What stands at a path of a request. */
export type Shape = Kind | 'list' | 'mapping'
export type ShapeAt = (path: string) => Shape

/**
 * Values that pass what is asked of a path and of what is derived from it, under all its names, the likeliest first. None
 * for lists and mappings.
 */
export function likelyValues(clause: Clause, path: string, shapeAt: ShapeAt): readonly Constant[] {
  const kind = shapeAt(path)
  if (kind === 'list' || kind === 'mapping') return []
  const tests = sameAs(clause, path).flatMap((one) => testsOf(clause, one))
  const all = [
    ...itemsWanted(tests, { clause, kind, shapeAt }),
    ...candidatesFor(tests, kind),
    ...candidatesFor(askedOf(clause, path), kind),
    ...capitals(clause, path),
  ]
  const isText = derivedPaths(path).some((one) => one !== path && clause.has(one))
  const least = itemsNeeded(clause, path)
  return [...new Set(all)].filter(
    (value) =>
      (typeof value === 'string' || !isText) &&
      (typeof value !== 'number' || value >= least) &&
      derivedOf(path, value).every(([one, derived]) =>
        askedOf(clause, one).every((test) => passes(derived, test)),
      ),
  )
}

/** The path, its text in small letters, and its size. */
export function derivedPaths(path: string): readonly string[] {
  return [path, `lowerAscii(${path})`, `size(${path})`]
}

/** The value, its small letters and its size, each at its path. */
export function derivedOf(path: string, value: Constant): readonly (readonly [string, Constant])[] {
  if (typeof value !== 'string') return [[path, value]]
  const small = value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const values = [value, small, [...value].length]
  return derivedPaths(path).map((one, nth) => [one, values[nth] ?? value])
}

/** How a value has to stand to others. */
export function relationsOf(tests: Tests): readonly Relation[] {
  return tests.filter((test) => test.is === 'relation')
}

/** What is already in the lists that the value has to be in, or could be. */
function itemsWanted(
  tests: Tests,
  { clause, kind, shapeAt }: { readonly clause: Clause; readonly kind: Kind; readonly shapeAt: ShapeAt },
): readonly Constant[] {
  return relationsOf(tests).flatMap((test) => {
    if (test.how !== 'in' || test.flipped || !test.holds || shapeAt(test.path) !== 'list') return []
    const atLeastOne: Tests = [{ is: 'above', bound: 1, orEqual: true }]
    return listFor(askedOf(clause, test.path), { item: kind, sizes: atLeastOne }) ?? []
  })
}

/** A text that differs from another, and whose small letters do not. */
function capitals(clause: Clause, path: string): readonly string[] {
  const small = clause.get(`lowerAscii(${path})`)
  return small ? candidatesFor(small, 'text').map((text) => String(text).toUpperCase()) : []
}

/** How many items a list has at least, where the path is its size. */
function itemsNeeded(clause: Clause, path: string): number {
  const [, list] = /^size\((.+)\)$/.exec(path) ?? []
  if (list === undefined) return Number.NEGATIVE_INFINITY
  const asked = askedOf(clause, list)
  const held = new Set(asked.flatMap((test) => (test.is === 'holding' ? [test.value] : [])))
  return Math.max(held.size, asked.some(({ is }) => is === 'some') ? 1 : 0)
}
