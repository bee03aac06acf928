import type { Bundle } from '../../policy/bundle.ts'
import { isHeld, type RuleLogic } from '../logic/ruleLogic.ts'
import { callerHints } from './callerHints.ts'
import type { Finding } from './finding.ts'
import { differingMirrors } from './mirror.ts'
import { unboundedAllows } from './unbounded.ts'
import { unreviewedTools } from './unreviewedTools.ts'
import { untiedResources } from './untied.ts'

/**
 * Rules that trust more than they say: a number without a lower limit, the resource that an agent names, what it says of a
 * tool, or that it is the tool that somebody knows, a limit that its mirror does not have. `explained`: rules that never do what they say, which is told already.
 */
export function trusting(
  bundle: Bundle,
  logic: readonly RuleLogic[],
  explained: ReadonlySet<string>,
): readonly Finding[] {
  const running = logic.filter(
    ({ rule, actions }) =>
      !explained.has(rule.id) &&
      !actions.every((action) => isHeld(bundle, bundle.catalogue.get(action)?.effect)),
  )
  return [
    ...unboundedAllows(bundle, running),
    ...untiedResources(bundle, logic),
    ...callerHints(bundle),
    ...unreviewedTools(bundle),
    ...differingMirrors(logic),
  ]
}
