import type { Clause, IsWhole } from './clause.ts'
import { isImpossible, type Tests } from './domain.ts'
import type { Formula, Test } from './formula.ts'
import { clashes, mirrored } from './relation.ts'

export interface Clauses {
  /** Ways that are not known to be impossible. None, with `complete`: the formulas can never be true together. */
  readonly clauses: readonly Clause[]
  /** False when there were more ways than are looked at. */
  readonly complete: boolean
  /** How much work it was. */
  readonly steps: number
}

/** More ways than this are not looked at: reasoning then stays silent, and probes use the first ones. */
const mostClauses = 64

/** Steps of one search: a test that is added takes one, and one more for each other test of the same value. */
export const mostSteps = 4_000

/**
 * The ways for all the formulas to be true at once, each without what is known to be impossible. After `most` steps the
 * ways are left as they are, and not complete.
 */
export function clausesOf(
  formulas: readonly Formula[],
  { start = new Map(), isWhole = sizesOnly, most = mostSteps }: Search = {},
): Clauses {
  let complete = true
  let steps = 0
  const expand = (clauses: readonly Clause[], formula: Formula): readonly Clause[] => {
    if (clauses.length > 0 && steps > most) {
      complete = false
      return clauses
    }
    if (formula.kind === 'test')
      for (const clause of clauses) steps += 1 + (clause.get(formula.path)?.length ?? 0)
    const added =
      formula.kind === 'test'
        ? clauses.flatMap((clause) => withTest(clause, formula.path, { test: formula.test, isWhole }))
        : formula.kind === 'and'
          ? inOrder(formula.parts).reduce(expand, clauses)
          : formula.parts.flatMap((part) => expand(clauses, part))
    if (added.length <= mostClauses) return added
    complete = false
    return added.slice(0, mostClauses)
  }
  const clauses = inOrder(formulas).reduce(expand, [start])
  return { clauses, complete, steps }
}

interface Search {
  /** What is known before. */
  readonly start?: Clause
  readonly isWhole?: IsWhole
  readonly most?: number
}

const notNegative: Tests = [{ is: 'above', bound: 0, orEqual: true }]

function sizesOnly(path: string): boolean {
  return path.startsWith('size(')
}

/** Whether the formulas can certainly never be true together. */
export function isEmpty({ clauses, complete }: Clauses): boolean {
  return complete && clauses.length === 0
}

/** Whether a way leaves room for one more test. False only when it certainly does not. */
export function allows(
  clause: Clause,
  formula: Extract<Formula, { kind: 'test' }>,
  isWhole: IsWhole,
): boolean {
  return withTest(clause, formula.path, { test: formula.test, isWhole }).length > 0
}

/** Single tests first: they make most of the ways through the others impossible before these multiply. */
function inOrder(formulas: readonly Formula[]): readonly Formula[] {
  const rank = ({ kind }: Formula): number => ['test', 'and', 'or'].indexOf(kind)
  return [...formulas].sort((left, right) => rank(left) - rank(right))
}

function withTest(
  clause: Clause,
  path: string,
  { test, isWhole }: { readonly test: Test; readonly isWhole: IsWhole },
): readonly Clause[] {
  const more = new Map(clause)
  const add = (to: string, one: Test): Tests => {
    const tests = [...(clause.get(to) ?? (sizesOnly(to) ? notNegative : [])), one]
    more.set(to, tests)
    return tests
  }
  const tests = add(path, test)
  if (isImpossible(tests, isWhole(path)) || hasNoItem(tests)) return []
  // Both values hear of it, so that whatever is asked of one of them later is compared with the other.
  if (test.is === 'relation' && isImpossible(add(test.path, mirrored(test, path)), isWhole(test.path)))
    return []
  return clashes(more, path, isWhole) ? [] : [more]
}

/** An item that has to be there, and can never be as it has to be. */
function hasNoItem(tests: Tests): boolean {
  const every = tests.filter((test) => test.is === 'every')
  return tests.some((test) => {
    if (test.is !== 'some') return false
    const rest = every.filter(({ variable }) => variable === test.variable).map((one): Formula => one.of)
    return clausesOf([test.of, ...rest]).clauses.length === 0
  })
}
