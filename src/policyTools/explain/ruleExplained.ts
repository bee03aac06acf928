import type { Json } from '../../core/json.ts'
import type { Rule } from '../../policy/bundle.ts'

/** One part of a condition and what it came to. `skipped`: an earlier part was false, and this one needs it. */
export interface Part {
  readonly of: 'when' | 'unless'
  readonly value: 'true' | 'false' | 'error' | 'skipped'
  readonly source: string
  /** The facts that it reads, as they were; null stands for one that is not there. */
  readonly reads: readonly { readonly path: string; readonly value: Json }[]
}

/** One rule that could apply to the action, and whether it does. */
export interface RuleExplained {
  readonly rule: string
  readonly verdict: Rule['verdict']
  readonly mode: Rule['mode']
  readonly applies: boolean
  /** The environments of its `match`, when the request's is not among them; then nothing was evaluated. */
  readonly otherEnvironments: readonly string[] | null
  /** The same of the agents of its `match`, as they are written. */
  readonly otherAgents: readonly string[] | null
  readonly parts: readonly Part[]
}
