import type { Bundle, Rule } from '../../policy/bundle.ts'
import { type Finding, lintCodes } from './finding.ts'

/** A bundle without a list of its environments, whose rules go by the environment: the agent chooses which it meets. */
export function openEnvironments({ environments, rules }: Bundle): readonly Finding[] {
  const one = rules.find(goesByEnvironment)
  if (environments !== null || one === undefined) return []
  const code = 'environments/open'
  const message = `The agent can name any environment, and rules such as "${one.id}" use it: list the ones that exist under \`environments\`, and say in resources.yaml which one a resource is in.`
  const place = { file: 'bundle.yaml', line: 1, column: 1, rule: null }
  return [{ level: lintCodes[code].level, code, ...place, message, excerpt: null }]
}

function goesByEnvironment({ match, when, unless }: Rule): boolean {
  const reads = [when, unless].some((condition) => condition?.compiled.refs.has('environment'))
  return match.environments !== null || reads
}
