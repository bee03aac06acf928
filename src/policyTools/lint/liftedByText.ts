import { unboundPath } from '../../policy/allowedByText.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Rules that ask or deny, and leave out what a text says that nobody here executes (a plan, manifests): an agent can send one
 * that gets it past them. The loader refuses the same of rules that allow.
 */
export function liftedByText({ candidates, catalogue, rules }: Bundle): readonly Finding[] {
  return rules.flatMap((rule) => {
    if (rule.verdict === 'allow') return []
    const actions = [...candidates].flatMap(([action, all]) => (all.includes(rule) ? [action] : []))
    return [rule.unless, rule.breakGlass?.when ?? null].flatMap((condition) => {
      const path = condition && unboundPath(condition.compiled.refs, actions, catalogue)
      if (!path) return []
      const message = `What \`${path}\` says lifts this rule, and it is a fact of a text that nobody here executes: an agent can send one that says so. Write into \`when\` what the text says where people have to be asked.`
      return [about(rule, ['strict/lifted-by-text', message], { condition })]
    })
  })
}
