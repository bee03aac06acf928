import { isImpossible, type Tests } from './domain.ts'
import type { Formula, Test } from './formula.ts'

/** One way for a condition to be true: for each path, everything that is asked of its value. */
export type Clause = ReadonlyMap<string, Tests>

export interface Clauses {
  /** Ways that are not known to be impossible. None, with `complete`: the formulas can never be true together. */
  readonly clauses: readonly Clause[]
  /** False when there were more ways than are looked at. */
  readonly complete: boolean
}

/** More ways than this are not looked at: reasoning then stays silent, and probes use the first ones. */
const mostClauses = 64

/** Which paths hold whole numbers only. */
export type IsWhole = (path: string) => boolean

/** The ways for all the formulas to be true at once, each without what is known to be impossible. */
export function clausesOf(
  formulas: readonly Formula[],
  { start = new Map(), isWhole = sizesOnly }: { readonly start?: Clause; readonly isWhole?: IsWhole } = {},
): Clauses {
  let complete = true
  const expand = (clauses: readonly Clause[], formula: Formula): readonly Clause[] => {
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
  return { clauses: inOrder(formulas).reduce(expand, [start]), complete }
}

const notNegative: Tests = [{ is: 'above', bound: 0, orEqual: true }]

function sizesOnly(path: string): boolean {
  return path.startsWith('size(')
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
  const tests = [...(clause.get(path) ?? (sizesOnly(path) ? notNegative : [])), test]
  return isImpossible(tests, isWhole(path)) || hasNoItem(tests) ? [] : [new Map([...clause, [path, tests]])]
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
