import type { RuleLogic } from '../logic/ruleLogic.ts'
import type { Probed } from '../probes/probes.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/** What the probes did not show; `explained`: rules about which something more exact has been said already. */
export function unreached(
  logic: readonly RuleLogic[],
  { reached, decisive, untried, tried }: Probed,
  explained: ReadonlySet<string>,
): readonly Finding[] {
  return logic.flatMap(({ rule }): readonly Finding[] => {
    if (explained.has(rule.id)) return []
    if (!reached.has(rule.id)) {
      if (untried.has(rule.id)) return []
      const message = `None of ${tried} requests that were tried makes this rule apply. Check the condition; a test of the policy can show whether it ever does.`
      return [about(rule, ['rule/unreached', message], { condition: rule.when ?? rule.unless })]
    }
    if (rule.mode === 'observe' || decisive.has(rule.id)) return []
    const message = `This rule decides none of ${tried} requests that were tried: wherever it applies, stricter rules do too. Narrow those, or widen this one.`
    return [about(rule, ['rule/never-decisive', message])]
  })
}
