import { administrative } from '../core/action.ts'
import { agentsThrough, type Run } from '../core/chain.ts'
import type { StopScope } from '../core/stop.ts'
import { glob } from './glob.ts'

/** Who asks for what, as far as a stop goes by it: a request, or what is about to become one. */
export interface Stoppable {
  readonly agent: { readonly id: string }
  readonly action: { readonly action: string }
  readonly run: Pick<Run, 'through'> | null
}

/**
 * The oldest of these stops that holds what an agent asks, or null. What only our own commands ask for (a change of the policy, parting
 * people, resuming a stop) is held by none: people decide about it anyway, and what a stop is lifted by must not be stopped.
 */
export function stopOver<T extends { readonly scope: StopScope }>(
  stops: readonly T[],
  about: Stoppable,
): T | null {
  if (stops.length === 0 || administrative.includes(about.action.action)) return null
  return stops.find(({ scope }) => covers(scope, about)) ?? null
}

/**
 * Action names are matched as rules match them. A stop of an agent holds what others were asked through it, too: whoever says that they act for it
 * does so no more than it does.
 */
export function covers(scope: StopScope, about: Stoppable): boolean {
  const { agent, action } = about
  if (administrative.includes(action.action)) return false
  if (scope.kind === 'agent') return scope.agent === agent.id || agentsThrough(about).includes(scope.agent)
  return scope.kind === 'everything' || glob(scope.pattern).fits(action.action)
}
