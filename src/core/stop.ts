import type { PersonId } from './identity.ts'

/** What a stop holds: an agent by its id, actions by a pattern as in policies, or everything. */
export type StopScope =
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'action'; readonly pattern: string }
  | { readonly kind: 'everything' }

/** Why an agent may be stopped without anybody's word, where policy says so (docs/policy.md#stop). */
export const stopCauses = ['deviation', 'double_spend'] as const
export type StopCause = (typeof stopCauses)[number]

/** The stop that holds a request which people could otherwise decide about. It is derived, and no state: deadlines go on. */
export interface Held<P extends PersonId = PersonId> {
  /** Id of the stop. */
  readonly stop: string
  readonly scope: StopScope['kind']
  /** Whoever stopped it, in their own words. */
  readonly reason: string
  /** The person who stopped it, or the operator by a command, or the policy. */
  readonly by: { readonly person: P } | 'operator' | 'policy'
  /** RFC 3339, UTC, milliseconds. */
  readonly since: string
}

/** `the agent nightly`, `actions that fit db.*`, `everything`. An agent by its name, where it is known. */
export function saidOf(scope: StopScope, agentName?: string): string {
  if (scope.kind === 'everything') return 'everything'
  if (scope.kind === 'action') return `actions that fit ${scope.pattern}`
  return `the agent ${agentName ?? scope.agent}`
}
