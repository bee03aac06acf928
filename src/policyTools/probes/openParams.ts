import type { Action } from '../../core/action.ts'
import type { Json } from '../../core/json.ts'
import { pathTo, stepsOf } from '../../policy/conditions/path.ts'
import type { Clause } from '../logic/clause.ts'
import type { Tests } from '../logic/domain.ts'
import { listFor, scalarFor, testsOf } from '../logic/witness.ts'

/** Undeclared parameters, in mappings in mappings where the way leads into them, that most likely go the way of the clause. */
export function openParamsFor(way: Clause): Action['params'] {
  const asked = [...way.keys()].map((path) => stepsOf(path.replace(/^(size|lowerAscii)\(/, '')))
  const within = (parent: string, depth: number): Record<string, Json> => {
    const names = new Set(
      asked.flatMap((steps) => {
        const name = steps[depth]
        return name !== undefined && steps.slice(1, depth).reduce(pathTo, steps[0] ?? '') === parent
          ? [name]
          : []
      }),
    )
    const values = [...names].flatMap((name): readonly (readonly [string, Json])[] => {
      const path = pathTo(parent, name)
      const inside = within(path, depth + 1)
      const value = Object.keys(inside).length > 0 ? inside : valueAt(way, path)
      return value === null || isAbsent(way, path) ? [] : [[name, value]]
    })
    return Object.fromEntries(values)
  }
  return within('params', 1)
}

function valueAt(way: Clause, path: string): Json | null {
  const tests = testsOf(way, path)
  if (!isListLike(tests)) return scalarFor(tests, 'unknown')
  const items = listFor(tests, { item: 'unknown', sizes: way.get(`size(${path})`) ?? [] })
  return items && [...items]
}

/** Whether what is asked of a value can only be asked of a list. */
export function isListLike(tests: Tests): boolean {
  return tests.some(
    (test) =>
      ['holding', 'lacking', 'some', 'every'].includes(test.is) ||
      (test.is === 'relation' && test.how === 'in' && test.flipped),
  )
}

/** Whether the way needs that there is nothing at the path. */
export function isAbsent(way: Clause, path: string): boolean {
  return (way.get(path) ?? []).some(({ is }) => is === 'absent')
}
