import type { Rule } from '../../policy/bundle.ts'
import type { Formula, Test } from '../logic/formula.ts'
import { formulaOf } from '../logic/formulaOf.ts'
import type { RuleLogic } from '../logic/ruleLogic.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * A rule that allows some cases usually has a mirror, which asks about the others: the same condition in its `unless`, or
 * the contrary in its `when`. Where the two differ in nothing but a number, one of them was changed and the other forgotten.
 * Silent where another rule is the exact mirror.
 */
export function differingMirrors(logic: readonly RuleLogic[]): readonly Finding[] {
  const judging = logic.filter(({ rule }) => rule.mode === 'enforce')
  const strict = judging.filter(({ rule }) => rule.verdict !== 'allow')
  return judging.flatMap((allow): readonly Finding[] => {
    const { rule } = allow
    if (rule.verdict !== 'allow' || rule.when === null) return []
    const own = formulaOf(rule.when.compiled.tree)
    const others = strict.filter(({ actions }) => actions.some((action) => allow.actions.includes(action)))
    const mirrors = others.flatMap(({ rule: other }) =>
      mirrorsOf(other).map((formula) => ({ other, formula })),
    )
    if (mirrors.some(({ formula }) => textOf(formula) === textOf(own))) return []
    const near = mirrors.find(({ formula }) => textOf(blank(formula)) === textOf(blank(own)))
    if (!near) return []
    const message = `This differs from "${near.other.id}" (${near.other.verdict}) in a number only, where each is the contrary of the other: between the two numbers both apply, or neither. Write the same in both.`
    return [about(rule, ['rule/mirror', message], { condition: rule.when })]
  })
}

/** Where a rule does not apply, as it is written: what it excepts, or the contrary of its condition. */
function mirrorsOf({ when, unless }: Rule): readonly Formula[] {
  if (unless !== null) return [formulaOf(unless.compiled.tree)]
  return when === null ? [] : [formulaOf(when.compiled.tree, false)]
}

/** The same whatever its numbers are, and whether a limit counts itself. */
function blank(formula: Formula): Formula {
  if (formula.kind !== 'test') return { ...formula, parts: formula.parts.map(blank) }
  return { ...formula, test: blankTest(formula.test) }
}

function blankTest(test: Test): Test {
  if (test.is === 'below' || test.is === 'above') return { is: test.is, bound: 0, orEqual: true }
  if (test.is === 'some' || test.is === 'every') return { ...test, of: blank(test.of) }
  return test
}

/** Whatever the order of its parts. */
function textOf(formula: Formula): string {
  if (formula.kind === 'test') return JSON.stringify(formula)
  return `${formula.kind}(${formula.parts.map(textOf).sort().join()})`
}
