import { isNamed } from '../logic/agentNames.ts'
import { clausesOf, isEmpty } from '../logic/clauses.ts'
import { formulaOf } from '../logic/formulaOf.ts'
import { anyRequest, type RuleLogic } from '../logic/ruleLogic.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Rules that can never apply, whatever the request (docs/policy-tools.md#lint). Silent where it is not certain. Where
 * only the conditions can never be true, and the rule applies when they cannot be evaluated, it is a warning.
 */
export function contradictions(logic: readonly RuleLogic[]): readonly Finding[] {
  return logic.flatMap((one): readonly Finding[] => {
    if (!isEmpty(one.ways)) return []
    const finding = why(one)
    if (isEmpty(one.waysToFire)) return [finding]
    const message = `${finding.message} Until then it only applies where a condition cannot be evaluated.`
    return [{ ...finding, level: 'warning', message }]
  })
}

function why({ rule, actions, isWhole }: RuleLogic): Finding {
  const { when, unless } = rule
  const formulas = when ? [formulaOf(when.compiled.tree)] : []
  const alone = clausesOf(formulas, { start: anyRequest(actions), isWhole })
  if (alone.clauses.length === 0) {
    const path = when ? emptyPath(rule, { actions, isWhole }) : null
    const what = path === null ? '' : `: no value of \`${path}\` satisfies all of it`
    const message = `The condition can never be true${what}. Correct it, or remove the rule.`
    return about(rule, ['rule/contradiction', message], { condition: when })
  }
  const inEnvironments = clausesOf(
    [
      ...formulas,
      { kind: 'test', path: 'environment', test: { is: 'among', values: rule.match.environments ?? [] } },
    ],
    { start: anyRequest(actions), isWhole },
  )
  if (rule.match.environments && inEnvironments.clauses.length === 0) {
    const message =
      'The condition can never be true in the environments that `match` names. Correct one of them, or remove the rule.'
    return about(rule, ['rule/contradiction', message], { condition: when })
  }
  if (
    rule.match.agents &&
    isEmpty(clausesOf([...formulas, isNamed(rule.match.agents)], { start: anyRequest(actions), isWhole }))
  ) {
    const message =
      'The condition can never be true for the agents that `match` names. Correct one of them, or remove the rule.'
    return about(rule, ['rule/contradiction', message], { condition: when })
  }
  const message = when
    ? '`unless` is true whenever `when` is, so it never lets the rule apply. Correct one of them, or remove the rule.'
    : '`unless` is always true, so it never lets the rule apply. Correct it, or remove the rule.'
  return about(rule, ['rule/contradiction', message], { condition: unless })
}

/** A condition of more parts is not looked into. */
const mostParts = 50

/** The first path that every way founders on, when the condition is a plain conjunction. */
function emptyPath(
  rule: RuleLogic['rule'],
  { actions, isWhole }: Pick<RuleLogic, 'actions' | 'isWhole'>,
): string | null {
  const whole = rule.when && formulaOf(rule.when.compiled.tree)
  const parts = whole?.kind === 'and' ? whole.parts : whole ? [whole] : []
  if (parts.length > mostParts) return null
  for (const [index, part] of parts.entries()) {
    const { clauses } = clausesOf(parts.slice(0, index + 1), { start: anyRequest(actions), isWhole })
    if (clauses.length === 0 && part.kind === 'test' && !part.path.startsWith('?')) return part.path
  }
  return null
}
