import type { Bundle } from '../../policy/bundle.ts'
import { stepsOf } from '../../policy/conditions/path.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/**
 * Rules that allow because of what the caller says of what it calls, such as `params.read_only_hint`: whoever wants to be
 * allowed says that. Hints are known by their names, as MCP and tools built on it write them.
 */
export function callerHints({ rules }: Bundle): readonly Finding[] {
  return rules
    .filter(({ verdict }) => verdict === 'allow')
    .flatMap((rule) =>
      [rule.when, rule.unless].flatMap((condition) => {
        const hints = [...(condition?.compiled.refs ?? [])].filter(isHint).sort()
        if (hints.length === 0) return []
        const named = hints.map((path) => `\`${path}\``).join(', ')
        const message = `This allows by ${named}, which is the caller's own word: every agent can say it of every tool. Write what you have looked at instead: the names of the server and of its tools.`
        return [about(rule, ['allow/caller-hint', message], { condition })]
      }),
    )
}

/** Whether a path such as `params.read_only_hint` is what a caller says of what it calls. */
export function isHint(path: string): boolean {
  const [root, name = ''] = stepsOf(path)
  return root === 'params' && /(^|[_-])hint$|Hint$/.test(name)
}
