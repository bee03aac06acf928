import type { AnyRequest } from '../core/request.ts'
import { type Consequence, consequenceOf } from './consequence.ts'
import { declaredIn, isGone } from './declared.ts'
import { factsOf } from './facts.ts'
import { nothing, ours, outside, say, strong, type Text, warning } from './span.ts'
import { isolated } from './text.ts'
import type { RequestView } from './view.ts'
import { whyOf } from './why.ts'

/** A rollback that was declared with an action, on the card of that. */
export interface DeclaredContent {
  /** What it is, and by whom it is decided. */
  readonly label: Text
  /** The action, whole; left out where policy denied it, or it was over before people decided. */
  readonly action?: {
    /** What it will do and how bad that can be, as of any action. */
    readonly consequence: Consequence
    /** Why people are asked about it, while they are. */
    readonly why: Text | null
    readonly where: { readonly environment: string; readonly resource: string }
    readonly parameters: readonly string[]
  }
}

/** Where the action does not fit its card, its rollback is in the full view with it. */
export function declaredContent(view: RequestView): { readonly rollback?: DeclaredContent } {
  const one = declaredOf(view)
  if (!one) return {}
  if (one.verdict.kind === 'deny') return { rollback: { label: deniedLabel(one) } }
  if (isGone(view.request, one)) return { rollback: { label: goneLabel(one) } }
  const facts = factsOf(one)
  const how = isJoint(view, one) ? say`decided by the same votes` : say`which policy allows by itself`
  const label = say`${strong`Its rollback`}, ${how}: ${outside(facts.name, 130)} (${ours(one.id)})`
  const where = { environment: isolated(facts.environment), resource: isolated(facts.resource) }
  const drawn = facts.drawn.parameters
  const reasons = whyOf({ request: one })
  const action = {
    // Odd names in it are told with those of the action.
    consequence: consequenceOf({ request: one }, { ...facts, hidden: false }, []),
    why: reasons && say`${reasons.label} ${reasons.says}`,
    where,
    parameters: drawn.length > 0 ? drawn : ['no parameters'],
  }
  return { rollback: { label, action } }
}

/** What follows an approval for the rollback. */
export function rollbackOnApproval(view: RequestView): Text {
  const one = declaredIn(view.request, view.rollbacks)
  if (!one) return nothing
  return isJoint(view, one)
    ? say` When that has run, its rollback may be done, once, exactly as shown.`
    : nothing
}

function deniedLabel({ verdict }: AnyRequest): Text {
  const which = verdict.rules.length > 0 ? say` (rule ${outside(verdict.rules.join(', '), 200)})` : nothing
  return say`${warning} ${strong`There is no rollback`}: the one that was declared is denied by policy${which}.`
}

function goneLabel({ state }: AnyRequest): Text {
  const how =
    state === 'cancelled'
      ? say`the agent cancelled the one that was declared`
      : say`the one that was declared is ${ours(state)}`
  return say`${warning} ${strong`There is no rollback`}: ${how}.`
}

function declaredOf({ request, rollbacks = [] }: RequestView): AnyRequest | undefined {
  const { set } = request
  return set && rollbacks.find((one) => one.set?.id === set.id)
}

function isJoint({ request }: RequestView, { set }: AnyRequest): boolean {
  return set?.card === request.id
}
