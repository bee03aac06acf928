import { about } from './about.ts'
import type { Finding } from './finding.ts'
import type { Probed } from './probes.ts'
import type { RuleLogic } from './ruleLogic.ts'

/** What the probes did not show; `explained`: rules about which something more exact has been said already. */
export function unreached(
  logic: readonly RuleLogic[],
  { reached, decisive, tried }: Probed,
  explained: ReadonlySet<string>,
): readonly Finding[] {
  return logic.flatMap(({ rule }): readonly Finding[] => {
    if (explained.has(rule.id)) return []
    if (!reached.has(rule.id)) {
      const message = `None of ${tried} requests that were tried makes this rule apply. Check the condition, or write a test that does.`
      return [about(rule, ['rule/unreached', message], { condition: rule.when ?? rule.unless })]
    }
    if (rule.mode === 'observe' || decisive.has(rule.id)) return []
    const message =
      'This rule applies to requests that were tried, and decides none of them: a stricter rule always does. Narrow that one, or remove this one.'
    return [about(rule, ['rule/never-decisive', message])]
  })
}
