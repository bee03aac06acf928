import { about } from './about.ts'
import { clausesOf } from './clauses.ts'
import type { Finding } from './finding.ts'
import { formulaOf } from './formulaOf.ts'
import { anyRequest, type RuleLogic } from './ruleLogic.ts'

/** Rules that can never apply, whatever the request (policy.md section 9, layer 1). Silent where it is not certain. */
export function contradictions(logic: readonly RuleLogic[]): readonly Finding[] {
  return logic.filter(({ ways }) => ways.complete && ways.clauses.length === 0).map(why)
}

function why({ rule, actions, isWhole }: RuleLogic): Finding {
  const { when, unless } = rule
  const formulas = when ? [formulaOf(when.compiled.tree)] : []
  const alone = clausesOf(formulas, { start: anyRequest(actions), isWhole })
  if (alone.clauses.length === 0) {
    const path = when ? emptyPath(rule, { actions, isWhole }) : null
    const what = path === null ? '' : `: nothing that \`${path}\` can be fits all of it`
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
  const message = when
    ? '`unless` is true whenever `when` is, so the rule never applies. Correct one of them, or remove the rule.'
    : '`unless` is always true, so the rule never applies. Correct it, or remove the rule.'
  return about(rule, ['rule/contradiction', message], { condition: unless })
}

/** The first path that every way founders on, when the condition is a plain conjunction. */
function emptyPath(
  rule: RuleLogic['rule'],
  { actions, isWhole }: Pick<RuleLogic, 'actions' | 'isWhole'>,
): string | null {
  const whole = rule.when && formulaOf(rule.when.compiled.tree)
  const parts = whole?.kind === 'and' ? whole.parts : whole ? [whole] : []
  for (const [index, part] of parts.entries()) {
    const { clauses } = clausesOf(parts.slice(0, index + 1), { start: anyRequest(actions), isWhole })
    if (clauses.length === 0 && part.kind === 'test' && !part.path.startsWith('?')) return part.path
  }
  return null
}
