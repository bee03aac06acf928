import { formatDuration } from '../../core/duration.ts'
import { longestGrantSeconds } from '../../core/grant.ts'
import type { GrantTerms } from '../../core/requirement.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { about } from './about.ts'
import { type Finding, lintCodes } from './finding.ts'

const code = 'grant/too-long'

/**
 * Grants that would live longer than any does: what verifies a token without us cannot be told that it has ended. A policy that
 * was activated when a life could be longer goes on, and its grants are cut.
 */
export function grantTimes({ rules, defaults }: Bundle): readonly Finding[] {
  const place = { file: 'bundle.yaml', line: 1, column: 1, rule: null }
  const ofDefaults: readonly Finding[] = isTooLong(defaults.grant)
    ? [
        {
          level: lintCodes[code].level,
          code,
          ...place,
          message: says('The defaults', defaults.grant),
          excerpt: null,
        },
      ]
    : []
  const ofRules = rules.flatMap((rule) => {
    const { demand, breakGlass, inherits } = rule
    const own = demand && !inherits.includes('grant') && isTooLong(demand.grant) ? demand.grant : null
    const path = breakGlass && isTooLong(breakGlass.grant) ? breakGlass.grant : null
    return [
      ...(own ? [about(rule, [code, says('This rule', own)])] : []),
      ...(path ? [about(rule, [code, says('The break-glass path of this rule', path)])] : []),
    ]
  })
  return [...ofDefaults, ...ofRules]
}

function isTooLong({ ttlSeconds }: GrantTerms): boolean {
  return ttlSeconds > longestGrantSeconds
}

function says(who: string, { ttlSeconds }: GrantTerms): string {
  return `${who} lets a grant live for ${formatDuration(ttlSeconds)}, and none lives longer than ${formatDuration(longestGrantSeconds)}: write a shorter \`ttl\`. How long after the approval the grant may be asked for is \`within\`.`
}
