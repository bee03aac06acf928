import type { Bundle } from '../../policy/bundle.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Rules that allow calls of MCP tools without saying that somebody reviewed the tool as the agent saw it, and knows its arguments: a server
 * can change what a tool of the same name does.
 */
export function unreviewedTools(bundle: Bundle): readonly Finding[] {
  const called = new Set(
    [...bundle.candidates].flatMap(([action, rules]) => (bundle.catalogue.get(action)?.tool ? rules : [])),
  )
  return [...called].flatMap((rule) => {
    // What is there only once the arguments are understood.
    const isReviewed = rule.when?.compiled.implies.whenTrue.has('tool.arguments') ?? false
    if (rule.verdict !== 'allow' || isReviewed) return []
    const message =
      'This allows calls of tools that nobody need have reviewed: a server can change what a tool of the same name does. Begin with tool.understood &&, and say which effects may run.'
    return [about(rule, ['allow/unreviewed-tool', message], { condition: rule.when })]
  })
}
