import type { Condition, Rule } from '../../policy/bundle.ts'
import { childrenOf, type Node, pathOf } from '../../policy/conditions/node.ts'
import { isWithin, pathTo, stepsOf } from '../../policy/conditions/path.ts'
import { passes } from '../logic/domain.ts'
import { type Formula, isOpaque, type Test } from '../logic/formula.ts'
import { appliesWhen } from '../logic/ruleLogic.ts'

/** Another value at a path that conditions read, null where there is none; or another meaning of one member of a list. */
export type FactChange =
  | { readonly path: string; readonly from: string | null; readonly to: string | null }
  | { readonly path: string; readonly member: string }

/** Whether a rule can begin to apply to requests by such a change, and whether it can stop to. */
export interface Shift {
  readonly gains: boolean
  readonly loses: boolean
}

/**
 * What a change of facts does to a rule. Its conditions are formulas in which nothing is negated but single tests, so
 * the rule can only apply to less where a test stops to hold, and to more where one begins to. What cannot be reasoned
 * about counts as both.
 */
export function shiftOf(rule: Rule, change: FactChange): Shift {
  const isRead = (condition: Condition | null | undefined): boolean =>
    condition ? reads(condition, change.path) : false
  if ([...(rule.demand?.confirm ?? []), rule.breakGlass?.when].some(isRead)) return both
  if (!isRead(rule.when) && !isRead(rule.unless)) return { gains: false, loses: false }
  const tests = testsOn(appliesWhen(rule), change.path)
  if (tests === null) return both
  const shifts = tests.map((test) => shiftOfTest(test, change))
  return { gains: shifts.some(({ gains }) => gains), loses: shifts.some(({ loses }) => loses) }
}

const both: Shift = { gains: true, loses: true }

function shiftOfTest(test: Test, change: FactChange): Shift {
  if ('member' in change) {
    const isOther = (test.is === 'holding' || test.is === 'lacking') && test.value !== change.member
    return { gains: !isOther, loses: !isOther }
  }
  const holds = (value: string | null): boolean =>
    value === null ? test.is === 'absent' : test.is !== 'absent' && passes(value, test)
  const [before, after] = [holds(change.from), holds(change.to)]
  return { gains: after && !before, loses: before && !after }
}

/** Whether a condition reads what is at a path, something in it, or what it is in. */
function reads({ compiled }: Condition, path: string): boolean {
  return pathsIn(compiled.tree).some((read) => read === path || isWithin(path, read) || isWithin(read, path))
}

/** `refs` also hold what a path leads through. */
function pathsIn(node: Node): readonly string[] {
  const path = pathOf(node)
  return path === null ? childrenOf(node).flatMap(pathsIn) : [path]
}

/** The tests of just that path; null when something else may depend on it too. */
function testsOn(formula: Formula, path: string): readonly Test[] | null {
  if (formula.kind === 'test') {
    if (formula.path === path && isPlain(formula.test)) return [formula.test]
    return isOpaque(formula.path) || mentions(formula, path) ? null : []
  }
  const parts = formula.parts.map((part) => testsOn(part, path))
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? [])
}

function isPlain({ is }: Test): boolean {
  return is !== 'some' && is !== 'every' && is !== 'relation'
}

/** By its text: a size, a text in small letters, an item of a list, a comparison with another path, the whole mapping. */
function mentions(formula: Extract<Formula, { kind: 'test' }>, path: string): boolean {
  const text = JSON.stringify(formula)
  const written = (name: string): string => JSON.stringify(name).slice(1, -1)
  const isWhole = (name: string): boolean =>
    text
      .split(written(name))
      .slice(1)
      .some((rest) => !/^[.[]/.test(rest))
  return text.includes('"?') || text.includes(written(path)) || around(path).some(isWhole)
}

/** What a path leads through, such as `resource` and `resource.labels`. */
function around(path: string): readonly string[] {
  const [root = '', ...steps] = stepsOf(path)
  return steps.map((_, nth) => steps.slice(0, nth).reduce(pathTo, root))
}
