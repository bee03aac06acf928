import { clashes, mirrored } from './beside.ts'
import type { Clause, IsWhole } from './clause.ts'
import { isImpossible, type Tests } from './domain.ts'
import type { Formula, Test } from './formula.ts'

export interface Clauses {
  /** Ways that are not known to be impossible. None, with `complete`: the formulas can never be true together. */
  readonly clauses: readonly Clause[]
  /** False when there were more ways than are looked at. */
  readonly complete: boolean
}

/** More ways than this are not looked at: reasoning then stays silent, and probes use the first ones. */
const mostClauses = 64

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
  if (test.is === 'beside' && isImpossible(add(test.path, mirrored(test, path)), isWhole(test.path)))
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
