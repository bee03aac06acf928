import type { Action } from '../../core/action.ts'
import type { TargetFinding } from '../leases/issuer.ts'

/** What a target expects an action to touch. */
export interface Estimated {
  /** `public.users`: with their schemas, as its catalogue has them. */
  readonly tables: readonly string[]
  /** A whole number; the target's estimate, and not counted. */
  readonly rows: number
}

/**
 * One target that says, before people are asked, what an approved action would touch. It looks and never does: whatever an
 * action says, nothing of it is run there, and nothing is written.
 */
export interface Previewer {
  /** The target's name, as the operator gave it. */
  readonly target: string
  /** Whether the operator lets this action have a preview here. Pure. */
  previews(action: Action): boolean
  /**
   * At most two are asked for at once, on all replicas together. It ends within a few seconds; whoever has less time than that waits no longer, and
   * what comes then is dropped.
   *
   * @throws TargetFault when the target did not answer, Refusal `target_refused` when it, or we, will not say it of this action
   */
  preview(action: Action): Promise<Estimated>
  /**
   * Whether its login can do what a preview needs, and nothing else. Rejects with nothing: what is wrong is a finding, which says
   * `passes` where only nothing answered.
   */
  check(): Promise<readonly TargetFinding[]>
}
