import type { Rule } from './bundle.ts'

/** What a rule can see of a request. The action's name and effect were already matched by the index (candidates.ts). */
export interface RuleFacts {
  readonly environment: string
}

/** Whether a candidate rule applies. Environments are compared exactly, letter by letter. */
export function fires({ match }: Rule, { environment }: RuleFacts): boolean {
  return match.environments?.includes(environment) ?? true
}
